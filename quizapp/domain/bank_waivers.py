"""Findings that a named reason excuses, and excuses that excuse nothing."""

from collections.abc import Sequence

from quizapp.domain.bank_entries import Bank, written_in
from quizapp.domain.bank_findings import CHECKS, WHOLE, Finding


def unwaived(bank: Bank, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that no waiver excuses, then what is wrong with the waivers themselves.

    A waiver of a check unknown here belongs to the check against the statute texts: only its id
    is looked at.
    """
    waived = {(waiver.code, waiver.check) for waiver in bank.waivers}
    met = {(finding.code, finding.check) for finding in findings}
    known = {WHOLE} | {each.code for entry in bank.entries for each in written_in(entry)}
    left = [finding for finding in findings if (finding.code, finding.check) not in waived]
    for waiver in bank.waivers:
        if waiver.code not in known:
            check = "waiver_unknown"
        elif waiver.check in CHECKS and (waiver.code, waiver.check) not in met:
            check = "waiver_unused"
        else:
            continue
        left.append(Finding(waiver.file, waiver.line, waiver.code, check, {"check": waiver.check}))
    return left
