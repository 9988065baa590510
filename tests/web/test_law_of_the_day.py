"""A finished exam keeps the law of its day: where its citations lead after an amendment."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.domain.bank import Question
from quizapp.domain.corrections import Draft
from quizapp.domain.exams import Blueprint, Cell
from quizapp.domain.ids import ExamId, VersionId
from quizapp.domain.people import Viewer
from quizapp.domain.statutes import Citation
from quizapp.service import analysis, corrections, enforcing, faults
from quizapp.service.people import find_viewer
from quizapp.store.db import transaction
from quizapp.web import analysis as analysis_pages
from quizapp.web import corrections as correction_pages
from quizapp.web import faults as fault_pages
from quizapp.web import statutes as law_pages
from tests.factories import NOW, enter, make_question, make_viewer
from tests.law_of_kites import NEW_LINES, OLD_LINES
from tests.sat import draft_ruling
from tests.service.test_amendments import FORCE, KITES, OLD, bring
from tests.web.sitting import Open, Sitter, answer

DAY = NOW.date()
LATER = NOW + (FORCE - DAY) + timedelta(days=30)
ALONE, WITH_OTHERS = "夜间放飞应当挂灯。", "并且有人陪同"
LINK = re.compile(r'href="(/laws/cited[^"]+)"')


@dataclass
class Sat:
    """A paper that was sat, and its only question."""

    app: Flask
    sitter: Sitter
    exam_id: ExamId
    version_id: int

    def organizer(self) -> tuple[Viewer, FlaskClient]:
        client = self.app.test_client()
        with transaction() as tx:
            viewer = make_viewer(tx, "organizer")
        enter(client, viewer.officer_id)
        return viewer, client


@pytest.fixture
def sat(app: Flask, hall_of: Open, monkeypatch: pytest.MonkeyPatch) -> Sat:
    """A judgement on a law, sat before the law is amended and looked at afterwards."""
    bring(OLD_LINES)
    with transaction() as tx:
        lamps = Question(
            "judge", "夜间放飞不必挂灯。", key=False,
            explanation=f"见《{KITES}》第六条。",
            citations=(Citation(KITES, None, 6), Citation(KITES, OLD, 6)),
        )  # fmt: skip
        version_id = make_question(tx, lamps)
    hall = hall_of(blueprint=Blueprint((Cell("judge", 1, 100, laws=(KITES,)),)))
    sitter = hall.sitter()
    sitter.save(answer(1, "T"))
    assert sitter.submit().status_code == 200
    bring(NEW_LINES)
    hall.now = LATER
    for pages in (analysis_pages, correction_pages, fault_pages, law_pages):
        monkeypatch.setattr(pages, "now", lambda: LATER)
    return Sat(app, sitter, hall.exam.id, version_id)


def opened(client: FlaskClient, path: str) -> list[str]:
    """Return the article pages that the citations of a page open."""
    page = client.get(path)
    assert page.status_code == 200, page.text
    links = [link.replace("&amp;", "&") for link in LINK.findall(page.text)]
    return [client.get(link, follow_redirects=True).text for link in links]


def check(articles: list[str], count: int) -> None:
    assert len(articles) == count
    for article in articles:
        assert ALONE in article
        assert WITH_OTHERS not in article
        assert f"考试按 {DAY} 的法律出题" in article
        assert f"{FORCE} 起已变化" in article


def test_a_result_opens_the_articles_of_its_day(sat: Sat) -> None:
    paper = f"/attempts/{sat.sitter.attempt_id}"
    check(opened(sat.sitter.client, f"{paper}/result"), 3)
    check(opened(sat.sitter.client, f"{paper}/items/1/fault"), 2)
    today = sat.sitter.client.get(f"/laws/cited?law={KITES}&article=6", follow_redirects=True).text
    assert WITH_OTHERS in today
    assert "的法律出题" not in today


def test_statistics_and_corrections_open_the_articles_of_its_day(sat: Sat) -> None:
    viewer, client = sat.organizer()
    analysis.analyse(viewer, sat.exam_id, now=LATER)
    check(opened(client, f"/manage/analysis/{sat.exam_id}/items/{sat.version_id}"), 2)
    reason = f"《{KITES}》第六条要求挂灯。"
    ruling = Draft(
        sat.exam_id, VersionId(sat.version_id), -1, "void_full", "", "recalculate", reason
    )
    correction_id = corrections.draft(viewer, ruling, now=LATER)
    check(opened(client, f"/manage/corrections/case/{correction_id}"), 3)


def test_a_correction_in_force_keeps_the_day(sat: Sat) -> None:
    viewer, client = sat.organizer()
    second, _ = sat.organizer()
    reason = f"《{KITES}》第六条要求挂灯。"
    ruling = Draft(
        sat.exam_id, VersionId(sat.version_id), -1, "new_key", "T", "recalculate", reason
    )
    correction_id = draft_ruling(viewer, ruling, now=LATER)
    enforcing.approve(second, correction_id, now=LATER)
    check(opened(client, f"/manage/corrections/case/{correction_id}"), 3)
    check(opened(sat.sitter.client, f"/attempts/{sat.sitter.attempt_id}/result"), 5)


def test_a_report_and_its_answer_open_the_articles_of_the_exams_day(sat: Sat) -> None:
    words = f"请看《{KITES}》第六条。"
    officer = find_viewer(sat.sitter.officer_id, 1, "test")
    with transaction() as tx:
        trainer = make_viewer(tx, "trainer")
    assert officer is not None
    fault_id = faults.report(officer, sat.sitter.attempt_id, 1, kind="key", text=words, now=LATER)
    desk = sat.app.test_client()
    enter(desk, trainer.officer_id)
    check(opened(desk, "/bank/faults"), 1)
    check(opened(desk, f"/bank/faults/{fault_id}"), 1)
    faults.answer(trainer, fault_id, outcome="right", text=words, now=LATER)
    check(opened(desk, "/bank/faults"), 2)
    check(opened(desk, f"/bank/faults/{fault_id}"), 2)
    check(opened(sat.sitter.client, "/faults"), 2)


def test_from_one_article_to_the_next_the_day_stays(sat: Sat) -> None:
    client = sat.sitter.client
    page = client.get(f"/laws/1/6?on={DAY}").text
    assert f'href="/laws/1/5?on={DAY}"' in page
    assert 'href="/laws/2/6"' in page
