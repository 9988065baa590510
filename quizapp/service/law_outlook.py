"""What importing a law would change: compared with the versions around it, and whom it touches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from quizapp.domain.amendments import Change, align, count_kinds
from quizapp.domain.bank import QuestionVersion
from quizapp.domain.law_text import Article
from quizapp.domain.staleness import Moves
from quizapp.domain.statutes import Law
from quizapp.service.apart import run_apart
from quizapp.service.statutes import Read
from quizapp.service.touched import Touched, find_touched
from quizapp.store import amendments, statutes, touched
from quizapp.store.db import Tx, reading
from quizapp.store.statutes import Shelved


@dataclass(frozen=True, slots=True)
class Step:
    """One version in the place of another. `changes`: empty without the old text.

    `new`: None where the law ends. `amendment_id`: of a step that was compared before and touches
    more questions now, because they cite a version before it; None: a new one.
    """

    old: Law
    new: Law | None
    effective_on: date
    changes: tuple[Change, ...]
    counts: dict[str, int]
    touched: Touched
    amendment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an import would do: `steps` from the version before, to the version after, and beyond.

    `known`: this version as the library has it, `is_known`: with the same text. `citing`: every
    question that cites the law, unless the text is known.
    """

    read: Read
    steps: tuple[Step, ...]
    known: Shelved | None
    is_known: bool
    citing: Sequence[QuestionVersion]

    @property
    def is_corrected(self) -> bool:
        """Say whether the text is known and its name or its day of force is not."""
        law = self.known.law if self.known else None
        return (
            self.is_known
            and law is not None
            and (law.full, law.effective_on) != (self.read.law.full, self.read.law.effective_on)
        )


def preview(read: Read) -> Outlook:
    """Return what the import would do; nothing is written."""
    with reading() as tx:
        return look_ahead(tx, read)


def look_ahead(tx: Tx, read: Read) -> Outlook:
    """Return what the import would do; it takes seconds for a long law."""
    versions = statutes.list_shelved(tx, read.law.short)
    own = next((each for each in versions if each.law.version == read.law.version), None)
    if own is not None and own.sha256 == read.sha256:
        return Outlook(read, (), own, is_known=True, citing=())
    citing = touched.list_citing(tx, read.law.short)
    steps = tuple(_steps(tx, _Case(read, own, versions, citing)))
    return Outlook(read, steps, own, is_known=False, citing=citing)


@dataclass(frozen=True, slots=True)
class _Case:
    """A text that comes in: its version as it is known, all of them, and who cites the law."""

    read: Read
    own: Shelved | None
    versions: Sequence[Shelved]
    citing: Sequence[QuestionVersion]


def _steps(tx: Tx, case: _Case) -> Iterator[Step]:
    """Yield the step from the version before, to the version after, and what follows from them."""
    law, articles, own = case.read.law, case.read.text.articles, case.own
    moves = amendments.find_moves(tx, own.id) if own else None
    steps = 0
    old = find_before(law, case.versions)
    if old is not None and amendments.find_of_old(tx, old.id) is None:
        before = (old.law, statutes.list_articles(tx, old.id))
        step, moves = _compare(before, (law, articles), amendments.find_moves(tx, old.id), case)
        steps += 1
        yield step
    last, new = own, find_after(law, case.versions)
    if new is not None and new.held and not (own and amendments.find_of_old(tx, own.id)):
        after = (new.law, statutes.list_articles(tx, new.id))
        step, moves = _compare((law, articles), after, moves, case)
        steps, last = steps + 1, new
        yield step
    if steps and last is not None and moves is not None:
        yield from _beyond(tx, last, moves, case)


def _compare(
    old: tuple[Law, Sequence[Article]],
    new: tuple[Law, Sequence[Article]],
    earlier: Moves | None,
    case: _Case,
) -> tuple[Step, Moves]:
    """Return the step between two versions, and what it does to citations."""
    changes = run_apart(align, old[1], new[1]) if old[1] else []
    moves = Moves.of(old[0], new[0], changes, earlier)
    found = tuple(run_apart(find_touched, case.citing, moves))
    counts = count_kinds(changes) if changes else {}
    return Step(old[0], new[0], new[0].effective_on, tuple(changes), counts, found), moves


def _beyond(tx: Tx, last: Shelved, moves: Moves, case: _Case) -> Iterator[Step]:
    """Yield the later amendments that now touch what cites a version before them, and whom."""
    at: Shelved | None = last
    while at is not None:
        known = amendments.find_of_old(tx, at.id)
        if known is None:
            return
        moves = Moves.of(known.old, known.new, amendments.list_changes(tx, known.id), moves)
        held = touched.find_held(tx, known.id)
        hit = run_apart(find_touched, case.citing, moves)
        found = tuple(each for each in hit if held.get(each[0].question_id) != each[0].id)
        if found:
            day, counts = known.effective_on, dict(known.counts)
            yield Step(known.old, known.new, day, (), counts, found, known.id)
        at = _version_of(known.new, case.versions)
        if at is not None and amendments.find_into(tx, at.id) != known.id:
            return


def _version_of(law: Law | None, versions: Sequence[Shelved]) -> Shelved | None:
    return next((each for each in versions if law and each.law.version == law.version), None)


def find_before(law: Law, versions: Sequence[Shelved]) -> Shelved | None:
    """Return the newest version that is older; one that ended before this began is none."""
    older = [each for each in versions if each.law.version < law.version]
    last = max(older, key=lambda each: each.law.version, default=None)
    return last if last and _joins(last.law, law) else None


def find_after(law: Law, versions: Sequence[Shelved]) -> Shelved | None:
    """Return the oldest version that is newer; one that began after this had ended is none."""
    newer = [each for each in versions if each.law.version > law.version]
    first = min(newer, key=lambda each: each.law.version, default=None)
    return first if first and _joins(law, first.law) else None


def _joins(old: Law, new: Law) -> bool:
    return old.repealed_on is None or old.repealed_on >= new.effective_on
