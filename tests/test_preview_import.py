"""What `preview-import` prints: the report and nothing but the report."""

import json
from pathlib import Path

import pytest
from flask import Flask

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


def test_without_json_a_line_for_each_problem_and_one_for_all(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(files.motiban())
    status, printed, _ = run(app, str(file))
    assert status == 0
    assert printed.splitlines() == [
        "Sheet1 第 7 行: 题型不支持（填空题） [unsupported_type]",
        "a.xlsx: 2 questions, 1 problems, 3 skipped",
    ]
