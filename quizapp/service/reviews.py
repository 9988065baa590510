"""法制审核: each step of a question, taken by those who may, recorded in the journal."""

from dataclasses import dataclass
from datetime import datetime

from quizapp.domain.drafts import check_sound
from quizapp.domain.errors import Conflict, Invalid, NotAllowed
from quizapp.domain.people import Viewer
from quizapp.domain.reviews import (
    NOTE_LENGTH,
    Comment,
    Request,
    Step,
    check_note,
    check_other_eyes,
    check_step,
    steps_from,
)
from quizapp.domain.scopes import scope_above
from quizapp.domain.text import Text
from quizapp.service.desk import (
    check_readable,
    check_writable,
    lock_question,
    may_write,
    name_of_scope,
    place_of_scope,
)
from quizapp.service.editing import QuestionChanged
from quizapp.store import bank, bank_search, editing, faults, journal, places, reviews
from quizapp.store.bank_search import History
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.editing import Kept
from quizapp.store.faults import Fault


@dataclass(frozen=True, slots=True)
class Folder:
    """All about one question: versions, steps the viewer may take, reviews, words, reports."""

    history: History
    bank: Text
    may_write: bool
    is_author: bool
    steps: list[Step]
    requests: list[Request]
    comments: list[Comment]
    faults: list[Fault]
    reviewers: list[tuple[int, str]]
    nominated_to: str | None
    may_nominate: bool
    may_promote: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A question in the queue. `is_mine`: it was handed to this reviewer by name."""

    code: str
    stem: str
    bank: Text
    request: Request
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Queue:
    """What a reviewer has to do: what others wrote, own work that waits, and nominations."""

    to_review: list[Waiting]
    own: list[Waiting]
    nominated: list[tuple[str, str, Text]]


def open_folder(viewer: Viewer, code: str) -> Folder:
    """Return all about a question. Raises NotFound("question_not_found")."""
    with reading() as tx:
        kept = editing.get_kept(tx, code)
        check_readable(tx, viewer, kept.scope)
        writes = may_write(tx, viewer, kept.scope)
        is_author = viewer.officer_id in reviews.list_authors(tx, kept.id)
        target = kept.nominated_to
        return Folder(
            history=bank_search.get_history(tx, code),
            bank=name_of_scope(tx, kept.scope),
            may_write=writes,
            is_author=is_author,
            steps=steps_from(kept.state, is_author=is_author) if writes else [],
            requests=reviews.list_requests(tx, kept.id),
            comments=reviews.list_comments(tx, kept.id),
            faults=faults.list_of_question(tx, kept.id) if writes else [],
            reviewers=_reviewers(tx, viewer, kept) if writes else [],
            nominated_to=target,
            may_nominate=writes and target is None and _above(tx, kept) is not None
            and kept.state == "published",
            may_promote=target is not None and not is_author and may_write(tx, viewer, target),
        )  # fmt: skip


def _reviewers(tx: Tx, viewer: Viewer, kept: Kept) -> list[tuple[int, str]]:
    """Return the trainers who may review: scope covers the bank, and they wrote none of it."""
    place = place_of_scope(tx, kept.scope)
    authors = reviews.list_authors(tx, kept.id) | {viewer.officer_id}
    return [
        (officer_id, name)
        for officer_id, name, grant in reviews.list_trainers(tx)
        if grant.covers(place) and officer_id not in authors
    ]


def take_step(
    viewer: Viewer,
    code: str,
    key: str,
    *,
    version: int,
    note: str = "",
    reviewer_id: int | None = None,
    law_checked: bool = False,
    now: datetime,
) -> str:
    """Take a step with the version the viewer saw; return the state the question is in now.

    `law_checked`: the reviewer confirms that key and citation agree with the law in force; no
    approval without it. Raises QuestionChanged, OwnWork, QuestionUnsound,
    Conflict("step_not_possible"), NotAllowed, Invalid("law_not_checked" | "unknown_step" |
    "note_missing" | "too_long" | "unknown_reviewer").
    """
    with transaction() as tx:
        kept = lock_question(tx, viewer, code)
        step = check_step(key, kept.state)
        note = check_note(step, note)
        if kept.version.version != version:
            raise QuestionChanged
        check_other_eyes(step, viewer.officer_id, reviews.list_authors(tx, kept.id))
        if step.key == "approve" and not law_checked:
            raise Invalid("law_not_checked")
        if step.ends in ("in_review", "published"):
            question, as_of = kept.version.question, kept.version.as_of
            check_sound(question, code, bank.list_laws(tx), as_of=as_of)
        _record(tx, viewer, kept, step, note=note, reviewer_id=reviewer_id, now=now)
        editing.put_state(tx, kept.id, step.ends)
        facts = {"version": version, "before": kept.state, "after": step.ends, "note": note}
        if step.key == "approve":
            facts |= {"legal_review": True, "as_of": kept.version.as_of.isoformat()}
        journal.add_entry(
            tx, f"question.{key}", f"question:{code}", facts, actor_id=viewer.officer_id, now=now
        )
    return step.ends


def _record(
    tx: Tx,
    viewer: Viewer,
    kept: Kept,
    step: Step,
    *,
    note: str,
    reviewer_id: int | None,
    now: datetime,
) -> None:
    me = viewer.officer_id
    if step.ends == "in_review":
        if reviewer_id is not None and reviewer_id not in dict(_reviewers(tx, viewer, kept)):
            raise Invalid("unknown_reviewer")
        reviews.add_request(
            tx, kept.id, kept.version.id, asked_by=me, reviewer_id=reviewer_id, now=now
        )
    elif kept.state == "in_review":
        reviews.close_request(tx, kept.id, step.key, decided_by=me, note=note, now=now)
    if step.key == "approve":
        reviews.put_reviewer(tx, kept.version.id, me, viewer.name)


def say(viewer: Viewer, code: str, text: str, *, now: datetime) -> None:
    """Keep a comment on the current version; whoever may read the question may comment.

    Raises Invalid("comment_missing" | "too_long").
    """
    text = text.strip()
    if not text:
        raise Invalid("comment_missing")
    if len(text) > NOTE_LENGTH:
        raise Invalid("too_long")
    with transaction() as tx:
        kept = editing.get_kept(tx, code)
        check_readable(tx, viewer, kept.scope)
        reviews.add_comment(tx, kept.id, kept.version.id, viewer.officer_id, text, now=now)


def list_queue(viewer: Viewer) -> Queue:
    """Return the viewer's queue: handed over by name first, then by age; own work apart."""
    with reading() as tx:
        scopes = [scope for scope in editing.list_scopes(tx) if may_write(tx, viewer, scope)]
        names = {scope: name_of_scope(tx, scope) for scope in scopes}
        rows = [
            (Waiting(code, stem, names[scope], request, request.reviewer_id == viewer.officer_id),
             viewer.officer_id in reviews.list_authors(tx, request.question_id))
            for code, scope, stem, request in reviews.list_waiting(tx, scopes)
        ]  # fmt: skip
        nominated = [
            (code, stem, name_of_scope(tx, scope))
            for code, scope, stem in editing.list_nominated(tx, scopes_below(tx, viewer))
        ]
    to_review = [
        row
        for row, is_own in rows
        if not is_own and (row.is_mine or row.request.reviewer_id is None)
    ]
    to_review.sort(key=lambda row: not row.is_mine)
    return Queue(to_review, [row for row, is_own in rows if is_own], nominated)


