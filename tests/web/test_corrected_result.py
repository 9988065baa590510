"""What an officer reads of the own result when a correction has moved ranks."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quizapp.domain.awards.base import Terms
from quizapp.domain.corrections import Draft
from quizapp.service import award_acts, enforcing, results
from quizapp.service.enforcing import Approval
from quizapp.store.db import transaction
from tests.factories import enter, make_viewer
from tests.sat import Sat, draft_ruling, sit_exam
from tests.service.test_corrections import by_number

KEY = "officer_prizes"


@pytest.fixture
def corrected(app: Flask) -> Sat:
    """Four officers; a new key lifts those with odd numbers, the prizes are kept."""
    begin = datetime.now(UTC) - timedelta(days=3)
    sat = sit_exam(by_number, people=4, now=begin)
    later = begin + timedelta(days=1)
    with transaction() as tx:
        second = make_viewer(tx, "organizer")
    award_acts.declare(sat.organizer, sat.exam.id, KEY, Terms((2, 0, 0)), now=later)
    award_acts.lock(sat.organizer, sat.exam.id, KEY, now=later)
    results.publish_results(sat.organizer, sat.exam.id, now=later)
    for version_id in sat.versions["single"]:
        draft = Draft(sat.exam.id, version_id, -1, "new_key", "B", "recalculate", "依据有误")
        correction_id = draft_ruling(second, draft, now=later)
        approval = Approval({KEY: "keep"}, suspend=True)
        enforcing.approve(sat.organizer, correction_id, approval, now=later)
    results.publish_results(sat.organizer, sat.exam.id, {KEY: "已公示"}, now=later)
    return sat


def shown(client: FlaskClient, sat: Sat, no: int) -> str:
    enter(client, sat.officers[no])
    page = client.get(f"/attempts/{sat.attempts[no]}/result").text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_an_officer_reads_the_rank_of_before_and_the_prize(
    client: FlaskClient, corrected: Sat
) -> None:
    lifted, sunk = shown(client, corrected, 1), shown(client, corrected, 0)
    assert "全省名次第 1 名 原第 3 名" in lifted
    assert "全省名次第 3 名 原第 1 名" in sunk
    assert "等奖" not in lifted
    assert "一等奖" in sunk
