"""Training hours after a correction: who passes now is credited, who no longer does is not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from quizapp.domain.corrections import Correction
from quizapp.domain.exams import Exam
from quizapp.domain.ids import OfficerId
from quizapp.domain.training import NEW, ContestResult, Posting, reversal_of
from quizapp.service import training as hours
from quizapp.store import training as ledger
from quizapp.store.db import Tx


def repost_hours(
    tx: Tx,
    exam: Exam,
    passed: Sequence[ContestResult],
    failed: Sequence[OfficerId],
    correction: Correction,
    *,
    by: OfficerId,
    now: datetime,
) -> dict[str, int]:
    """Leave the ledger as the corrected scores have it; return how many postings came and went.

    Who passes now is credited, with the posting of the contest; who no longer passes has it
    reversed. Nothing is edited, and a second call adds nothing.
    """
    held = ledger.list_contest(tx, exam.id, [*(one.officer_id for one in passed), *failed])
    came = 0
    if passed and exam.credit_ch != 0:
        came = ledger.add_postings(tx, _again(held, passed, correction, now=now))
        came += hours.post_contest(tx, exam=exam, results=passed, now=now)
    lost = set(failed)
    reason = correction.draft.reason[:200]
    went = [
        reversal_of(posting, reason=reason, by=by, now=now)
        for posting, stands in held
        if stands and posting.officer_id in lost
    ]
    return {"posted": came, "reversed": ledger.add_postings(tx, went)}


def _again(
    held: Sequence[tuple[Posting, bool]],
    passed: Sequence[ContestResult],
    correction: Correction,
    *,
    now: datetime,
) -> list[Posting]:
    """Return what an earlier correction took back, anew: the same hours, a source of its own."""
    standing = {posting.officer_id for posting, stands in held if stands}
    missing = {one.officer_id for one in passed} - standing
    first: dict[OfficerId, Posting] = {}
    for posting, _ in held:
        if posting.officer_id in missing:
            first.setdefault(posting.officer_id, posting)
    return [
        replace(one, source=f"{one.source}:{correction.id}", posted_at=now, posted_by=None, id=NEW)
        for one in first.values()
    ]
