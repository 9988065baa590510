"""What importing a law would change: compared with the versions around it, and whom it touches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizapp.domain.amendments import Change, align, count_kinds
from quizapp.domain.bank import QuestionVersion
from quizapp.domain.law_text import Article
from quizapp.domain.staleness import Moves, Touch
from quizapp.domain.statutes import Law
from quizapp.service.apart import run_apart
from quizapp.service.statutes import Read
from quizapp.service.touched import find_touched
from quizapp.store import amendments, statutes
from quizapp.store.db import Tx, reading
from quizapp.store.statutes import Shelved


@dataclass(frozen=True, slots=True)
class Step:
    """One version in the place of another. `changes`: empty without the old text.

    `touched`: exactly the questions whose cited words or places change, by code.
    """

    old: Law
    new: Law
    changes: tuple[Change, ...]
    counts: dict[str, int]
    touched: tuple[tuple[QuestionVersion, tuple[Touch, ...]], ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an import would do: `steps` from the version before, and to the version after.

    `known`: this version as the library has it, `is_known`: with the same text.
    """

    read: Read
    steps: tuple[Step, ...]
    known: Shelved | None
    is_known: bool

    @property
    def is_corrected(self) -> bool:
        """Say whether the text is known and its name or its day of force is not."""
        law = self.known.law if self.known else None
        return (
            self.is_known
            and law is not None
            and (law.full, law.effective_on) != (self.read.law.full, self.read.law.effective_on)
        )

    @property
    def touched(self) -> tuple[tuple[QuestionVersion, tuple[Touch, ...]], ...]:
        """All questions that go on a work list."""
        return tuple(each for step in self.steps for each in step.touched)


def preview(read: Read) -> Outlook:
    """Return what the import would do; nothing is written."""
    with reading() as tx:
        return look_ahead(tx, read)


def look_ahead(tx: Tx, read: Read) -> Outlook:
    """Return what the import would do, within a transaction that may go on to do it."""
    versions = statutes.list_shelved(tx, read.law.short)
    own = next((each for each in versions if each.law.version == read.law.version), None)
    is_known = own is not None and own.sha256 == read.sha256
    steps = [] if is_known else [*_from_before(tx, read, versions), *_to_after(tx, read, versions)]
    return Outlook(read, tuple(steps), own, is_known)


def _from_before(tx: Tx, read: Read, versions: Sequence[Shelved]) -> Iterator[Step]:
    """Yield the step from the newest older version, unless that has been compared before."""
    old = find_before(read.law, versions)
    if old is not None and amendments.find_of_old(tx, old.id) is None:
        before = statutes.list_articles(tx, old.id)
        earlier = amendments.find_moves(tx, old.id)
        yield _step(tx, (old.law, before), (read.law, read.text.articles), earlier)


def _to_after(tx: Tx, read: Read, versions: Sequence[Shelved]) -> Iterator[Step]:
    """Yield the step to the oldest newer version with a text: an older text may come late."""
    new = find_after(read.law, versions)
    own = next((each for each in versions if each.law.version == read.law.version), None)
    if new is None or not new.held or (own and amendments.find_of_old(tx, own.id)):
        return
    after = statutes.list_articles(tx, new.id)
    yield _step(tx, (read.law, read.text.articles), (new.law, after), None)


def _step(
    tx: Tx,
    old: tuple[Law, Sequence[Article]],
    new: tuple[Law, Sequence[Article]],
    earlier: Moves | None,
) -> Step:
    changes = run_apart(align, old[1], new[1]) if old[1] else []
    found = find_touched(tx, Moves.of(old[0], new[0], changes, earlier))
    counts = count_kinds(changes) if changes else {}
    return Step(old[0], new[0], tuple(changes), counts, tuple(found))


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
