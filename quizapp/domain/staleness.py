"""法规变动清单: which questions an amendment touches, and how each of them is settled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from quizapp.domain.amendments import Change, bare_words
from quizapp.domain.bank import Question
from quizapp.domain.errors import Conflict, Invalid
from quizapp.domain.law_text import Article
from quizapp.domain.statutes import Citation, Law, place_of
from quizapp.domain.text import Text

EFFECTS = {
    "changed": Text("条文内容修改", "Reworded"),
    "moved": Text("条号变动", "Renumbered"),
    "repealed": Text("条文删除", "Repealed"),
    "unknown": Text("旧版文本未入库，需人工核对", "Old text not in the library"),
}
"""What an amendment can do to a citation; the gravest of a question's comes first in a list."""

OUTCOMES = {
    "open": Text("待处理", "Open"),
    "kept": Text("仍正确", "Still right"),
    "edited": Text("已修改", "Edited"),
    "withdrawn": Text("已撤下", "Withdrawn"),
}
_GRAVITY = ("repealed", "changed", "unknown", "moved")
NOTE_LENGTH = 300


class ItemClosed(Conflict):
    """Somebody has settled this item already."""

    code = "stale_item_closed"


@dataclass(frozen=True, slots=True)
class Touch:
    """One citation that an amendment touches. `now_at`: where its rule stands now, if anywhere."""

    citation: Citation
    effect: str
    now_at: Citation | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """A new version in the place of an old one, or (`new` empty) the end of a law."""

    id: int
    old: Law
    new: Law | None
    effective_on: date
    made_at: datetime
    counts: Mapping[str, int]
    """Articles by kind; empty where the old text was not there."""


@dataclass(frozen=True, slots=True)
class Moves:
    """What became of each article of the old version; of no article without its text."""

    by_old: Mapping[tuple[int, int], Change]

    @classmethod
    def of(cls, changes: Iterable[Change]) -> "Moves":
        """Return the changes by the number of the old article."""
        return cls({change.old.key: change for change in changes if change.old})


def concerns(old: Law, citation: Citation) -> bool:
    """Say whether the citation is of this version."""
    return citation.law == old.short and citation.version in (None, old.version)


def touch(citation: Citation, moves: Moves, new: Law | None) -> Touch | None:
    """Return how the amendment touches the citation of the old version; None: not at all.

    A cited 款 or 项 counts alone: another part of the article may have changed.
    """
    change = moves.by_old.get((citation.article, citation.sub))
    if new is None or (change and change.new is None):
        return Touch(citation, "repealed")
    if change is None or change.old is None or change.new is None:
        return Touch(citation, "unknown")
    if change.kind == "same":
        return None
    there = replace(citation, version=new.version, article=change.new.number, sub=change.new.sub)
    if change.kind == "moved":
        return Touch(citation, "moved", there)
    return _touch_of_part(citation, change.old, change.new, there)


def _touch_of_part(citation: Citation, old: Article, new: Article, there: Citation) -> Touch | None:
    words = _words(old, citation)
    if (citation.paragraph is None and citation.item is None) or words is None:
        return Touch(citation, "changed", there)
    if _words(new, citation) == words:
        return Touch(citation, "moved", there) if old.key != new.key else None
    same = next((place for place in _parts(new, there) if _words(new, place) == words), None)
    return Touch(citation, "moved", same) if same else Touch(citation, "changed", there)


def _words(article: Article, citation: Citation) -> str | None:
    part = article.part(citation)
    return None if part is None else bare_words(part)


def _parts(article: Article, like: Citation) -> Iterable[Citation]:
    """Return every place in the article of the same depth as the citation."""
    for no, paragraph in enumerate(article.paragraphs, 1):
        whole = replace(like, paragraph=no, item=None)
        if like.item is None:
            yield whole
        else:
            yield from (replace(whole, item=item.number) for item in paragraph.items)


def touches(question: Question, old: Law, new: Law | None, moves: Moves) -> list[Touch]:
    """Return every citation of the question, and of its parts, that the amendment touches."""
    found: list[Touch] = []
    for each in (question, *question.parts):
        for citation in each.citations:
            hit = touch(citation, moves, new) if concerns(old, citation) else None
            if hit and hit not in found:
                found.append(hit)
    return found


def gravest(found: Sequence[Touch]) -> str:
    """Return the effect that weighs most: repealed, changed, unknown, moved."""
    effects = {each.effect for each in found}
    return next(effect for effect in _GRAVITY if effect in effects)


def with_new_citations(question: Question, old: Law, new: Law | None, moves: Moves) -> Question:
    """Return the question with its citations of the old version moved to the new one.

    What is not touched keeps its place; what changed goes to the article that took its place.
    Raises Conflict("citation_repealed") where nothing took its place.
    """
    return replace(
        question,
        citations=tuple(_moved(each, old, new, moves) for each in question.citations),
        parts=tuple(with_new_citations(part, old, new, moves) for part in question.parts),
    )


def _moved(citation: Citation, old: Law, new: Law | None, moves: Moves) -> Citation:
    if not concerns(old, citation):
        return citation
    hit = touch(citation, moves, new)
    if new is None or (hit and hit.effect == "repealed"):
        raise Conflict("citation_repealed", place=place_of(citation))
    if hit is None or hit.now_at is None:
        return replace(citation, version=new.version)
    return hit.now_at


def check_note(note: str) -> str:
    """Return the remark as it is stored. Raises Invalid("stale_note_long")."""
    note = " ".join(note.split())
    if len(note) > NOTE_LENGTH or not note.isprintable():
        raise Invalid("stale_note_long", maximum=NOTE_LENGTH)
    return note
