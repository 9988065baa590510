"""Writing questions: new ones as drafts, every edit a new version; likeness and faults at once."""

from dataclasses import dataclass
from datetime import date, datetime

from quizapp.domain.bank import Question, QuestionVersion
from quizapp.domain.bank_findings import Finding
from quizapp.domain.bank_likeness import jaccard, pieces_of
from quizapp.domain.clock import civil_date
from quizapp.domain.differences import Change, compare
from quizapp.domain.drafts import check_kept, findings_of
from quizapp.domain.errors import Conflict, Invalid, NotFound
from quizapp.domain.people import Viewer
from quizapp.domain.scopes import Reach
from quizapp.domain.statutes import Law
from quizapp.domain.text import Text
from quizapp.service.desk import (
    check_readable,
    check_writable,
    lock_question,
    reach_in,
    writable_scopes,
)
from quizapp.store import bank, bank_search, editing, journal, pictures, reviews
from quizapp.store.db import Tx, dialect, reading, transaction
from quizapp.store.drafts import NewVersion, add_drafts, ready_drafts, version_row
from quizapp.store.memory import Memory

ALIKE = 0.6
"""Two questions so alike (Jaccard of three-character pieces) are worth a second look."""
MOST_ALIKE = 5
PIECES_KEPT = 20_000
NOTE_LENGTH = 200
_PIECES: Memory[int, frozenset[str]] = Memory(PIECES_KEPT)


class QuestionChanged(Conflict):
    """Somebody else saved a newer version meanwhile."""

    code = "question_changed"


@dataclass(frozen=True, slots=True)
class WritingDesk:
    """What the form of a question may choose from."""

    scopes: list[tuple[str, Text]]
    laws: list[Law]
    topics: list[str]


@dataclass(frozen=True, slots=True)
class Alike:
    """A question that says nearly the same. `share_pct`: whole per cent."""

    code: str
    stem: str
    share_pct: int


@dataclass(frozen=True, slots=True)
class Advice:
    """What a page says beside the form: faults, doubts, and questions like this one."""

    findings: list[Finding]
    alike: list[Alike]


def lay_desk(viewer: Viewer) -> WritingDesk:
    """Return the banks in which the trainer writes, the laws and the topics there are."""
    with reading() as tx:
        topics = bank_search.list_topics(tx, reach_in(tx, viewer))
        return WritingDesk(writable_scopes(viewer), bank.list_laws(tx), topics)


def create(
    viewer: Viewer, scope: str, question: Question, *, as_of: date, note: str, now: datetime
) -> str:
    """Add a question as a draft of that bank; return its code.

    Raises what `check_kept` raises, Invalid("unknown_scope"), NotAllowed("out_of_scope").
    """
    new = _new_version(viewer, question, as_of, note, now)
    with transaction() as tx:
        check_writable(tx, viewer, scope)
        _check_picture(tx, viewer, question)
        ready = ready_drafts(scope, [version_row(new, now)], dialect=dialect(), now=now)
        ((_, code),) = add_drafts(tx, ready)
        facts = {"version": 1, "scope": scope}
        _enter(tx, "question.written", code, facts, viewer, now=now)
    return code


def edit(
    viewer: Viewer,
    code: str,
    question: Question,
    *,
    base_version: int,
    as_of: date,
    note: str,
    now: datetime,
) -> int:
    """Keep a new version as a draft; return its number. Papers drawn before keep the old one.

    Nothing is written when nothing differs. A question in review goes back to draft.
    Raises QuestionChanged, Conflict("step_not_possible") for a retired one, and what `create` does.
    """
    new = _new_version(viewer, question, as_of, note, now)
    with transaction() as tx:
        kept = lock_question(tx, viewer, code)
        if kept.state == "retired":
            raise Conflict("step_not_possible")
        if kept.version.version != base_version:
            raise QuestionChanged
        if kept.version.question == question and kept.version.as_of == as_of:
            return base_version
        _check_picture(tx, viewer, question)
        reviews.close_requests(
            tx, [kept.id], "edit", decided_by=viewer.officer_id, note=new.note, now=now
        )
        version = editing.add_version(tx, kept, new, state="draft", now=now)
        facts = {"version": version.version, "before": kept.state, "note": new.note}
        _enter(tx, "question.edited", code, facts, viewer, now=now)
    return version.version


