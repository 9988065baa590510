"""The form of a bank must not give its keys away."""

import random
from dataclasses import replace
from datetime import date
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.domain.bank import Entry, Key, Question
from quizapp.domain.bank_balance import check_balance
from quizapp.domain.bank_entries import Bank, Target
from quizapp.domain.bank_likeness import find_alike, jaccard, pieces_of
from quizapp.domain.bank_summary import summarize, summary_lines

WORDS = (
    "占道经营罚款听证复议诉讼证据扣押拆除违建绿化排水燃气市容广告噪声扬尘垃圾物业消防许可催告送达"
)


def words(chance: random.Random, count: int) -> str:
    return "".join(chance.choice(WORDS) for _ in range(count))


def entry(no: int, kind: str, key: Key, chance: random.Random, **over: object) -> Entry:
    options = () if kind == "judge" else tuple(words(chance, 6) for _ in range(4))
    question = Question(kind, words(chance, 30), options, key, difficulty=(1, 1, 2, 2, 3)[no % 5])
    question = replace(question, **over)  # type: ignore[arg-type]
    return Entry(f"HB-X-001-{no:02d}", question, "x.yaml", no, (), "甲法", date.min, "", "")


def bank_of(count: int = 60) -> Bank:
    chance = random.Random(7)
    multiple = list(combinations(range(4), 2))
    rows: list[tuple[str, Key]] = [("single", (no % 4,)) for no in range(count)]
    rows += [("multiple", multiple[no % 6]) for no in range(count)]
    rows += [("judge", no % 2 == 0) for no in range(count)]
    return Bank(tuple(entry(no, *row, chance) for no, row in enumerate(rows)))


def checks_of(bank: Bank) -> set[str]:
    return {each.check for each in check_balance(bank)}


def altered(kind: str, **over: object) -> Bank:
    bank = bank_of()
    return Bank(
        tuple(
            replace(each, question=replace(each.question, **over))  # type: ignore[arg-type]
            if each.question.type == kind
            else each
            for each in bank.entries
        )
    )


def test_an_even_bank_has_no_findings() -> None:
    assert check_balance(bank_of()) == []


def test_what_gives_the_key_away_is_found() -> None:
    assert checks_of(altered("single", key=(2,))) == {"key_positions"}
    assert "multiple_letters" in checks_of(altered("multiple", key=(0, 1)))
    assert "multiple_all_right" in checks_of(altered("multiple", key=(0, 1, 2, 3)))
    assert checks_of(altered("judge", key=True)) == {"judge_balance"}
    assert checks_of(altered("judge", difficulty=3)) == {"difficulty_balance"}
    uneven = ("甲" * 30, "乙", "丙丁", "戊己")
    found = checks_of(altered("single", options=uneven, key=(0,)))
    assert {"option_lengths", "longest_is_key", "key_positions"} <= found


def test_negative_stems_and_absolute_words_are_counted() -> None:
    bank = bank_of()
    chance = random.Random(3)
    loud = [
        replace(
            each,
            question=replace(
                each.question,
                stem=words(chance, 20) + ("一律" if each.question.key is True else "可以"),
            ),
        )
        if each.question.type == "judge"
        else replace(
            each, question=replace(each.question, stem=words(chance, 20) + "【不】正确的是（　）")
        )
        for each in bank.entries
    ]
    assert checks_of(Bank(tuple(loud))) == {"absolute_words", "negative_share"}


def test_the_plan_is_met_to_nine_tenths_and_no_law_outweighs() -> None:
    bank = bank_of()
    plan = (Target(("甲法", "乙法"), {"single": 66, "judge": 67}),)
    found = check_balance(replace(bank, plan=plan))
    assert [(each.check, each.facts.get("type")) for each in found] == [
        ("coverage", "judge"),
        ("law_share", None),
    ]


def test_copies_and_near_copies_are_found() -> None:
    bank = bank_of()
    first = bank.entries[0]
    copy = replace(first, code="HB-X-002-01")
    near = replace(
        first,
        code="HB-X-003-01",
        question=replace(first.question, stem=first.question.stem + "吗"),
    )
    found = check_balance(Bank((*bank.entries, copy, near)))
    assert {(each.code, each.check) for each in found} >= {
        ("HB-X-002-01", "same_as"),
        ("HB-X-003-01", "near_duplicate"),
    }


@given(st.lists(st.text("甲乙丙丁戊", max_size=12), max_size=12), st.sampled_from([0.3, 0.6, 0.8]))
@settings(max_examples=200, deadline=None)
def test_the_index_finds_exactly_the_pairs_that_comparing_all_would_find(
    texts: list[str], least: float
) -> None:
    sets = [pieces_of(text) for text in texts]
    expected = {
        (first, second)
        for first, second in combinations(range(len(texts)), 2)
        if jaccard(sets[first], sets[second]) >= least
    }
    assert {(pair.first, pair.second) for pair in find_alike(texts, least)} == expected


def test_the_summary_counts_every_question_once() -> None:
    summary = summarize(bank_of())
    assert summary.total == 180
    assert summary.laws[0].types == {"single": 60, "multiple": 60, "judge": 60}
    assert summary.key_positions == {"A": 15, "B": 15, "C": 15, "D": 15}
    assert summary.true_pct == 50.0
    assert len(summary_lines(summary)) == 4
