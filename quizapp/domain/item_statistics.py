"""试题分析: what the answers of many say about one question, and about the paper as a whole.

Everything comes from a matrix of persons and items. Papers drawn at random leave cells of it empty;
then each figure uses the cells that are there, and the page says so. Groups below SMALLEST are
counted and nothing else is told of them. Points are centi-points, other figures plain ratios.
"""

import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, NamedTuple

from quizapp.domain.text import Text

SMALLEST = 10
"""Persons below which nothing but their number is shown."""
EASIEST, HARDEST = 0.95, 0.2

FLAGS = {
    "too_easy": Text("过易（难度系数高于 0.95）", "Too easy (facility above 0.95)"),
    "too_hard": Text("过难（难度系数低于 0.2）", "Too hard (facility below 0.2)"),
    "negative": Text("区分度为负，请核对答案", "Negative discrimination: check the key"),
    "idle_option": Text("有选项无人选择", "A distractor nobody takes"),
    "weak_key": Text(
        "错误选项比答案更吸引高分者，请核对答案",
        "A distractor attracts stronger officers than the key: check the key",
    ),
}
"""What deserves a second look; none of them is a verdict."""

FORMULAS = {
    "facility": Text(
        "难度系数 P = 本题平均得分 ÷ 本题满分", "Facility P = mean points ÷ full points of the item"
    ),
    "discrimination": Text(
        "区分度 = 本题得分与其余各题总分的相关系数 r(x, T−x)",
        "Discrimination = correlation of the item with the rest of the paper, r(x, T−x)",
    ),
    "point_biserial": Text(
        "点二列相关 = (答对者均分 − 未答对者均分) ÷ s × √(pq)，总分含本题，s 除以 n",
        "Point-biserial = (mean of those right − mean of the others) ÷ s × √(pq); "
        "totals with the item, s divides by n",
    ),
    "effective_weight": Text(
        "有效权重 = cov(x, T) ÷ var(T)；固定试卷各题之和为 100%",
        "Effective weight = cov(x, T) ÷ var(T); on a fixed paper they add up to 100 %",
    ),
    "time": Text(
        "用时 = 每次作答与上一次作答（或开始）的时间间隔之和，取各人中位数",
        "Time = sum of the gaps before each answer to the item; median over officers",
    ),
    "sd": Text("标准差 s = √[Σ(T − 平均)² ÷ (n − 1)]", "SD s = √[Σ(T − mean)² ÷ (n − 1)]"),
    "skewness": Text(
        "偏度 = n ÷ [(n−1)(n−2)] × Σ[(T − 平均) ÷ s]³",
        "Skewness = n ÷ [(n−1)(n−2)] × Σ[(T − mean) ÷ s]³",
    ),
    "alpha": Text(
        "α = k·c ÷ [v + (k−1)·c]，k 为每卷题数，v 为各题平均方差，c 为题间平均协方差；"
        "固定试卷即克隆巴赫 α，题目同分且非对即错时即 KR-20",
        "α = k·c ÷ [v + (k−1)·c] with k items per paper, v the mean variance of an item, c the "
        "mean covariance of two; on a fixed paper Cronbach's α, with right-or-wrong items of "
        "equal points KR-20",
    ),
    "sem": Text("测量标准误 = s × √(1 − α)", "Standard error of measurement = s × √(1 − α)"),
}
"""How each figure is computed; printed beside it."""

RANDOM_WARNING = Text(
    "试卷为随机抽题，各人题目不同：α 由含空格的“人×题”矩阵估算，各卷难易差异会影响总分，"
    "此值只供参考，不能用来比较试卷。",
    "Papers were drawn at random: α is estimated from a matrix of persons and items with missing "
    "cells, and papers of unequal difficulty move the totals. Do not compare papers by it.",
)


