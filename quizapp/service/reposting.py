"""Training hours after a correction: who passes now is credited, who no longer does is not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from quizapp.domain.corrections import Correction
from quizapp.domain.exams import Exam
from quizapp.domain.ids import OfficerId
from quizapp.domain.standings import Best
from quizapp.domain.training import NEW, ContestResult, Posting, reversal_of
from quizapp.service import training as hours
from quizapp.service.moved import Moves
from quizapp.store import training as ledger
from quizapp.store.db import Tx


def repost_hours(
    tx: Tx, exam: Exam, moves: Moves, correction: Correction, *, by: OfficerId, now: datetime
) -> dict[str, int]:
    """Leave the ledger as the corrected scores have it; return how many postings came and went.

    Who passes now is credited, with the posting of the contest; who no longer passes has it
    reversed. Nothing is edited. Runs inside the transaction that changes the scores.
    """
    line = exam.pass_line_cp
    passed = [b for o, b in moves.after.items() if moves.before[o].score_cp < line <= b.score_cp]
    failed = [b for o, b in moves.after.items() if b.score_cp < line <= moves.before[o].score_cp]
    held = ledger.list_contest(tx, exam.id, [best.officer_id for best in (*passed, *failed)])
    came = 0
    if passed and exam.credit_ch != 0:
        came = ledger.add_postings(tx, _again(held, passed, correction, now=now))
        came += hours.post_contest(tx, exam=exam, results=[_result(b) for b in passed], now=now)
    lost = {best.officer_id for best in failed}
    reason = correction.draft.reason[:200]
    went = [
        reversal_of(posting, reason=reason, by=by, now=now)
        for posting, stands in held
        if stands and posting.officer_id in lost
    ]
    return {"posted": came, "reversed": ledger.add_postings(tx, went)}


def _again(
    held: Sequence[tuple[Posting, bool]],
    passed: Sequence[Best],
    correction: Correction,
    *,
    now: datetime,
) -> list[Posting]:
    """Return what an earlier correction took back, anew: the same hours, a source of its own."""
    standing = {posting.officer_id for posting, stands in held if stands}
    missing = {best.officer_id for best in passed} - standing
    first: dict[OfficerId, Posting] = {}
    for posting, _ in held:
        if posting.officer_id in missing:
            first.setdefault(posting.officer_id, posting)
    return [
        replace(one, source=f"{one.source}:{correction.id}", posted_at=now, posted_by=None, id=NEW)
        for one in first.values()
    ]


def _result(best: Best) -> ContestResult:
    return ContestResult(
        officer_id=best.officer_id,
        unit_id=best.unit_id,
        scoring_unit_id=best.scoring_unit_id,
        submitted_at=best.submitted_at,
        duration_s=best.duration_s,
        passed=True,
    )
