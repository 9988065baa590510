"""A drawn paper as it is stored, and what its items accept."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from quizapp.domain.assembly import PaperItem
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.question_types.base import QuestionType


@dataclass(frozen=True, slots=True)
class Slot:
    """What an item of a paper accepts: by its type and how many options it shows."""

    type: QuestionType
    options: int


Shape = tuple[Slot, ...]
ITEMS_KEPT = 65_536
_TYPE_BY_LETTER = {kind.letter: kind for kind in QUESTION_TYPES}


def paper_to_plain(items: Iterable[PaperItem]) -> list[dict[str, Any]]:
    """Return the drawn paper as stored with the attempt."""
    return [
        {"v": item.version_id, "o": list(item.order), "p": item.points_cp}
        | ({} if item.part is None else {"part": item.part, "case": item.case_no})
        for item in items
    ]


def paper_from_plain(paper: Sequence[Mapping[str, Any]], types: Sequence[str]) -> list[PaperItem]:
    """Return the items that `paper_to_plain` wrote; `types`: the type of each, in order."""
    return [
        _item(item["v"], type_key, item["p"], tuple(item["o"]), item.get("part"), item.get("case"))
        for item, type_key in zip(paper, types, strict=True)
    ]


@lru_cache(maxsize=ITEMS_KEPT)
def _item(*values: Any) -> PaperItem:
    """Return an item; equal ones of many papers are the same object: marking reads millions."""
    return PaperItem(*values)


def shape_of(items: Iterable[PaperItem]) -> str:
    """Return what a paper accepts, in short: the letter of each item's type and its options."""
    return "".join(f"{QUESTION_TYPES.get(item.type).letter}{len(item.order)}" for item in items)


@lru_cache(maxsize=4096)
def parse_shape(shape: str) -> Shape:
    """Return the slots of a stored shape such as "s4m5j0"; equal shapes give the same object."""
    return tuple(
        Slot(_TYPE_BY_LETTER[letter], int(options))
        for letter, options in re.findall(r"([a-z])(\d+)", shape)
    )