class ItemKey(NamedTuple):
    """A question version, and of a case one of its parts (0-based, else -1)."""

    version_id: int
    part: int = -1


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What an item offers: options (a judgement: right, wrong; 0: none to count) and its key."""

    type: str
    points_cp: int
    options: int = 0
    right: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Cell:
    """What one person did with one item. `chosen`: stored options; `seconds`: None is unknown."""

    key: ItemKey
    got_cp: int
    chosen: tuple[int, ...] = ()
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class OptionStatistics:
    """How many took an option, and how taking it goes with the rest of the paper (−1 … 1)."""

    count: int
    is_right: bool
    correlation: float | None


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """Figures of one item; of a group below SMALLEST only `n`. None: cannot be computed."""

    version_id: int
    part: int
    type: str
    points_cp: int
    n: int
    facility: float | None = None
    discrimination: float | None = None
    point_biserial: float | None = None
    effective_weight: float | None = None
    median_s: float | None = None
    options: tuple[OptionStatistics, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperStatistics:
    """Figures of the whole. `items`: on a paper; `filled_bp`: share of the matrix with answers."""

    n: int
    items: int
    different: int
    is_random: bool
    is_kr20: bool
    filled_bp: int = 10_000
    mean_cp: float | None = None
    sd_cp: float | None = None
    skewness: float | None = None
    alpha: float | None = None
    sem_cp: float | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """A paper and its items, in the order of their keys."""

    paper: PaperStatistics
    items: tuple[ItemStatistics, ...]


@dataclass(slots=True)
class _Pair:
    """Sums of two variables, exact as long as they are whole: n, Σx, Σx², Σy, Σy², Σxy."""

    n: int = 0
    x: int = 0
    xx: int = 0
    y: int = 0
    yy: int = 0
    xy: int = 0

    def add(self, x: int, y: int) -> None:
        self.n += 1
        self.x += x
        self.xx += x * x
        self.y += y
        self.yy += y * y
        self.xy += x * y

    def covariation(self) -> int:
        """n²·cov(x, y)."""
        return self.n * self.xy - self.x * self.y

    def correlation(self) -> float | None:
        spread = (self.n * self.xx - self.x**2) * (self.n * self.yy - self.y**2)
        return self.covariation() / math.sqrt(spread) if spread else None

    def slope(self) -> float | None:
        """cov(x, y) ÷ var(y)."""
        spread = self.n * self.yy - self.y**2
        return self.covariation() / spread if spread else None


@dataclass(slots=True)
class _Column:
    """What is summed up of one item."""

    with_rest: _Pair = field(default_factory=_Pair)
    with_total: _Pair = field(default_factory=_Pair)
    right: _Pair = field(default_factory=_Pair)
    options: list[_Pair] = field(default_factory=list)
    seconds: "array[float]" = field(default_factory=lambda: array("d"))


class Collector:
    """Takes the papers of the persons one by one; `result` says what they amount to.

    `facts` must know every item by the time it comes. A million cells are a matter of seconds
    and megabytes.
    """

    def __init__(self, facts: Mapping[ItemKey, ItemFacts]) -> None:
        self._facts = facts
        self._no: dict[ItemKey, int] = {}
        self._columns: dict[ItemKey, _Column] = {}
        self._rows: list[tuple[array[int], array[int]]] = []

    def add(self, cells: Sequence[Cell]) -> None:
        """Count one person's paper; the total is the sum of its cells."""
        total = sum(cell.got_cp for cell in cells)
        for cell in cells:
            facts = self._facts[cell.key]
            column = self._columns.get(cell.key)
            if column is None:
                column = _Column(options=[_Pair() for _ in range(facts.options)])
                self._columns[cell.key] = column
                self._no[cell.key] = len(self._no)
            rest = total - cell.got_cp
            column.with_rest.add(cell.got_cp, rest)
            column.with_total.add(cell.got_cp, total)
            column.right.add(int(cell.got_cp == facts.points_cp), total)
            for option, pair in enumerate(column.options):
                pair.add(int(option in cell.chosen), rest)
            if cell.seconds is not None:
                column.seconds.append(cell.seconds)
        numbers = array("i", (self._no[cell.key] for cell in cells))
        self._rows.append((numbers, array("i", (cell.got_cp for cell in cells))))

    def result(self) -> Analysis:
        """Return the figures of everything added so far."""
        items = tuple(
            _item_of(key, self._facts[key], self._columns[key]) for key in sorted(self._columns)
        )
        return Analysis(self._paper(), items)

    def _paper(self) -> PaperStatistics:
        n, different = len(self._rows), len(self._columns)
        cells = sum(len(numbers) for numbers, _ in self._rows)
        is_random = cells != n * different
        shape = PaperStatistics(
            n=n,
            items=round(cells / n) if n else 0,
            different=different,
            is_random=is_random,
            is_kr20=self._is_dichotomous(),
            filled_bp=round(10_000 * cells / (n * different)) if cells else 10_000,
        )
        if n < SMALLEST:
            return shape
        totals = [sum(scores) for _, scores in self._rows]
        mean = sum(totals) / n
        squares = math.fsum((total - mean) ** 2 for total in totals)
        sd = math.sqrt(squares / (n - 1))
        alpha = self._alpha(cells / n)
        return PaperStatistics(
            n=n,
            items=shape.items,
            different=different,
            is_random=is_random,
            is_kr20=shape.is_kr20,
            filled_bp=shape.filled_bp,
            mean_cp=mean,
            sd_cp=sd,
            skewness=_skewness(totals, mean, sd),
            alpha=alpha,
            sem_cp=None if alpha is None else sd * math.sqrt(1 - alpha),
        )

    def _is_dichotomous(self) -> bool:
        """Say whether every item is worth the same and was all right or all wrong."""
        used = [(self._facts[key].points_cp, column) for key, column in self._columns.items()]
        return len({points for points, _ in used}) == 1 and all(
            column.with_rest.xx == points * column.with_rest.x for points, column in used
        )

    def _alpha(self, items: float) -> float | None:
        """Return alpha for papers of `items` items, from the cells that are there.

        Mean variance of an item over all cells, mean covariance over all pairs of cells of one
        person, both around the mean of each item. Without empty cells this is Cronbach's alpha.
        """
        means = [0.0] * len(self._no)
        for key, column in self._columns.items():
            means[self._no[key]] = column.with_rest.x / column.with_rest.n
        own, pairs, cells, couples = 0.0, 0.0, 0, 0
        for numbers, scores in self._rows:
            off = [got - means[no] for no, got in zip(numbers, scores, strict=True)]
            squares = math.fsum(value * value for value in off)
            own += squares
            pairs += math.fsum(off) ** 2 - squares
            cells += len(off)
            couples += len(off) * (len(off) - 1)
        if not couples:
            return None
        variance, covariance = own / cells, pairs / couples
        whole = variance + (items - 1) * covariance
        return items * covariance / whole if whole > 0 else None


