"""试题分析的指标: figures of items and papers, their formulas in words, what deserves a look."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    """What an item offers: options (a judgement: right, wrong; 0: none to count) and its key.

    `is_void`: ruled out afterwards; it tells nobody from anybody and is counted nowhere.
    """

    type: str
    points_cp: int
    options: int = 0
    right: frozenset[int] = frozenset()
    is_void: bool = False


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
    """Figures of one item; of a group below SMALLEST and of a void item only `n`.

    None: cannot be computed.
    """

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
    is_void: bool = False


@dataclass(frozen=True, slots=True)
class PaperStatistics:
    """Figures of the whole. `items`: on a paper; `filled_bp`: share of the matrix with answers.

    Void items are in none of them. `bands`: persons by tenths of full marks, the last one closed.
    """

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
    bands: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """A paper and its items, in the order of their keys."""

    paper: PaperStatistics
    items: tuple[ItemStatistics, ...]


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
    paper = plain["paper"]
    return Analysis(PaperStatistics(**(paper | {"bands": tuple(paper.get("bands", ()))})), items)
