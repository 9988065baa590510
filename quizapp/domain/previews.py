"""How a question will look on a paper, its options in the stored order; nothing of the key."""

from quizapp.domain.assembly import PaperItem
from quizapp.domain.bank import Question
from quizapp.domain.ids import VersionId
from quizapp.domain.papers import ShownItem, show_items
from quizapp.domain.question_types.all import QUESTION_TYPES

POINTS_CP = 100
_VERSION = VersionId(0)


def preview_items(question: Question) -> tuple[ShownItem, ...]:
    """Return the items of a paper that holds this question alone, each worth one point."""
    parts = [(no if question.parts else None, item) for no, item in enumerate(question.items)]
    items = [
        PaperItem(
            _VERSION,
            item.type,
            POINTS_CP,
            tuple(range(QUESTION_TYPES.get(item.type).shown_count(item))),
            part=no,
            case_no=None if no is None else 1,
        )
        for no, item in parts
    ]
    return show_items(items, {_VERSION: question}, {})
