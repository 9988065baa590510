"""Item statistics against other ways of computing them, and by hand."""

import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from itertools import combinations

import pytest

from quizapp.domain.item_cells import seconds_by_item
from quizapp.domain.item_figures import (
    Analysis,
    Cell,
    ItemFacts,
    ItemKey,
    ItemStatistics,
    analysis_from_plain,
)
from quizapp.domain.item_statistics import Collector

Matrix = list[dict[int, int]]
"""Points by item, one entry per person."""


def analyse(rows: Matrix, points: int = 100) -> Analysis:
    facts = {ItemKey(no): ItemFacts("single", points) for row in rows for no in row}
    collector = Collector(facts)
    for row in rows:
        collector.add([Cell(ItemKey(no), got) for no, got in row.items()])
    return collector.result()


def fixed(persons: int, items: int, levels: Sequence[int], seed: str) -> Matrix:
    """Persons of differing skill on one paper."""
    chance = random.Random(seed)
    skills = [chance.gauss(0, 1) for _ in range(persons)]
    top = len(levels) - 1
    return [
        {
            no: levels[min(top, max(0, round((skill + chance.gauss(0, 1) - no / items) + top / 2)))]
            for no in range(items)
        }
        for skill in skills
    ]


def drawn(persons: int, items: int, of: int, seed: str) -> Matrix:
    chance = random.Random(seed)
    whole = fixed(persons, of, (0, 100), seed)
    return [{no: row[no] for no in sorted(chance.sample(range(of), items))} for row in whole]


@pytest.mark.parametrize("levels", [(0, 100), (0, 50, 100)])
def test_items_agree_with_the_standard_library(levels: tuple[int, ...]) -> None:
    rows = fixed(60, 8, levels, "items")
    totals = [sum(row.values()) for row in rows]
    shown = analyse(rows)
    for item in shown.items:
        got = [row[item.version_id] for row in rows]
        rest = [total - x for total, x in zip(totals, got, strict=True)]
        assert item.facility == pytest.approx(statistics.fmean(got) / 100)
        assert item.discrimination == pytest.approx(statistics.correlation(got, rest))
        assert item.effective_weight == pytest.approx(
            statistics.covariance(got, totals) / statistics.variance(totals)
        )
        right = [t for t, x in zip(totals, got, strict=True) if x == 100]
        other = [t for t, x in zip(totals, got, strict=True) if x != 100]
        p = len(right) / len(rows)
        gap = statistics.fmean(right) - statistics.fmean(other)
        by_definition = gap / statistics.pstdev(totals) * math.sqrt(p * (1 - p))
        assert item.point_biserial == pytest.approx(by_definition)
    weights = [item.effective_weight or 0 for item in shown.items]
    assert math.fsum(weights) == pytest.approx(1)


def test_a_fixed_paper_has_cronbachs_alpha_and_the_textbook_moments() -> None:
    rows = fixed(40, 10, (0, 50, 100), "paper")
    totals = [sum(row.values()) for row in rows]
    paper = analyse(rows).paper
    mean, sd = statistics.fmean(totals), statistics.stdev(totals)
    own = sum(statistics.variance([row[no] for row in rows]) for no in range(10))
    alpha = 10 / 9 * (1 - own / statistics.variance(totals))
    assert not paper.is_random
    assert not paper.is_kr20
    assert paper.mean_cp == pytest.approx(mean)
    assert paper.sd_cp == pytest.approx(sd)
    assert paper.alpha == pytest.approx(alpha)
    assert paper.sem_cp == pytest.approx(sd * math.sqrt(1 - alpha))
    third = statistics.fmean((t - mean) ** 3 for t in totals)
    plain = third / statistics.pstdev(totals) ** 3
    assert paper.skewness == pytest.approx(plain * math.sqrt(40 * 39) / 38)


