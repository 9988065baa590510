"""What units below see of a bank above: the versions it issued; their pictures; what is counted."""

import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.bank import Picture, Question
from quizapp.service import editing, pictures, reviews
from quizapp.store.bank import questions
from quizapp.store.db import transaction
from tests.factories import NOW, make_draft, make_questions, publish_question
from tests.web.test_bank_scopes import BANKS, UNITS, WRITERS
from tests.web.test_editing import SINGLE, Desk, code_in, drawing

FIRST, DROPPED, LAST = "第一版的题干由谁批准", "没有通过的题干由谁批准", "第三版的题干由谁批准"
INSIDE = (DROPPED, "这句意见", "退回的理由", "改动的原因")
BELOW = {"province": "county", "city": "sister", "county": ""}


@pytest.fixture
def desks(app: Flask) -> dict[str, Desk]:
    return {name: Desk(app, unit) for name, unit in UNITS.items()}


@pytest.fixture
def other(app: Flask) -> Callable[[str], Desk]:
    """A second trainer of a unit, who reviews."""
    return lambda name: Desk(app, UNITS[name])


def rewrite(desk: Desk, code: str, **fields: object) -> int:
    current = editing.get_current(desk.viewer, code)
    new = Question(
        **{name: getattr(current.question, name) for name in Question.__slots__} | fields
    )  # type: ignore[arg-type]
    return editing.edit(
        desk.viewer, code, new, base_version=current.version, as_of=NOW.date(), note="改动的原因",
        now=NOW,
    )  # fmt: skip


def make_three(desk: Desk, reviewer: Desk, scope: str) -> str:
    """A question published in its first and third wording; the second was sent back."""
    code = make_draft(desk.viewer, scope, stem=FIRST)
    publish_question(desk.viewer, reviewer.viewer, code)
    version = rewrite(desk, code, stem=DROPPED)
    reviews.say(desk.viewer, code, "这句意见", now=NOW)
    for who, step in ((desk, "submit"), (reviewer, "return")):
        reviews.take_step(who.viewer, code, step, version=version, note="退回的理由", now=NOW)
    rewrite(desk, code, stem=LAST)
    publish_question(desk.viewer, reviewer.viewer, code)
    return code


@pytest.mark.parametrize("bank", ["province", "city"])
def test_units_below_see_the_versions_that_were_issued(
    desks: dict[str, Desk], other: Callable[[str], Desk], bank: str
) -> None:
    code = make_three(desks[bank], other(bank), BANKS[bank])
    path = f"/bank/questions/{code}"
    inside = desks[bank].client.get(path).text + desks[bank].client.get(f"{path}?version=2").text
    assert all(words in inside for words in INSIDE)
    below = desks[BELOW[bank]].client
    page = below.get(path)
    assert page.status_code == 200
    assert LAST in page.text
    old = below.get(f"{path}?version=1")
    assert FIRST in old.text
    changes = below.get(f"{path}/compare?older=1&newer=3")
    assert changes.status_code == 200
    assert f"{path}/compare?older=1&amp;newer=3" in page.text
    seen = page.text + old.text + changes.text
    assert not [words for words in (*INSIDE, "version=2") if words in seen]
    hidden = ("?version=2", "/compare?older=1&newer=2", "/compare?older=2&newer=3", "/edit")
    assert [below.get(path + tail).status_code for tail in hidden] == [404, 404, 404, 403]


def test_a_wording_that_came_after_the_last_issued_one_goes_with_the_question(
    desks: dict[str, Desk], other: Callable[[str], Desk]
) -> None:
    code = make_three(desks["province"], other("province"), BANKS["province"])
    rewrite(desks["province"], code, stem="停用前没审过的题干")
    path, me = f"/bank/questions/{code}", desks["province"].viewer
    assert desks["county"].client.get(path).status_code == 404
    reviews.take_step(me, code, "retire", version=4, note="停用", now=NOW)
    page = desks["county"].client.get(path).text
    assert LAST in page
    assert "停用前没审过的题干" not in page
    assert code not in desks["county"].client.get("/bank/?state=retired").text


