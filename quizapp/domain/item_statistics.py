"""试题分析: what the answers of many say about one question, and about the paper as a whole.

Everything comes from a matrix of persons and items. Papers drawn at random leave cells of it empty;
then each figure uses the cells that are there, and the page says so. Groups below SMALLEST are
counted and nothing else is told of them. Points are centi-points, other figures plain ratios.
"""

import math
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from quizapp.domain.item_figures import (
    EASIEST,
    HARDEST,
    SMALLEST,
    Analysis,
    Cell,
    ItemFacts,
    ItemKey,
    ItemStatistics,
    OptionStatistics,
    PaperStatistics,
)

BANDS = 10


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

    def __init__(self, facts: Mapping[ItemKey, ItemFacts], max_cp: int = 0) -> None:
        self._facts, self._max_cp = facts, max_cp
        self._scores = array("i")
        self._void: Counter[ItemKey] = Counter()
        self._no: dict[ItemKey, int] = {}
        self._columns: dict[ItemKey, _Column] = {}
        self._rows: list[tuple[array[int], array[int]]] = []

    def add(self, paper: Sequence[Cell], score_cp: int | None = None) -> None:
        """Count one person's paper. Items are held against the sum of its cells that count.

        `score_cp`: the score on record, for mean and spread; without it that sum.
        """
        self._void.update(cell.key for cell in paper if self._facts[cell.key].is_void)
        cells = [cell for cell in paper if not self._facts[cell.key].is_void]
        total = sum(cell.got_cp for cell in cells)
        self._scores.append(total if score_cp is None else score_cp)
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
        items = [_item_of(key, self._facts[key], self._columns[key]) for key in self._columns]
        for key, n in self._void.items():
            facts = self._facts[key]
            items.append(ItemStatistics(*key, facts.type, facts.points_cp, n, is_void=True))
        items.sort(key=lambda item: (item.version_id, item.part))
        return Analysis(self._paper(), tuple(items))

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
        totals = list(self._scores)
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
            bands=self._bands(),
        )

    def _bands(self) -> tuple[int, ...]:
        found = [0] * BANDS
        for score in self._scores if self._max_cp else ():
            found[min(BANDS - 1, BANDS * score // self._max_cp)] += 1
        return tuple(found) if self._max_cp else ()

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
