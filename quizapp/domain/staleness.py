"""法规变动清单: which questions an amendment touches, and how each of them is settled."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from quizapp.domain.amendments import Change
from quizapp.domain.bank import Question
from quizapp.domain.errors import Conflict, Invalid
from quizapp.domain.law_likeness import bare_words
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
    """What became of the articles of `old`; of none without its text. `new`: None at its end.

    `by_old`: by the number of the old article; `split_off`: what else came out of it. `earlier`:
    what became of the version before, in which a citation may stand that nothing has touched since.
    """

    old: Law
    new: Law | None
    by_old: Mapping[tuple[int, int], Change]
    split_off: Mapping[tuple[int, int], tuple[Article, ...]]
    earlier: "Moves | None" = None

    @classmethod
    def of(
        cls,
        old: Law,
        new: Law | None,
        changes: Iterable[Change],
        earlier: "Moves | None" = None,
    ) -> "Moves":
        """Return the changes by the number of the old article."""
        own: dict[tuple[int, int], Change] = {}
        split_off: dict[tuple[int, int], tuple[Article, ...]] = {}
        for change in changes:
            if change.kind == "split" and change.old and change.new:
                key = change.old.key
                split_off[key] = (*split_off.get(key, ()), change.new)
            elif change.old:
                own[change.old.key] = change
        return cls(old, new, own, split_off, earlier)


def concerns(citation: Citation, moves: Moves) -> bool:
    """Say whether the citation is of this version, or of an earlier one and untouched since."""
    if citation.law != moves.old.short:
        return False
    if citation.version in (None, moves.old.version):
        return True
    before = moves.earlier
    return before is not None and concerns(citation, before) and touch(citation, before) is None


def touch(citation: Citation, moves: Moves) -> Touch | None:
    """Return how the amendment touches a citation that it concerns; None: not at all.

    A cited 款 or 项 counts alone: another part of the article may have changed.
    """
    change = moves.by_old.get((citation.article, citation.sub))
    if moves.new is None or (change and change.new is None):
        return Touch(citation, "repealed")
    if change is None or change.new is None:
        return Touch(citation, "unknown")
    if change.kind == "same":
        return None
    there = _at(replace(citation, version=moves.new.version), change.new)
    if change.kind == "moved":
        return Touch(citation, "moved", there)
    return _touch_of_part(citation, change, moves, there)


def _at(citation: Citation, article: Article) -> Citation:
    return replace(citation, article=article.number, sub=article.sub)


def _touch_of_part(
    citation: Citation, change: Change, moves: Moves, there: Citation
) -> Touch | None:
    old, new = change.old, change.new
    words = _words(old, citation) if old else None
    if old is None or new is None or words is None or _is_whole(citation):
        return Touch(citation, "changed", there)
    if _words(new, citation) == words:
        return Touch(citation, "moved", there) if old.key != new.key else None
    for article in (new, *moves.split_off.get(old.key, ())):
        for place in _parts(article, _at(there, article)):
            if _words(article, place) == words:
                return Touch(citation, "moved", place)
    return Touch(citation, "changed", there)


def _is_whole(citation: Citation) -> bool:
    return citation.paragraph is None and citation.item is None


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


def touches(question: Question, moves: Moves) -> list[Touch]:
    """Return every citation of the question, and of its parts, that the amendment touches."""
    found: list[Touch] = []
    for each in (question, *question.parts):
        for citation in each.citations:
            hit = touch(citation, moves) if concerns(citation, moves) else None
            if hit and hit not in found:
                found.append(hit)
    return found


def gravest(found: Sequence[Touch]) -> str:
    """Return the effect that weighs most: repealed, changed, unknown, moved."""
    effects = {each.effect for each in found}
    return next(effect for effect in _GRAVITY if effect in effects)


def with_new_citations(question: Question, moves: Moves) -> Question:
    """Return the question with its citations of the old version moved to the new one.

    What is not touched keeps its place; what changed goes to the article that took its place.
    Raises Conflict("citation_repealed") where nothing took its place.
    """
    return replace(
        question,
        citations=tuple(_moved(each, moves) for each in question.citations),
        parts=tuple(with_new_citations(part, moves) for part in question.parts),
    )


def _moved(citation: Citation, moves: Moves) -> Citation:
    if not concerns(citation, moves):
        return citation
    hit = touch(citation, moves)
    if moves.new is None or (hit and hit.effect == "repealed"):
        raise Conflict("citation_repealed", place=place_of(citation))
    if hit is None or hit.now_at is None:
        return replace(citation, version=moves.new.version)
    return hit.now_at


def check_note(note: str) -> str:
    """Return the remark as it is stored. Raises Invalid("stale_note_long")."""
    note = " ".join(note.split())
    if len(note) > NOTE_LENGTH or not note.isprintable():
        raise Invalid("stale_note_long", maximum=NOTE_LENGTH)
    return note