def scopes_below(tx: Tx, viewer: Viewer) -> list[str]:
    """Return the scopes into which a trainer may promote questions."""
    return [scope for scope in editing.list_nominations(tx) if may_write(tx, viewer, scope)]


def _above(tx: Tx, kept: Kept) -> str | None:
    place = place_of_scope(tx, kept.scope)
    return scope_above(place, [unit.place for unit in places.list_units(tx)])


def nominate(viewer: Viewer, code: str, *, now: datetime) -> str:
    """Propose a published question for the bank above; return that scope.

    Raises Conflict("nothing_above" | "step_not_possible"), NotAllowed.
    """
    with transaction() as tx:
        kept = lock_question(tx, viewer, code)
        target = _above(tx, kept)
        if target is None:
            raise Conflict("nothing_above")
        if kept.state != "published" or kept.nominated_to:
            raise Conflict("step_not_possible")
        editing.put_nomination(tx, kept.id, target)
        _enter(tx, "question.nominated", kept, {"to": target}, viewer=viewer, now=now)
    return target


def settle_nomination(viewer: Viewer, code: str, *, accept: bool, now: datetime) -> None:
    """Take a nominated question into the bank above, keeping its author and versions, or decline.

    The trainer above reads it as a second person. Raises Conflict("not_nominated"), NotAllowed
    ("out_of_scope" | "own_work").
    """
    with transaction() as tx:
        kept = editing.get_kept(tx, code, lock=True)
        if kept.nominated_to is None:
            raise Conflict("not_nominated")
        check_writable(tx, viewer, kept.nominated_to)
        if viewer.officer_id in reviews.list_authors(tx, kept.id):
            raise NotAllowed("own_work")
        facts = {"from": kept.scope, "to": kept.nominated_to, "version": kept.version.version}
        if accept:
            editing.put_scope(tx, kept.id, kept.nominated_to)
        else:
            editing.put_nomination(tx, kept.id, None)
        action = "question.promoted" if accept else "question.not_promoted"
        _enter(tx, action, kept, facts, viewer=viewer, now=now)


def _enter(
    tx: Tx, action: str, kept: Kept, facts: dict[str, object], *, viewer: Viewer, now: datetime
) -> None:
    journal.add_entry(
        tx, action, f"question:{kept.code}", facts, actor_id=viewer.officer_id, now=now
    )
