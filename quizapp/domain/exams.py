"""What a paper is made of: the blueprint of an exam and its presets."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from quizapp.domain.errors import Invalid
from quizapp.domain.ids import VersionId
from quizapp.domain.text import Text

MAX_ITEMS = 200
MAX_POINTS_CP = 10_000


@dataclass(frozen=True, slots=True)
class PoolItem:
    """A question as assembly sees it. `parts`: 1, or the sub-questions of a case."""

    version_id: VersionId
    code: str
    type: str
    law: str
    difficulty: int
    topics: tuple[str, ...] = ()
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """`count` questions of one type at `points_cp` each (a case: each part), from what it names.

    An empty tuple names everything. `parts` is for cases: all of a cell have the same number of
    parts, so that every paper has the same number of items and the same full marks.
    """

    type: str
    count: int
    points_cp: int
    laws: tuple[str, ...] = ()
    difficulties: tuple[int, ...] = ()
    topics: tuple[str, ...] = ()
    parts: int = 1

    def takes(self, item: PoolItem) -> bool:
        """Say whether `item` may fill this cell."""
        return (
            item.type == self.type
            and item.parts == self.parts
            and (not self.laws or item.law in self.laws)
            and (not self.difficulties or item.difficulty in self.difficulties)
            and (not self.topics or not set(self.topics).isdisjoint(item.topics))
        )


@dataclass(frozen=True, slots=True)
class Blueprint:
    """The cells of a paper, in the order of its sections."""

    cells: tuple[Cell, ...]

    @property
    def item_count(self) -> int:
        """Items on a paper; a case counts by its parts."""
        return sum(cell.count * cell.parts for cell in self.cells)

    @property
    def max_cp(self) -> int:
        """Full marks of a paper, centi-points."""
        return sum(cell.count * cell.parts * cell.points_cp for cell in self.cells)


def check_blueprint(blueprint: Blueprint) -> None:
    """Pass only a plan that can be drawn at all. Raises Invalid with every problem found."""
    problems: list[dict[str, Any]] = []
    if not blueprint.cells:
        problems.append({"code": "blueprint_empty"})
    for no, cell in enumerate(blueprint.cells, 1):
        if not 1 <= cell.count <= MAX_ITEMS:
            problems.append({"cell": no, "code": "count_out_of_range"})
        if not 1 <= cell.points_cp <= MAX_POINTS_CP:
            problems.append({"cell": no, "code": "points_out_of_range"})
        if cell.parts < 1 or (cell.parts > 1) != (cell.type == "case"):
            problems.append({"cell": no, "code": "parts_out_of_range"})
    if blueprint.item_count > MAX_ITEMS:
        problems.append({"code": "too_many_items"})
    if problems:
        raise Invalid("blueprint_invalid", problems=problems)


def blueprint_to_plain(blueprint: Blueprint) -> list[dict[str, Any]]:
    """Return the blueprint as JSON-ready data; what is left at its default is left out."""
    return [
        {"type": cell.type, "count": cell.count, "points_cp": cell.points_cp}
        | {
            name: list(getattr(cell, name))
            for name in ("laws", "difficulties", "topics")
            if getattr(cell, name)
        }
        | ({"parts": cell.parts} if cell.parts != 1 else {})
        for cell in blueprint.cells
    ]


def blueprint_from_plain(cells: Iterable[dict[str, Any]]) -> Blueprint:
    """Return the blueprint that `blueprint_to_plain` wrote."""
    return Blueprint(
        tuple(
            Cell(
                type=cell["type"],
                count=cell["count"],
                points_cp=cell["points_cp"],
                laws=tuple(cell.get("laws", ())),
                difficulties=tuple(cell.get("difficulties", ())),
                topics=tuple(cell.get("topics", ())),
                parts=cell.get("parts", 1),
            )
            for cell in cells
        )
    )


@dataclass(frozen=True, slots=True)
class Preset:
    """A paper that organizers know, with its minutes."""

    key: str
    label: Text
    minutes: int
    blueprint: Blueprint


def by_difficulty(type_key: str, counts: tuple[int, int, int], points_cp: int) -> tuple[Cell, ...]:
    """Return one cell per level of difficulty, so that all papers are equally hard."""
    return tuple(
        Cell(type_key, count, points_cp, difficulties=(level,))
        for level, count in enumerate(counts, 1)
        if count
    )


PRESETS = (
    Preset(
        "standard",
        Text(
            "标准卷：单选 40×1、多选 20×2、判断 20×1，60 分钟",
            "Standard: 40 × 1, 20 × 2, 20 × 1, 60 min",
        ),
        60,
        Blueprint(
            by_difficulty("single", (16, 16, 8), 100)
            + by_difficulty("multiple", (8, 8, 4), 200)
            + by_difficulty("judge", (8, 8, 4), 100)
        ),
    ),
    Preset(
        "fifty",
        Text(
            "50 题卷：单选 25、多选 10、判断 15，每题 2 分，90 分钟",
            "50 items: 25, 10, 15 at 2 points, 90 min",
        ),
        90,
        Blueprint(
            by_difficulty("single", (10, 10, 5), 200)
            + by_difficulty("multiple", (4, 4, 2), 200)
            + by_difficulty("judge", (6, 6, 3), 200)
        ),
    ),
    Preset(
        "thirty",
        Text(
            "30 题卷：单选 10×3、多选 10×5、判断 10×2，30 分钟",
            "30 items: 10 × 3, 10 × 5, 10 × 2, 30 min",
        ),
        30,
        Blueprint(
            by_difficulty("single", (4, 4, 2), 300)
            + by_difficulty("multiple", (4, 4, 2), 500)
            + by_difficulty("judge", (4, 4, 2), 200)
        ),
    ),
)