def test_right_or_wrong_items_of_equal_points_give_kr20() -> None:
    rows = fixed(50, 12, (0, 100), "kr20")
    shares = [sum(row[no] for row in rows) / 5000 for no in range(12)]
    rights = [sum(row.values()) // 100 for row in rows]
    kr20 = 12 / 11 * (1 - sum(p * (1 - p) for p in shares) / statistics.pvariance(rights))
    paper = analyse(rows).paper
    assert paper.is_kr20
    assert paper.alpha == pytest.approx(kr20)


def test_alpha_by_hand() -> None:
    """Four persons thrice: 3, 2, 1, 0 right of three items in a perfect ladder; KR-20 = 0.75."""
    ladder = [(1, 1, 1), (1, 1, 0), (1, 0, 0), (0, 0, 0)]
    rows = [{no: 100 * x for no, x in enumerate(row)} for row in ladder * 3]
    # p = 3/4, 2/4, 1/4: Σpq = 10/16; variance of 3, 2, 1, 0 = 5/4; 3/2 × (1 − 1/2) = 3/4
    assert analyse(rows).paper.alpha == pytest.approx(0.75)


def test_alpha_of_drawn_papers_by_pairs_of_cells() -> None:
    rows = drawn(80, 6, 15, "drawn")
    means = {
        no: statistics.fmean(row[no] for row in rows if no in row)
        for no in {no for row in rows for no in row}
    }
    own = [(row[no] - means[no]) ** 2 for row in rows for no in row]
    pairs = [
        (row[a] - means[a]) * (row[b] - means[b]) for row in rows for a, b in combinations(row, 2)
    ]
    v, c = statistics.fmean(own), statistics.fmean(pairs)
    paper = analyse(rows).paper
    assert paper.is_random
    assert (paper.items, paper.different, paper.filled_bp) == (6, 15, 4000)
    assert paper.alpha == pytest.approx(6 * c / (v + 5 * c))


def test_drawn_papers_are_as_reliable_as_the_whole_is_by_spearman_and_brown() -> None:
    """What slots filled with different questions get wrong: the estimate fits the full matrix."""
    whole = analyse(fixed(400, 30, (0, 100), "brown")).paper.alpha
    part = analyse(drawn(400, 10, 30, "brown")).paper.alpha
    assert whole is not None
    assert part is not None
    foretold = whole / (whole + 3 * (1 - whole))
    assert part == pytest.approx(foretold, abs=0.06)


def test_small_groups_are_counted_and_nothing_else() -> None:
    shown = analyse(fixed(9, 5, (0, 100), "few"))
    assert shown.paper.n == 9
    assert (shown.paper.mean_cp, shown.paper.alpha, shown.paper.sem_cp) == (None, None, None)
    assert shown.items[0] == ItemStatistics(0, -1, "single", 100, 9)


def test_nothing_and_sameness_divide_by_nothing() -> None:
    empty = Collector({}).result()
    assert (empty.paper.n, empty.items) == (0, ())
    shown = analyse([{0: 100, 1: 100}] * 12)
    assert shown.paper.alpha is None
    assert shown.paper.skewness is None
    assert (shown.items[0].facility, shown.items[0].discrimination) == (1.0, None)
    assert shown.items[0].flags == ("too_easy",)


def chosen_paper(option: int, others: int) -> list[Cell]:
    got = 100 if option == 0 else 0
    return [Cell(ItemKey(1), got, (option,), 12.0), Cell(ItemKey(2), others)]


def test_options_say_who_takes_them_and_what_is_wrong_with_them() -> None:
    facts = {
        ItemKey(1): ItemFacts("single", 100, 4, frozenset({0})),
        ItemKey(2): ItemFacts("blank", 1000),
    }
    collector = Collector(facts)
    papers = [(0, 0)] * 6 + [(1, 900)] * 5 + [(2, 300)]
    for option, others in papers:
        collector.add(chosen_paper(option, others))
    item = collector.result().items[0]
    assert [option.count for option in item.options] == [6, 5, 1, 0]
    assert [option.is_right for option in item.options] == [True, False, False, False]
    rest = [others for _, others in papers]
    for no in range(3):
        took = [int(option == no) for option, _ in papers]
        assert item.options[no].correlation == pytest.approx(statistics.correlation(took, rest))
    assert item.options[3].correlation is None
    assert item.flags == ("negative", "idle_option", "weak_key")
    assert item.median_s == 12.0


def test_an_analysis_comes_back_from_its_plain_form() -> None:
    shown = analyse(fixed(20, 4, (0, 100), "plain"))
    assert analysis_from_plain(asdict(shown)) == shown


def test_time_belongs_to_the_answer_it_ends_with() -> None:
    answers = [(2, 40_000), (1, 10_000), (1, 55_000)]
    assert seconds_by_item(0, 60_000, answers) == {1: 25.0, 2: 30.0}
    assert seconds_by_item(1000, 5000, [(1, 0), (2, 99_000)]) == {1: 0.0, 2: 4.0}
    assert seconds_by_item(0, 10, []) == {}


LADDER = (
    (2, 1, 1, 0), (2, 2, 1, 1), (0, 1, 0, 0), (2, 2, 1, 1), (1, 0, 1, 0),
    (2, 1, 0, 1), (0, 0, 0, 0), (2, 2, 1, 1), (1, 2, 0, 1), (2, 0, 1, 0),
)  # fmt: skip
"""Ten persons, two items of two points with half marks, two of one point: sums by hand below."""


def test_a_paper_worked_out_by_hand() -> None:
    """Totals 4 6 1 6 2 4 0 6 4 3: Σ = 36, ΣT² = 170, so SS = 40.4 and s² = 40.4/9.

    Item variances (× 9): Σx² − (Σx)²/10 = 26 − 19.6, 19 − 12.1, 6 − 3.6, 5 − 2.5 = 18.2 in sum.
    α = 4/3 × (1 − 18.2/40.4). T − 3.6 thrice 0.4 and 2.4, −2.6, −1.6, −3.6, −0.6: Σ³ = −26.88.
    """
    points = (200, 200, 100, 100)
    facts = {ItemKey(no): ItemFacts("multiple", top) for no, top in enumerate(points)}
    collector = Collector(facts, 600)
    for row in LADDER:
        collector.add([Cell(ItemKey(no), 100 * got) for no, got in enumerate(row)])
    paper, items = collector.result().paper, collector.result().items
    assert paper.mean_cp == pytest.approx(360)
    assert paper.sd_cp == pytest.approx(100 * math.sqrt(40.4 / 9))
    assert paper.skewness == pytest.approx(10 / 72 * -26.88 / (40.4 / 9) ** 1.5)
    assert paper.alpha == pytest.approx(4 / 3 * (1 - 18.2 / 40.4))
    assert paper.sem_cp == pytest.approx(
        100 * math.sqrt(40.4 / 9) * math.sqrt(1 - 4 / 3 * (1 - 18.2 / 40.4))
    )
    assert paper.bands == (1, 1, 0, 1, 0, 1, 3, 0, 0, 3)
    assert [item.facility for item in items] == pytest.approx([0.7, 0.55, 0.6, 0.5])
    # item 3: Σx = 5, ΣxT = 4·0 + 6·1 + 6·1 + 4·1 + 6·1 + 4·1 = 26; rest = T − x, ΣxR = 21
    # n·ΣxR − Σx·ΣR = 210 − 155 = 55; x: 10·5 − 25 = 25; R: ΣR² = 170 − 52 + 5 = 123, 1230 − 961
    assert items[3].discrimination == pytest.approx(55 / math.sqrt(25 * 269))
    # with the total: 260 − 5·36 = 80; T: 1700 − 1296 = 404
    assert items[3].point_biserial == pytest.approx(80 / math.sqrt(25 * 404))
    assert items[3].effective_weight == pytest.approx(80 / 404)


def test_a_void_item_is_counted_and_nothing_else() -> None:
    rows = fixed(40, 6, (0, 100), "void")
    facts = {ItemKey(no): ItemFacts("single", 100, is_void=no == 2) for no in range(6)}
    collector = Collector(facts)
    for row in rows:
        collector.add([Cell(ItemKey(no), got) for no, got in row.items()])
    without = analyse([{no: got for no, got in row.items() if no != 2} for row in rows])
    shown = collector.result()
    assert shown.paper == without.paper
    assert tuple(item for item in shown.items if not item.is_void) == without.items
    assert shown.items[2] == ItemStatistics(2, -1, "single", 100, 40, is_void=True)


def test_mean_and_spread_are_of_the_scores_on_record() -> None:
    rows = fixed(12, 4, (0, 100), "scaled")
    facts = {ItemKey(no): ItemFacts("single", 100) for no in range(4)}
    collector = Collector(facts, 500)
    for row in rows:
        collector.add(
            [Cell(ItemKey(no), got) for no, got in row.items()], 5 * sum(row.values()) // 4
        )
    plain, shown = analyse(rows).paper, collector.result().paper
    assert plain.mean_cp is not None
    assert shown.mean_cp == pytest.approx(plain.mean_cp * 1.25)
    assert shown.alpha == plain.alpha
    assert sum(shown.bands) == 12
