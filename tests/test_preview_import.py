"""What `preview-import` prints: the report and nothing but the report."""

import json
import re
from pathlib import Path

import pytest
from flask import Flask

import quizapp
from quizapp.cli_edge import words_of
from quizapp.domain.import_findings import REFUSAL_WORDS, refused
from quizapp.domain.sheets import FileRefused
from quizapp.web.messages import message
from tests.formats import question_files as files


def run(app: Flask, *words: str) -> tuple[int, str, str]:
    done = app.test_cli_runner().invoke(args=["preview-import", *words])
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize("name", ["kaoshibao", "single_type_sheets", "coded_types", "five_columns"])
def test_the_report_is_json_of_questions_problems_and_skipped(
    app: Flask, tmp_path: Path, name: str
) -> None:
    file = tmp_path / "题库 一.dat"
    file.write_bytes(getattr(files, name)())
    status, printed, said = run(app, str(file), "--json")
    assert (status, said) == (0, "")
    report = json.loads(printed)
    assert list(report) == ["questions", "problems", "skipped"]
    assert report["questions"]
    assert report["problems"]
    for question in report["questions"]:
        assert isinstance(question["answer"], bool) == (question["type"] == "judge")


def test_a_file_that_is_refused_is_a_problem_and_status_1(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "坏.xlsx"
    file.write_bytes(files.kaoshibao()[:400])
    status, printed, said = run(app, str(file), "--json")
    assert status == 1
    assert json.loads(printed)["problems"][0]["code"] == "file_refused"
    assert said.count("\n") == 1


def test_every_reason_not_to_read_a_file_has_its_words_here_and_on_pages(app: Flask) -> None:
    formats = Path(quizapp.__file__).parent / "formats"
    source = "".join(path.read_text(encoding="utf-8") for path in formats.rglob("*.py"))
    codes = set(re.findall(r'"(file_\w+)"', source))
    assert len(codes) > 15
    assert codes == set(REFUSAL_WORDS)
    facts = {"mb": 1, "lines": 2, "line": 3, "most": 4, "rows": 5, "columns": 6}
    with app.test_request_context():
        for code, words in REFUSAL_WORDS.items():
            assert message(code, **facts) != code
            assert words_of(FileRefused(code, **facts)) == words.en.format(**facts)
            assert (
                refused("a", code, facts).message == f"文件无法读取（{words.zh.format(**facts)}）"
            )


def test_without_json_a_line_for_each_problem_and_one_for_all(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(files.motiban())
    status, printed, _ = run(app, str(file))
    assert status == 0
    assert printed.splitlines() == [
        "Sheet1 第 7 行: 题型不支持（填空题） [unsupported_type]",
        "a.xlsx: 2 questions, 1 problems, 3 skipped",
    ]