def _skewness(totals: Sequence[int], mean: float, sd: float) -> float | None:
    n = len(totals)
    if not sd:
        return None
    return n / ((n - 1) * (n - 2)) * math.fsum(((total - mean) / sd) ** 3 for total in totals)


def _item_of(key: ItemKey, facts: ItemFacts, column: _Column) -> ItemStatistics:
    n = column.with_rest.n
    shape = (key.version_id, key.part, facts.type, facts.points_cp, n)
    if n < SMALLEST:
        return ItemStatistics(*shape)
    facility = column.with_rest.x / (n * facts.points_cp) if facts.points_cp else None
    discrimination = column.with_rest.correlation()
    options = tuple(
        OptionStatistics(pair.x, option in facts.right, pair.correlation())
        for option, pair in enumerate(column.options)
    )
    return ItemStatistics(
        *shape,
        facility=facility,
        discrimination=discrimination,
        point_biserial=column.right.correlation(),
        effective_weight=column.with_total.slope(),
        median_s=median(column.seconds) if column.seconds else None,
        options=options,
        flags=tuple(_flags(facility, discrimination, options)),
    )


def _flags(
    facility: float | None, discrimination: float | None, options: Sequence[OptionStatistics]
) -> list[str]:
    found = []
    if facility is not None and facility > EASIEST:
        found.append("too_easy")
    if facility is not None and facility < HARDEST:
        found.append("too_hard")
    if discrimination is not None and discrimination < 0:
        found.append("negative")
    wrong = [option for option in options if not option.is_right]
    if any(option.count == 0 for option in wrong):
        found.append("idle_option")
    keys = [o.correlation for o in options if o.is_right and o.correlation is not None]
    lures = [o.correlation for o in wrong if o.correlation is not None]
    if keys and lures and max(lures) > min(keys):
        found.append("weak_key")
    return found


def analysis_from_plain(plain: Mapping[str, Any]) -> Analysis:
    """Return the analysis that `dataclasses.asdict` wrote."""
    items = tuple(
        ItemStatistics(
            **(
                item
                | {
                    "options": tuple(OptionStatistics(**option) for option in item["options"]),
                    "flags": tuple(item["flags"]),
                }
            )
        )
        for item in plain["items"]
    )
    return Analysis(PaperStatistics(**plain["paper"]), items)


def seconds_by_item(
    started_ms: int, ended_ms: int, answers: Sequence[tuple[int, int]]
) -> dict[int, float]:
    """Return the seconds used per item number, from (item number, moment in ms) of each answer.

    The time before an answer, since the answer before it or the start, belongs to its item.
    Moments outside of the sitting (a phone's clock that is wrong) count as its start or end.
    """
    used: dict[int, float] = {}
    before = started_ms
    for at, no in sorted((min(max(at, started_ms), ended_ms), no) for no, at in answers):
        used[no] = used.get(no, 0.0) + (at - before) / 1000
        before = at
    return used
