"""The question a correction is about, in the bank: what stands there now, and how it is mended."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from quizapp.domain.bank import Question
from quizapp.domain.corrections import RULINGS, Correction, Draft, with_answer
from quizapp.domain.errors import Invalid, NotFound
from quizapp.domain.ids import OfficerId
from quizapp.domain.people import Viewer
from quizapp.domain.text import Text
from quizapp.service.desk import check_readable, may_write, place_of_scope
from quizapp.store import bank, corrections, editing, journal, reviews
from quizapp.store.db import Tx, reading
from quizapp.store.editing import Kept

NOTE_MAX = 200
MENDED = {
    "stale": Text("题库中仍是原答案", "The bank still has the old key"),
    "edited": Text("题库中已改，待审核", "Edited in the bank, waits for its review"),
    "suspended": Text("题库中已暂停使用", "Suspended in the bank"),
    "retired": Text("题库中已停用", "Retired in the bank"),
    "mended": Text("题库中已改正并发布", "Mended and published in the bank"),
}
"""How far the bank has followed a correction."""


@dataclass(frozen=True, slots=True)
class InBank:
    """The question as the bank has it. `may_edit`, `may_suspend`: what this reader may do."""

    code: str
    version: int
    mended: str
    may_edit: bool
    may_suspend: bool


def in_bank(tx: Tx, viewer: Viewer, code: str, version_id: int) -> InBank:
    """Return what has become of the question since the version that was corrected."""
    kept = editing.get_kept(tx, code)
    place = place_of_scope(tx, kept.scope)
    mended = mended_of(kept, version_id)
    return InBank(
        kept.code,
        kept.version.version,
        mended,
        may_edit=may_write(tx, viewer, kept.scope),
        may_suspend=mended == "stale"
        and kept.state == "published"
        and (viewer.may("organizer", place) or viewer.may("trainer", place)),
    )


def mended_of(kept: Kept, version_id: int) -> str:
    """Return a key of MENDED."""
    if kept.state in ("suspended", "retired"):
        return kept.state
    if kept.version.id == version_id:
        return "stale"
    return "mended" if kept.state == "published" else "edited"


def list_mended(tx: Tx, found: Iterable[tuple[str, int]]) -> dict[str, str]:
    """Return by code how far the bank has followed; of (code, corrected version)."""
    return {code: mended_of(editing.get_kept(tx, code), version) for code, version in found}


def leave_note(
    tx: Tx, correction: Correction, code: str, *, suspend: bool, by: OfficerId, now: datetime
) -> None:
    """Tell the question's desk of a correction in force; with `suspend` no new paper draws it."""
    kept = editing.get_kept(tx, code, lock=True)
    note = note_of(correction)
    reviews.add_comment(tx, kept.id, kept.version.id, by, note, now=now)
    is_old = mended_of(kept, correction.draft.version_id) == "stale"
    if suspend and is_old and kept.state == "published":
        editing.put_state(tx, kept.id, "suspended")
        facts = {"version": kept.version.version, "before": kept.state, "after": "suspended",
                 "note": note, "correction": correction.id}  # fmt: skip
        journal.add_entry(tx, "question.suspend", f"question:{code}", facts, actor_id=by, now=now)


def note_of(correction: Correction) -> str:
    """Return what is written about the correction in the bank, in its own language."""
    draft = correction.draft
    words = f"勘误：{RULINGS[draft.ruling].zh}"
    if draft.answer:
        words += f"（{draft.answer}）"
    return f"{words}。{draft.reason}"[:NOTE_MAX]


def suggest(viewer: Viewer, correction_id: int, code: str) -> tuple[Question, str]:
    """Return the current wording with the corrected key where one can be written, and a note.

    Nothing is stored. Raises NotFound("correction_not_found", "question_not_found").
    """
    with reading() as tx:
        correction = corrections.get_correction(tx, correction_id)
        kept = editing.get_kept(tx, code)
        check_readable(tx, viewer, kept)
        version_id = correction.draft.version_id
        corrected = bank.get_versions(tx, [version_id])[version_id]
    if corrected.code != kept.code:
        raise NotFound("correction_not_found")
    question = kept.version.question
    if question == corrected.question:
        question = mended(question, correction.draft)
    return question, " ".join(note_of(correction).split())[:NOTE_MAX]


def mended(question: Question, draft: Draft) -> Question:
    """Return the question with the key a ruling gives; without such a key as it is."""
    if draft.ruling not in ("new_key", "accept_also"):
        return question
    asked = question if draft.part < 0 else question.parts[draft.part]
    if draft.ruling == "accept_also" and asked.type != "blank":
        return question
    answer = draft.answer
    if draft.ruling == "accept_also":
        answer = "\n".join([*asked.options, answer])
    try:
        changed = with_answer(asked, answer)
    except Invalid:
        return question
    if draft.part < 0:
        return changed
    parts = list(question.parts)
    parts[draft.part] = changed
    return replace(question, parts=tuple(parts))
