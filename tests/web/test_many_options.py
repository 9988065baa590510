"""Questions of 26 options from the file to the correction: nowhere do letters end before Z."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from flask import Flask

from quizapp.domain.bank import LETTERS, QuestionVersion, Search
from quizapp.domain.corrections import Draft
from quizapp.domain.exams import Blueprint, Cell
from quizapp.domain.import_drafts import draft_of
from quizapp.domain.people import Viewer
from quizapp.domain.reviews import Decision, QueueSearch
from quizapp.formats import tabular
from quizapp.service import (
    analysis,
    bank_pages,
    closing,
    editing,
    enforcing,
    import_preview,
    review_queue,
    selection,
)
from quizapp.store.db import transaction
from quizapp.web import attempts as web_attempts
from quizapp.web import lane
from tests.factories import NOW, enter, make_exam, make_officer, make_viewer
from tests.question_files import sheet
from tests.sat import draft_ruling
from tests.service.test_imports import confirm, upload
from tests.web.sitting import Hall, Sitter, answer

HEADER = ["题型", "题干", *(f"选项{letter}" for letter in LETTERS), "答案", "解析", "依据", "章节"]
RIGHT = {"单选题": "Z", "多选题": "AGZ"}
LATER = NOW + timedelta(hours=9)
Versions = dict[str, QuestionVersion]


def make(role: str) -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, role)


def row(name: str) -> list[Any]:
    return [
        name, f"下列各项中属于{name}所问情形的是（　）？", *(f"第{letter}种" for letter in LETTERS),
        RIGHT[name], "依照第五十一条，其余各项都不是该条所定的情形，不能选。",
        "《行政处罚法》第五十一条", "处罚程序",
    ]  # fmt: skip


@pytest.fixture
def author(app: Flask) -> Viewer:
    return make("trainer")


@pytest.fixture
def versions(author: Viewer, tmp_path: Path) -> Versions:
    """Two published questions of 26 options by type: Z is right, or A, G and Z."""
    upload_id = upload(author, sheet([row(name) for name in RIGHT], header=HEADER), tmp_path)
    batch = int(confirm(author, upload_id)["batch"])
    assert review_queue.hand_over_batch(author, batch, reviewer_id=None, now=NOW).unsound == []
    reviewer = make("trainer")
    laid = review_queue.lay_out(reviewer, QueueSearch(batch=batch)).laid
    decisions = [Decision(each.waiting.version.code, 1, "approve") for each in laid]
    assert review_queue.decide(reviewer, decisions, law_checked=True, now=NOW) == {}
    listing, _ = bank_pages.list_questions(author, Search(), page=1)
    return {found.version.question.type: found.version for found in listing.rows}


@pytest.fixture
def hall(app: Flask, versions: Versions, monkeypatch: pytest.MonkeyPatch) -> Hall:
    """An exam of both questions, for as many officers as figures need."""
    with transaction() as tx:
        officers = [make_officer(tx) for _ in range(10)]
    exam = make_exam(
        make("organizer"),
        blueprint=Blueprint((Cell("single", 1, 100), Cell("multiple", 1, 200))),
        answers_release="closed",
    )
    hall = Hall(app, exam, officers)
    app.extensions["quizapp_lane"].forget()
    monkeypatch.setattr(web_attempts, "now", lambda: hall.now)
    monkeypatch.setattr(lane, "moment", lambda: hall.now)
    return hall


def letters_for(item: dict[str, Any], stored: str) -> list[str]:
    """Return the letters under which a paper shows stored options."""
    wanted = {f"第{letter}种" for letter in stored}
    return [option["key"] for option in item["options"] if option["text"] in wanted]


def sit(sitter: Sitter, single: str, multiple: str) -> dict[str, Any]:
    first, second = sitter.paper()["items"]
    for item in (first, second):
        assert [option["key"] for option in item["options"]] == list(LETTERS)
    saved = sitter.save(
        answer(1, *letters_for(first, single)), answer(2, *letters_for(second, multiple))
    )
    assert saved.status_code == 200, saved.text
    assert sitter.paper()["items"][1]["response"] == letters_for(second, multiple)
    return dict(sitter.submit().json)


def test_they_are_drawn_answered_marked_counted_and_corrected(
    app: Flask, hall: Hall, versions: Versions
) -> None:
    right, wrong, *others = [hall.sitter(no) for no in range(10)]
    signs = [f'<span class="letter">{letter}</span>' for letter in LETTERS]
    page = right.client.get(f"/attempts/{right.attempt_id}").text
    assert [page.count(sign) for sign in signs] == [2] * len(LETTERS)
    done = sit(right, "Z", "AGZ")
    assert done["score_cp"] == 300
    for sitter in (wrong, *others):
        assert sit(sitter, "Y", "BHY")["score_cp"] == 0
    assert app.test_client().get(f"/verify/{done['receipt']}").status_code == 200
    hall.now = LATER
    closing.close_expired(now=LATER, allowance_s=0)
    page = right.client.get(f"/attempts/{right.attempt_id}/result").text
    assert [page.count(sign) for sign in signs] == [2] * len(LETTERS)
    for item, stored in zip(right.get("/result").json["items"], ("Z", "AGZ"), strict=True):
        assert item["key"] == letters_for(item, stored)

    organizer = make("organizer")
    analysis.analyse(organizer, hall.exam.id, now=LATER)
    for kind, chosen in (("single", "YZ"), ("multiple", "ABGHYZ")):
        seen = analysis.get_item(organizer, hall.exam.id, versions[kind].id, -1, now=LATER)
        figures = seen[1].figures.options
        assert "".join(LETTERS[no] for no, each in enumerate(figures) if each.count) == chosen
    ruled = Draft(
        hall.exam.id, versions["multiple"].id, -1, "new_key", "BHY", "recalculate", "勘误"
    )
    correction_id = draft_ruling(organizer, ruled, now=LATER)
    enforcing.approve(make("organizer"), correction_id, now=LATER)
    assert [sitter.get("/result").json["score_cp"] for sitter in (right, wrong)] == [100, 200]
    again = right.get("/result").json["items"][1]
    assert again["key"] == letters_for(again, "BHY")


@pytest.mark.parametrize("key", ["xlsx", "gift", "moodle_xml", "json"])
def test_they_go_out_and_come_back_whole(author: Viewer, versions: Versions, key: str) -> None:
    written = selection.write(author, key, Search(), now=NOW).written
    assert written.left_out == ()
    report = import_preview.preview_questions("题库", written.content)
    assert (report.problems, report.skipped) == ((), ())
    back = [draft_of(each) for each in report.questions]
    assert {each.type: (each.options, each.key) for each in back} == {
        kind: (version.question.options, version.question.key) for kind, version in versions.items()
    }


def test_papers_and_lists_have_a_letter_for_each(author: Viewer, versions: Versions) -> None:
    words = ""
    for key in selection.PAPERS:
        content = selection.write(author, key, Search(), now=NOW).written.content
        words += "".join(each.text for each in docx.Document(io.BytesIO(content)).paragraphs)
    assert words.count("Z．第Z种") == 2 * 2  # the paper, and the paper with its key
    assert "【答案】AGZ" in words
    content = bank_pages.export(author, "csv", Search(), now=NOW)
    (listed,) = tabular.read("csv", content)
    named = dict(zip(listed.rows[0].cells, listed.rows[1].cells, strict=True))
    assert named["选项Z"] == "第Z种"


def test_the_editor_offers_as_many_lines_as_the_question_has(
    app: Flask, author: Viewer, versions: Versions
) -> None:
    client = app.test_client()
    token = enter(client, author.officer_id)
    code = versions["multiple"].code
    assert "第Z种" in client.get(f"/bank/questions/{code}").text
    page = client.get(f"/bank/questions/{code}/edit").text
    assert page.count('name="options-') == len(LETTERS)
    assert client.get("/bank/new").text.count('name="options-') == 6
    typed = {f"options-{no}": f"第{letter}种" for no, letter in enumerate(LETTERS)} | {
        "csrf_token": token, "type": "multiple", "stem": "下列各项中属于所问情形的是（　）？",
        "right": ["1", "25"], "explanation": "依照第五十一条，其余各项都不是该条所定的情形。",
        "citations": "《行政处罚法》第五十一条", "difficulty": "1", "topics": "处罚程序",
        "as_of": "2026-11-01", "base_version": "1", "scope": "province:13",
    }  # fmt: skip
    saved = client.post(f"/bank/questions/{code}/edit", data=typed)
    assert saved.status_code == 303, saved.text
    assert editing.get_current(author, code).question.key == (1, 25)
