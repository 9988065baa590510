"""Two versions of a question side by side."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.bank import Picture, Question
from quizapp.domain.differences import compare, compare_texts
from quizapp.domain.statutes import Citation

OLD = Question(
    "single",
    "罚款数额最高是多少（ ）？",
    ("二百元", "一百元", "五十元", "三百元"),
    (0,),
    "依照第五十一条。",
)


def found(older: Question, newer: Question) -> list[tuple[int, str]]:
    return [(change.part, change.field.zh) for change in compare(older, newer)]


def test_equal_versions_have_no_difference() -> None:
    assert compare(OLD, replace(OLD)) == []


@pytest.mark.parametrize(
    ("over", "fields"),
    [
        ({"stem": "罚款数额最低是多少（ ）？"}, [(0, "题干")]),
        ({"key": (1,)}, [(0, "答案")]),
        ({"options": ("二百元", "一百元", "六十元", "三百元")}, [(0, "选项 C")]),
        ({"difficulty": 2, "topics": ("听证",)}, [(0, "难度"), (0, "主题")]),
        ({"type": "judge", "options": (), "key": True},
         [(0, "题型"), (0, "选项 A"), (0, "选项 B"), (0, "选项 C"), (0, "选项 D"), (0, "答案")]),
    ],
)  # fmt: skip
def test_every_field_that_differs_is_named(over: dict[str, object], fields: object) -> None:
    assert found(OLD, replace(OLD, **over)) == fields  # type: ignore[arg-type]


def test_fields_keep_the_order_of_a_page_whatever_is_added_or_gone() -> None:
    more = (*OLD.options, "五百元")
    newer = replace(OLD, options=more, explanation="依照第五十二条。", picture=Picture(3, "招牌"))
    fields = [(0, "选项 E"), (0, "解析"), (0, "图片")]
    assert found(OLD, newer) == found(newer, OLD) == fields


def test_parts_of_a_case_are_compared_by_number() -> None:
    older = Question("case", "材料", parts=(OLD, OLD))
    newer = Question("case", "材料", parts=(OLD, replace(OLD, stem="另一问"), OLD))
    fields = found(older, newer)
    assert (2, "题干") in fields
    assert (3, "题干") in fields
    assert not [part for part, _ in fields if part == 1]


def test_a_number_changes_as_a_whole() -> None:
    pieces = compare_texts("处一百元以上500元以下罚款", "处一百元以上5000元以下罚款")
    assert [(piece.kind, piece.text) for piece in pieces if piece.kind != "same"] == [
        ("gone", "500"), ("new", "5000"),
    ]  # fmt: skip


def test_a_citation_changes_as_a_whole() -> None:
    before, after = (
        replace(OLD, citations=(Citation("甲法", None, 1), Citation("乙法", date(2021, 1, 22), no)))
        for no in (51, 52)
    )
    (change,) = compare(before, after)
    assert [(piece.kind, piece.text) for piece in change.pieces] == [
        ("same", "《甲法》第一条；"),
        ("gone", "《乙法》（2021-01-22）第五十一条"),
        ("new", "《乙法》（2021-01-22）第五十二条"),
    ]


@given(st.text(max_size=40), st.text(max_size=40))
def test_both_texts_can_be_read_off_the_difference(older: str, newer: str) -> None:
    pieces = compare_texts(older, newer)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == older
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == newer
