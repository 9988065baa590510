import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from quizapp.service import results
from quizapp.service.places import (
    Loaded,
    get_gazetteer,
    list_scoring_units,
    list_units,
    load_places,
    read_regions,
)
from quizapp.store.db import transaction
from quizapp.store.people import units
from tests.boards import make_contest
from tests.factories import NOW, enter, make_officer, make_places, make_staff


def test_every_unit_has_an_english_name_and_namesakes_share_it() -> None:
    names = {(unit.name, unit.name_en) for unit in read_regions()}
    assert len(names) == len(dict(names))
    assert all(english.isascii() and english for _, english in names)


def test_units_load_once_and_stay_as_they_are(app: Flask) -> None:
    assert load_places(NOW) == Loaded(added=180, named=0)
    assert load_places(NOW) == Loaded(added=0, named=0)
    units = list_scoring_units()
    assert [unit.is_ranked for unit in units].count(True) == 14
    assert {unit.scoring_unit_id for unit in units} == {unit.id for unit in units}


def test_a_known_unit_gets_the_english_name_it_lacks_and_keeps_what_was_edited(app: Flask) -> None:
    """A database filled before the file had English names, edited by hand since."""
    load_places(NOW)
    edited = {"130502": "Xiangdu, our words", "130503": ""}
    with transaction() as tx:
        tx.execute(sa.update(units).values(name_en=""))
        tx.execute(sa.update(units).where(units.c.code == "130503").values(name="信都新区"))
        for code, name in edited.items():
            tx.execute(sa.update(units).where(units.c.code == code).values(name_en=name))
    assert load_places(NOW) == Loaded(added=0, named=178)
    assert load_places(NOW) == Loaded(added=0, named=0)
    found = {unit.place.code: unit for unit in list_units()}
    assert {code: found[code].name_en for code in edited} == edited
    assert found["130503"].place.name == "信都新区"
    assert {u.name_en for u in read_regions() if u.code not in edited} == {
        unit.name_en for code, unit in found.items() if code not in edited
    }


def test_an_administrator_adds_a_zone_that_ranks_with_its_city(
    app: Flask, client: FlaskClient
) -> None:
    with transaction() as tx:
        token = {"csrf_token": enter(client, make_staff(tx, "administrator", "130900"))}
    zone = {"parent": "130900", "code": "130973", "name": "渤海新区"}
    assert client.get("/manage/units").status_code == 200
    assert client.post("/manage/units", data=token | zone).status_code == 303
    found = get_gazetteer().find(city="沧州市", county="渤海新区")
    assert found.scoring_unit_id == get_gazetteer().by_code("130900").id
    assert "渤海新区" in client.get("/manage/units").get_data(as_text=True)
    for odd in (
        zone,
        zone | {"code": "130974"},
        zone | {"code": "1"},
        zone | {"code": "130974", "name": ""},
        zone | {"code": "130974", "name": "某区", "parent": "999999"},
    ):
        assert client.post("/manage/units", data=token | odd).status_code == 422
    outside = zone | {"code": "130171", "name": "某区", "parent": "130100"}
    assert client.post("/manage/units", data=token | outside).status_code == 403


def test_units_are_the_administrators_business(app: Flask, client: FlaskClient) -> None:
    with transaction() as tx:
        make_places(tx)
        enter(client, make_officer(tx))
    assert client.get("/manage/units").status_code == 403
    with transaction() as tx:
        enter(client, make_staff(tx, "organizer"))
    assert client.get("/manage/units").status_code == 403


@pytest.mark.parametrize(("language", "named"), [("en", "Shijiazhuang"), ("zh", "石家庄市")])
def test_a_city_has_its_name_in_the_language_of_the_page(
    client: FlaskClient, app: Flask, language: str, named: str
) -> None:
    with transaction() as tx:
        contest = make_contest(tx)
    results.publish_results(contest.organizer, contest.exam_id, now=NOW)
    enter(client, contest.organizer.officer_id)
    client.set_cookie("lang", language)
    board, exam = f"/standings/{contest.exam_id}", f"/manage/exams/{contest.exam_id}"
    for path in (f"{board}/cities", f"{board}/officers", f"{board}/cities.csv",
                 f"{board}/officers.csv", f"{exam}/live", f"{exam}/absent", f"{exam}/absent.csv",
                 "/manage/exams/new"):  # fmt: skip
        page = client.get(path).get_data(as_text=True)
        assert named in page, path
        assert ("Shijiazhuang" in page) == (language == "en"), path


def test_a_bank_is_called_after_its_city_in_english(client: FlaskClient, app: Flask) -> None:
    with transaction() as tx:
        enter(client, make_staff(tx, "trainer", "130500"))
    client.set_cookie("lang", "en")
    assert "Bank of Xingtai" in client.get("/bank/new?type=single").get_data(as_text=True)