def test_only_what_is_listed_is_counted(app: Flask, desks: dict[str, Desk]) -> None:
    with transaction() as tx:
        make_questions(tx, "judge", 2, scope="national", law="行政处罚法")
        make_questions(tx, "judge", 3, scope="city:130500", law="城乡规划法")
        make_questions(tx, "judge", 4, scope="city:130200", law="行政强制法")
        make_questions(tx, "judge", 5, scope="county:130503", law="行政许可法")
    expected = {
        "province": {"行政处罚法": 2, "城乡规划法": 3, "行政强制法": 4, "行政许可法": 5},
        "city": {"行政处罚法": 2, "城乡规划法": 3, "行政许可法": 5},
        "county": {"行政处罚法": 2, "城乡规划法": 3},
        "sister": {"行政处罚法": 2, "城乡规划法": 3, "行政许可法": 5},
        "neighbour": {"行政处罚法": 2, "行政强制法": 4},
    }
    laws = set(expected["province"])
    for name, counts in expected.items():
        client = desks[name].client
        page = client.get("/bank/").text
        assert {law for law in laws if law in page} == set(counts), name
        for law, count in counts.items():
            found = client.get(f"/bank/?law={law}").text
            assert f"共 {count} 题" in found
            assert f'">{law}</a></th><td class="num">{count}</td>' in page


def draw(desk: Desk) -> int:
    return pictures.keep(desk.viewer, drawing(), now=NOW)


def who_sees(desks: dict[str, Desk], picture_id: int) -> set[str]:
    found = set()
    for name, desk in desks.items():
        reply = desk.client.get(f"/bank/pictures/{picture_id}")
        assert reply.status_code in (200, 404)
        found |= {name} if reply.status_code == 200 else set()
    return found


@pytest.mark.parametrize("bank", BANKS)
def test_a_picture_is_seen_by_those_who_see_a_version_with_it(
    desks: dict[str, Desk], other: Callable[[str], Desk], bank: str
) -> None:
    picture = Picture(draw(desks[bank]), "一块招牌")
    assert who_sees(desks, picture.id) == {bank}
    code = make_draft(desks[bank].viewer, BANKS[bank], picture=picture)
    assert who_sees(desks, picture.id) == WRITERS[bank]
    publish_question(desks[bank].viewer, other(bank).viewer, code)
    readers = {name for name, desk in desks.items()
               if desk.client.get(f"/bank/questions/{code}").status_code == 200}  # fmt: skip
    assert who_sees(desks, picture.id) == readers > WRITERS[bank] - {"county"}
    rewrite(desks[bank], code, picture=None)
    publish_question(desks[bank].viewer, other(bank).viewer, code)
    assert who_sees(desks, picture.id) == readers
    with transaction() as tx:
        tx.execute(sa.update(questions).values(scope="city:130200"))
    assert who_sees(desks, picture.id) == {"neighbour", "province"}


def test_a_draft_s_picture_stays_inside_beside_issued_versions(
    desks: dict[str, Desk], other: Callable[[str], Desk]
) -> None:
    code = make_draft(desks["province"].viewer, BANKS["province"])
    publish_question(desks["province"].viewer, other("province").viewer, code)
    late = draw(desks["province"])
    rewrite(desks["province"], code, picture=Picture(late, "一块招牌"))
    rewrite(desks["province"], code, picture=None)
    publish_question(desks["province"].viewer, other("province").viewer, code)
    assert who_sees(desks, late) == {"province"}


def test_the_same_drawing_of_two_trainers_is_seen_by_both(desks: dict[str, Desk]) -> None:
    mine, theirs = draw(desks["province"]), draw(desks["county"])
    assert mine != theirs
    assert draw(desks["county"]) == theirs
    make_draft(desks["province"].viewer, picture=Picture(mine, "一块招牌"))
    assert who_sees(desks, theirs) == {"county"}


def test_nobody_takes_a_picture_that_is_not_shown_to_them(desks: dict[str, Desk]) -> None:
    hidden = draw(desks["province"])
    fields = SINGLE | {"scope": BANKS["county"], "picture_id": str(hidden), "picture_alt": "牌"}
    refused = desks["county"].post("/bank/new", fields)
    assert refused.status_code == 422
    assert "没有找到这张图片" in refused.text
    code = code_in(desks["county"].post("/bank/new", SINGLE | {"scope": BANKS["county"]}))
    fields |= {"base_version": "1"}
    assert desks["county"].post(f"/bank/questions/{code}/edit", fields).status_code == 422
    own = {"picture_file": (io.BytesIO(drawing()), "图.png"), "base_version": "1"}
    assert desks["county"].post(f"/bank/questions/{code}/edit", fields | own).status_code == 303
    assert who_sees(desks, hidden) == {"province"}
