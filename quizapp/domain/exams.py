"""A competition as planned and published, and what its papers are made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quizapp.domain.errors import Invalid
from quizapp.domain.ids import ExamId, OfficerId, UnitId, VersionId
from quizapp.domain.people import Place
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
            "Standard: single 40 × 1, multiple 20 × 2, true/false 20 × 1, 60 min",
        ),
        60,
        Blueprint(
            by_difficulty("single", (17, 16, 7), 100)
            + by_difficulty("multiple", (8, 8, 4), 200)
            + by_difficulty("judge", (9, 10, 1), 100)
        ),
    ),
    Preset(
        "fifty",
        Text(
            "50 题卷：单选 25、多选 10、判断 15，每题 2 分，90 分钟",
            "50 items: single 25, multiple 10, true/false 15 at 2 points, 90 min",
        ),
        90,
        Blueprint(
            by_difficulty("single", (10, 10, 5), 200)
            + by_difficulty("multiple", (4, 4, 2), 200)
            + by_difficulty("judge", (6, 8, 1), 200)
        ),
    ),
    Preset(
        "thirty",
        Text(
            "30 题卷：单选 10×3、多选 10×5、判断 10×2，30 分钟",
            "30 items: single 10 × 3, multiple 10 × 5, true/false 10 × 2, 30 min",
        ),
        30,
        Blueprint(
            by_difficulty("single", (4, 4, 2), 300)
            + by_difficulty("multiple", (4, 4, 2), 500)
            + by_difficulty("judge", (4, 5, 1), 200)
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is invited: unit codes and cadre levels; an empty tuple means all of the exam's scope."""

    units: tuple[str, ...] = ()
    cadre_levels: tuple[str, ...] = ()


def audience_to_plain(audience: Audience) -> dict[str, list[str]]:
    """Return the audience as JSON-ready data."""
    return {"units": list(audience.units), "cadre_levels": list(audience.cadre_levels)}


def audience_from_plain(plain: dict[str, Any]) -> Audience:
    """Return the audience that `audience_to_plain` wrote."""
    return Audience(tuple(plain.get("units", ())), tuple(plain.get("cadre_levels", ())))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamPlan:
    """All that an organizer decides of a competition; `unit_id` is the organizing unit.

    Shares in basis points of full marks. `ties`: what decides between equal scores, in order.
    Releases: handed_in | closed | published | never. `credit_ch`: hours for passing, None: the
    credit rule's own.
    """

    title: str
    unit_id: UnitId
    opens_at: datetime
    closes_at: datetime
    theme: str = ""
    duration_s: int = 3600
    attempts_allowed: int = 3
    blueprint: Blueprint = PRESETS[0].blueprint
    scoring: str = "all_or_nothing"
    pass_bp: int = 6000
    good_bp: int = 8000
    excellent_bp: int = 9000
    ties: tuple[str, ...] = ("least_time", "earliest")
    metric: str = "participation_times_average"
    min_participation_bp: int = 0
    audience: Audience = Audience()
    score_release: str = "handed_in"
    answers_release: str = "closed"
    board_release: str = "published"
    one_device: bool = True
    credit_ch: int | None = None
    rules_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exam(ExamPlan):
    """A competition as stored. `seed` is secret: papers are drawn from it.

    `last_closes_at`: the latest end of any window, those of single units and officers included.
    """

    id: ExamId
    unit: Place
    state: str
    seed: str
    revision: int
    last_closes_at: datetime
    created_by: OfficerId
    created_at: datetime
    published_at: datetime | None = None
    results_published_at: datetime | None = None
    cancelled_at: datetime | None = None

    @property
    def max_cp(self) -> int:
        """Full marks, centi-points."""
        return self.blueprint.max_cp

    @property
    def pass_line_cp(self) -> int:
        """The lowest passing score, centi-points: the first integer at or above the share."""
        return line_cp(self.max_cp, self.pass_bp)

    def phase(self, now: datetime) -> str:
        """Return draft | upcoming | open | closed | cancelled, by the window of all."""
        if self.state != "published":
            return self.state
        if now < self.opens_at:
            return "upcoming"
        return "open" if now < self.last_closes_at else "closed"


def line_cp(max_cp: int, share_bp: int) -> int:
    """Return the smallest score that is at least `share_bp` of `max_cp`."""
    return -(-max_cp * share_bp // 10_000)


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """An invited officer with unit and level as frozen at publication."""

    exam_id: ExamId
    officer_id: OfficerId
    unit_id: UnitId
    scoring_unit_id: UnitId
    cadre_level: str
    excused_reason: str | None = None
