"""法制审核: each step of a question, taken by those who may, recorded in the journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from quizapp.domain.clock import civil_date
from quizapp.domain.drafts import check_sound
from quizapp.domain.errors import Invalid
from quizapp.domain.people import Viewer
from quizapp.domain.reviews import (
    NOTE_LENGTH,
    STEPS,
    Comment,
    Deed,
    Request,
    Step,
    check_note,
    check_other_eyes,
    check_step,
    steps_from,
)
from quizapp.domain.statutes import Law
from quizapp.domain.text import Text
from quizapp.service.desk import (
    lock_question,
    may_write,
    name_of_scope,
    place_of_scope,
    reach_in,
)
from quizapp.service.editing import QuestionChanged
from quizapp.service.promotion import scope_above_of
from quizapp.service.touched import follow
from quizapp.store import bank, bank_search, editing, faults, journal, reviews
from quizapp.store.bank_search import History
from quizapp.store.db import Tx, reading, transaction
from quizapp.store.editing import Kept
from quizapp.store.faults import Fault


@dataclass(frozen=True, slots=True)
class Folder:
    """All about one question: versions, steps the viewer may take, reviews, words, deeds.

    Who may not write in its bank sees the versions it has issued and nothing else.
    """

    history: History
    bank: Text
    may_write: bool
    is_author: bool
    steps: list[Step]
    requests: list[Request]
    comments: list[Comment]
    faults: list[Fault]
    deeds: list[Deed]
    reviewers: list[tuple[int, str]]
    nominated_to: str | None
    may_nominate: bool
    may_promote: bool


def open_folder(viewer: Viewer, code: str) -> Folder:
    """Return all about a question. Raises NotFound("question_not_found")."""
    with reading() as tx:
        history = bank_search.get_history(tx, code, reach_in(tx, viewer))
        kept = editing.get_kept(tx, code)
        writes = may_write(tx, viewer, kept.scope)
        is_author = viewer.officer_id in reviews.list_authors(tx, kept.id)
        target = kept.nominated_to if writes else None
        return Folder(
            history=history,
            bank=name_of_scope(tx, kept.scope),
            may_write=writes,
            is_author=is_author,
            steps=steps_from(kept.state, is_author=is_author) if writes else [],
            requests=reviews.list_requests(tx, kept.id) if writes else [],
            comments=reviews.list_comments(tx, kept.id) if writes else [],
            faults=faults.list_of_question(tx, kept.id) if writes else [],
            deeds=reviews.list_deeds(tx, code) if writes else [],
            reviewers=_reviewers(tx, viewer, kept) if writes else [],
            nominated_to=target,
            may_nominate=writes and target is None and scope_above_of(tx, kept) is not None
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
        advance(
            tx, viewer, kept, step, bank.list_laws(tx), note=note, reviewer_id=reviewer_id, now=now
        )
    return step.ends


def advance(
    tx: Tx,
    viewer: Viewer,
    kept: Kept,
    step: Step,
    laws: Sequence[Law],
    *,
    note: str = "",
    reviewer_id: int | None = None,
    now: datetime,
) -> None:
    """Let a locked question take a step that the viewer may take; the journal has it.

    Raises QuestionUnsound where it would go on to review or paper, Invalid("unknown_reviewer").
    """
    version = kept.version
    if step.ends in ("in_review", "published"):
        check_sound(version.question, kept.code, laws, as_of=version.as_of)
    _record(tx, viewer, kept, step, note=note, reviewer_id=reviewer_id, now=now)
    editing.put_state(tx, kept.id, step.ends)
    if step.ends == "published":
        follow(tx, [kept.code], on=civil_date(now))
    facts = _facts(kept, step, note)
    if step.key == "approve":
        facts |= {"legal_review": True, "as_of": version.as_of.isoformat()}
    subject = f"question:{kept.code}"
    journal.add_entry(
        tx, f"question.{step.key}", subject, facts, actor_id=viewer.officer_id, now=now
    )


def submit_all(
    tx: Tx, viewer: Viewer, sound: Sequence[Kept], *, reviewer_id: int | None, now: datetime
) -> None:
    """Let locked drafts of one bank, found sound, wait for their review; the journal has each.

    Raises Invalid("unknown_reviewer").
    """
    if not sound:
        return
    me, ids = viewer.officer_id, [kept.id for kept in sound]
    if reviewer_id is not None and (
        reviewer_id not in dict(_reviewers(tx, viewer, sound[0]))
        or reviews.wrote_any(tx, reviewer_id, ids)
    ):
        raise Invalid("unknown_reviewer")
    waiting = [(kept.id, kept.version.id) for kept in sound]
    reviews.add_requests(tx, waiting, asked_by=me, reviewer_id=reviewer_id, now=now)
    step = STEPS["submit"]
    editing.put_states(tx, ids, step.ends)
    entries = [(f"question:{kept.code}", _facts(kept, step)) for kept in sound]
    journal.add_entries(tx, f"question.{step.key}", entries, actor_id=me, now=now)


def _facts(kept: Kept, step: Step, note: str = "") -> dict[str, object]:
    version = kept.version.version
    return {"version": version, "before": kept.state, "after": step.ends, "note": note}


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
        reviews.close_requests(tx, [kept.id], step.key, decided_by=me, note=note, now=now)
    if step.key == "approve":
        reviews.put_reviewer(tx, kept.version.id, me, viewer.name)


def say(viewer: Viewer, code: str, text: str, *, now: datetime) -> None:
    """Keep a comment on the current version.

    Raises Invalid("comment_missing" | "too_long"), NotFound, NotAllowed("out_of_scope").
    """
    text = text.strip()
    if not text:
        raise Invalid("comment_missing")
    if len(text) > NOTE_LENGTH:
        raise Invalid("too_long")
    with transaction() as tx:
        kept = lock_question(tx, viewer, code)
        reviews.add_comment(tx, kept.id, kept.version.id, viewer.officer_id, text, now=now)
