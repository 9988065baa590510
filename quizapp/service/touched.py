"""Which questions an amendment touches: when it comes, and whenever a question is published."""

from collections.abc import Iterable, Sequence
from datetime import date

from quizapp.domain.bank import QuestionVersion
from quizapp.domain.staleness import Moves, Touch, touches
from quizapp.store import amendments, bank, fitting, touched
from quizapp.store.db import Tx

Touched = Sequence[tuple[QuestionVersion, tuple[Touch, ...]]]
"""Questions with what is touched of each."""


def find_touched(citing: Iterable[QuestionVersion], moves: Moves) -> Touched:
    """Return those of these questions whose cited words or places change, in their order."""
    found = ((version, tuple(touches(version.question, moves))) for version in citing)
    return [(version, hits) for version, hits in found if hits]


def follow(tx: Tx, codes: Iterable[str], *, on: date) -> int:
    """Check what has just been published against every amendment known; return how many it hits.

    A wording that still cites what an amendment changed goes on its work list, in the place of
    the wording before it. One that cites a law not yet in force (`on`: today) serves from that
    day on; until then the wording before it does.
    """
    versions = touched.list_current(tx, codes)
    known = amendments.list_amendments(tx) if versions else []
    moves: dict[int, Moves] = {}
    hit = 0
    for version in versions:
        cited = touched.laws_cited(version)
        for each in known:
            if each.old.short not in cited:
                continue
            if each.id not in moves:
                moves[each.id] = amendments.get_moves(tx, each.id)
            found = touches(version.question, moves[each.id])
            if found:
                touched.put_item(tx, each.id, each.effective_on, version, found)
                hit += 1
    wait_for_force(tx, versions, on=on)
    return hit


def wait_for_force(tx: Tx, versions: Sequence[QuestionVersion], *, on: date) -> None:
    """Let what cites a law not yet in force (`on`: today) serve from its day on."""
    coming = {
        (law.short, law.version): law.effective_on
        for law in (bank.list_laws(tx) if versions else [])
        if law.effective_on > on
    }
    for version in versions:
        whole = (version.question, *version.question.parts)
        cited = {(c.law, c.version) for each in whole for c in each.citations}
        days = [day for (short, at), day in coming.items() if (short, at) in cited]
        if days:
            fitting.put_fit_from(tx, version.id, max(days))
