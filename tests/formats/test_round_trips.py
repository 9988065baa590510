from dataclasses import replace

import pytest

from quizapp.domain.bank import Picture, Question
from quizapp.domain.import_drafts import draft_of
from quizapp.domain.imports import ImportReport, check_rows
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.formats.questions.all import QUESTION_WRITERS, find_reader
from tests.typed_questions import EVERY_TYPE, INDEFINITE, JUDGE, MULTIPLE, SINGLE

TAKEN = {
    "xlsx": EVERY_TYPE,
    "gift": (SINGLE, MULTIPLE, JUDGE),
    "moodle_xml": (SINGLE, MULTIPLE, INDEFINITE, JUDGE),
    "json": EVERY_TYPE,
}
NOT_HELD = {
    "xlsx": {},
    "gift": {"trap": "", "difficulty": 1},
    "moodle_xml": {"trap": ""},
    "json": {},
}


def read(content: bytes, key: str) -> ImportReport:
    writer = QUESTION_WRITERS.get(key)
    return check_rows(find_reader(f"export{writer.suffix}", content).read(content))


def there_and_back(content: bytes, key: str) -> list[Question]:
    report = read(content, key)
    assert report.problems == ()
    assert report.skipped == ()
    return [draft_of(imported) for imported in report.questions]


def test_the_round_trip_has_a_question_of_every_type() -> None:
    assert {question.type for question in EVERY_TYPE} == set(QUESTION_TYPES.keys())
    for question in EVERY_TYPE:
        assert QUESTION_TYPES.get(question.type).check(question) == []


@pytest.mark.parametrize("key", TAKEN)
def test_what_is_written_reads_back_as_it_was(key: str) -> None:
    back = there_and_back(QUESTION_WRITERS.get(key).write(EVERY_TYPE).content, key)
    assert back == [replace(question, **NOT_HELD[key]) for question in TAKEN[key]]


@pytest.mark.parametrize("key", TAKEN)
def test_a_second_export_has_the_same_bytes(key: str) -> None:
    writer = QUESTION_WRITERS.get(key)
    first = writer.write(EVERY_TYPE).content
    assert writer.write(there_and_back(first, key)).content == first
    assert writer.write(EVERY_TYPE).content == first


@pytest.mark.parametrize("key", TAKEN)
def test_what_a_format_cannot_hold_is_listed(key: str) -> None:
    written = QUESTION_WRITERS.get(key).write(EVERY_TYPE)
    left_out = {each.no: each.stem for each in written.left_out}
    assert left_out == {
        no: question.stem
        for no, question in enumerate(EVERY_TYPE, start=1)
        if question not in TAKEN[key]
    }
    assert {text.en.lower() for text in written.not_held} == set(NOT_HELD[key])


@pytest.mark.parametrize("key", TAKEN)
def test_no_questions_make_an_empty_file(key: str) -> None:
    assert QUESTION_WRITERS.get(key).write(()).left_out == ()


def test_the_template_holds_text_never_a_formula() -> None:
    question = replace(JUDGE, stem="=1+1", explanation='=HYPERLINK("http://x")')
    content = QUESTION_WRITERS.get("xlsx").write([question]).content
    assert there_and_back(content, "xlsx") == [question]


@pytest.mark.parametrize("key", TAKEN)
def test_pictures_stay_behind_and_are_named(key: str) -> None:
    question = replace(JUDGE, picture=Picture(7, "红灯"))
    assert "题干图片" in [text.zh for text in QUESTION_WRITERS.get(key).write([question]).not_held]