def _new_version(
    viewer: Viewer, question: Question, as_of: date, note: str, now: datetime
) -> NewVersion:
    check_kept(question)
    if len(note) > NOTE_LENGTH or not note.isprintable():
        raise Invalid("too_long")
    if as_of > civil_date(now):
        raise Invalid("as_of_in_future")
    return NewVersion(question, as_of, viewer.name, viewer.officer_id, note)


def _check_picture(tx: Tx, viewer: Viewer, question: Question) -> None:
    """Pass only a picture that the trainer sees. Raises NotFound("picture_not_found")."""
    if question.picture:
        pictures.get_read(tx, question.picture.id, reach_in(tx, viewer), viewer.officer_id)


def _enter(
    tx: Tx, action: str, code: str, facts: dict[str, object], viewer: Viewer, *, now: datetime
) -> None:
    journal.add_entry(tx, action, f"question:{code}", facts, actor_id=viewer.officer_id, now=now)


def get_current(viewer: Viewer, code: str) -> QuestionVersion:
    """Return the current version of a question the trainer may read. Raises NotFound."""
    with reading() as tx:
        kept = editing.get_kept(tx, code)
        check_readable(tx, viewer, kept)
    return kept.version


def open_for_edit(viewer: Viewer, code: str) -> QuestionVersion:
    """Return the current version of a question the trainer may change.

    Raises NotFound, NotAllowed("out_of_scope"), Conflict("step_not_possible") for a retired one.
    """
    with reading() as tx:
        kept = editing.get_kept(tx, code)
        check_readable(tx, viewer, kept)
        check_writable(tx, viewer, kept.scope)
    if kept.state == "retired":
        raise Conflict("step_not_possible")
    return kept.version


def advise(viewer: Viewer, question: Question, code: str, *, as_of: date) -> Advice:
    """Return faults and doubts, and the questions most like this one, most alike first."""
    with reading() as tx:
        laws = bank.list_laws(tx)
        alike = _find_alike(tx, question, code, reach_in(tx, viewer))
    return Advice(findings_of(question, code, laws, as_of=as_of), alike)


def words_of(question: Question) -> str:
    """Return all words of a question by which it may be like another."""
    own = [question.stem, *question.options]
    return "".join([*own, *(words_of(part) for part in question.parts)])


def _find_alike(tx: Tx, question: Question, code: str, reach: Reach) -> list[Alike]:
    wanted = pieces_of(words_of(question))
    codes = editing.list_current(tx, reach)
    missing = [version_id for version_id in codes if _PIECES.find(version_id) is None]
    for at in range(0, len(missing), 500):
        for version_id, version in bank.get_versions(tx, missing[at : at + 500]).items():
            _PIECES.put(version_id, pieces_of(words_of(version.question)))
    shares = [
        (jaccard(wanted, known), version_id)
        for version_id, other in codes.items()
        if other != code and (known := _PIECES.find(version_id)) is not None
    ]
    best = sorted((pair for pair in shares if pair[0] >= ALIKE), reverse=True)[:MOST_ALIKE]
    versions = bank.get_versions(tx, [version_id for _, version_id in best])
    return [
        Alike(codes[version_id], versions[version_id].question.stem, int(share * 100))
        for share, version_id in best
    ]


def compare_versions(
    viewer: Viewer, code: str, older: int, newer: int
) -> tuple[QuestionVersion, QuestionVersion, list[Change]]:
    """Return two versions of a question and what differs.

    Raises NotFound("question_not_found" | "question_version_not_found").
    """
    with reading() as tx:
        history = bank_search.get_history(tx, code, reach_in(tx, viewer))
    by_number = {version.version: version for version in history.versions}
    if older not in by_number or newer not in by_number:
        raise NotFound("question_version_not_found")
    one, other = by_number[older], by_number[newer]
    return one, other, compare(one.question, other.question)
