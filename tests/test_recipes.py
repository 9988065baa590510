"""The recipes in docs/recipes.md are run as they stand."""

import re
from pathlib import Path
from types import ModuleType
from typing import Any

from quizapp.domain.awards.base import Entrant, Terms
from quizapp.domain.bank import Question
from quizapp.domain.imports import check_rows
from quizapp.domain.metrics.base import Tally
from quizapp.domain.people import Place
from quizapp.domain.question_types.all import QUESTION_TYPES

TEXT = (Path(__file__).parent.parent / "docs" / "recipes.md").read_text(encoding="utf-8")
LONGEST = 15
RECIPES = {
    match["path"]: match["code"]
    for match in re.finditer(
        r"`quizapp/(?P<path>\w+/[\w/]+\.py)`.*?```python\n(?P<code>.*?)```", TEXT, re.DOTALL
    )
}


def member(path: str, name: str) -> Any:
    module = ModuleType("recipe")
    exec(compile(RECIPES[path], path, "exec"), module.__dict__)
    return getattr(module, name)


def test_every_recipe_is_short() -> None:
    assert len(RECIPES) == TEXT.count("```python") == 5
    lines = {
        path: sum(bool(line.strip()) for line in code.splitlines())
        for path, code in RECIPES.items()
    }
    assert {path: count for path, count in lines.items() if count > LONGEST} == {}


def test_the_question_type_checks_and_marks() -> None:
    kind = member("domain/question_types/odd_one_out.py", "ODD_ONE_OUT")
    options = tuple("甲乙丙丁戊己")
    assert kind.check(Question(kind.key, "哪个不同？", options, (5,))) == []
    assert kind.check(Question(kind.key, "哪个不同？", options, (4, 5))) == ["key_count"]
    assert kind.mark("F", "F", 200, "all_or_nothing") == 200
    assert kind.mark("F", "A", 200, "all_or_nothing") == 0
    assert kind.letter not in {other.letter for other in QUESTION_TYPES}


def test_the_metric_counts_exactly() -> None:
    metric = member("domain/metrics/excellence.py", "EXCELLENCE")
    unit = Place(1, "130500", "邢台市", "city", None, 1)
    tally = Tally(unit, 4, 3, 0, 3, 1, 0, 0)
    assert metric.value(tally) * 3 == 10_000


def test_the_award_gives_by_its_own_order() -> None:
    award = member("domain/awards/turnout_prizes.py", "TURNOUT_PRIZES")
    entrants = [Entrant(no, no, no, part, 10) for no, part in enumerate((5, 9, 7, 8), 1)]
    given = award.give(entrants, Terms(award.quotas))
    assert [prize.entrant_id for prize in given.prizes] == [2, 4, 3]


def test_the_format_reads_what_it_writes() -> None:
    kind = member("formats/json_lines.py", "JsonLines")()
    (sheet,) = kind.read(kind.write("名单", ["工号", "姓名"], [["001", "李"]]))
    assert [(row.no, row.cells) for row in sheet.rows] == [
        (1, ("工号", "姓名")),
        (2, ("001", "李")),
    ]


def test_the_question_format_leaves_nothing_out() -> None:
    reader = member("formats/questions/plus_minus.py", "PlusMinus")()
    content = "+ 执法应当出示证件。\n\n- 罚款一律当场收缴。\n当事人有权陈述。".encode()
    assert reader.sniff("题.txt", content)
    report = check_rows(reader.read(content))
    assert [(each.no, each.stem, each.answer) for each in report.questions] == [
        (1, "执法应当出示证件。", True),
        (3, "罚款一律当场收缴。", False),
    ]
    assert [(each.place, each.code) for each in report.problems] == [("第 4 行", "answer_missing")]
