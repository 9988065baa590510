"""Every address of the workbench with the number of a thing of every other bank, by every role."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask
from flask.testing import FlaskClient

from quizapp.store.db import transaction
from tests.factories import enter, make_officer, make_staff
from tests.web.bank_things import SCOPES, Things, make_all, written
from tests.web.test_editing import SINGLE

INSIDE = {"130000": set(SCOPES), "130500": {"130500", "130502"}, "130502": {"130502"}}
ABOVE: dict[str, set[str]] = {
    "130000": set(), "130500": {"130000"}, "130502": {"130000", "130500"},
}  # fmt: skip


class Row(NamedTuple):
    """An address. `kind`: a key of REFUSED; `form`: what is posted, without one it is a GET."""

    endpoint: str
    path: str
    kind: str = "desk"
    form: Callable[[Things], dict[str, Any]] | None = None


def form(**fields: Any) -> Callable[[Things], dict[str, Any]]:
    return lambda _: fields


STEP = form(version="1", note="无", text="无")
READ = (
    Row("bank.question", "/bank/questions/{issued}", "issued"),
    Row("bank.question", "/bank/questions/{issued}?version=1", "issued"),
    Row("bank.question", "/bank/questions/{draft}"),
    Row("bank.question", "/bank/questions/{draft}?version=1"),
    Row("bank.compare", "/bank/questions/{issued}/compare?older=1&newer=1", "issued"),
    Row("bank.compare", "/bank/questions/{draft}/compare?older=1&newer=1"),
    Row("bank.export_figures", "/bank/questions/{issued}/figures.csv", "issued"),
    Row("bank.export_figures", "/bank/questions/{draft}/figures.csv"),
    Row("bank.edit", "/bank/questions/{issued}/edit", "write"),
    Row("bank.edit", "/bank/questions/{draft}/edit"),
    Row("bank.picture", "/bank/pictures/{picture}"),
    Row("bank.fault", "/bank/faults/{fault}"),
    Row("bank.batch_review", "/bank/reviews/batches/{batch}", "own"),
    Row("imports.batch", "/imports/batches/{batch}", "own"),
    Row("statutes.item", "/laws/stale/{stale_issued}", "issued"),
    Row("statutes.item", "/laws/stale/{stale_draft}"),
    Row("analysis.show", "/manage/analysis/{exam}", "own"),
    Row("analysis.export", "/manage/analysis/{exam}/items.csv", "own"),
    Row("analysis.item", "/manage/analysis/{exam}/items/{sat}", "own"),
    Row("corrections.listing", "/manage/corrections/{exam}", "own"),
    Row("corrections.new", "/manage/corrections/{exam}/new", "own"),
    Row("corrections.show", "/manage/corrections/case/{correction}", "own"),
)
CHANGE = (
    *(
        Row("bank.take_step", f"/bank/questions/{{issued}}/steps/{step}", "write", STEP)
        for step in ("submit", "approve", "suspend", "retire")
    ),
    Row("bank.take_step", "/bank/questions/{draft}/steps/submit", "desk", STEP),
    Row("bank.comment", "/bank/questions/{issued}/comments", "write", STEP),
    Row("bank.comment", "/bank/questions/{draft}/comments", "desk", STEP),
    Row("bank.nominate", "/bank/questions/{issued}/nominate", "write", STEP),
    Row("bank.settle", "/bank/questions/{issued}/promotion", "write", form(accept="1")),
    Row("bank.settle", "/bank/questions/{draft}/promotion", "desk", form(accept="1")),
    Row("bank.edit", "/bank/questions/{issued}/edit", "write", form(**SINGLE)),
    Row("bank.edit", "/bank/questions/{draft}/edit", "desk", form(**SINGLE)),
    Row("bank.fault", "/bank/faults/{fault}", "desk", form(outcome="right", text="无误")),
    Row("bank.batch_review", "/bank/reviews/batches/{batch}", "own", form()),
    Row("bank.sitting", "/bank/reviews/sitting", "none", lambda its: {
        f"version-{its['issued']}": "1", f"step-{its['issued']}": "approve",
        f"version-{its['draft']}": "1", f"step-{its['draft']}": "approve", "law_checked": "1",
    }),
    Row("imports.retire", "/imports/batches/{batch}/retire", "own", form()),
    Row("imports.undo", "/imports/batches/{batch}/undo", "own", form()),
    Row("statutes.item", "/laws/stale/{stale_draft}", "desk", form(outcome="withdrawn", sure="1")),
    Row("statutes.item", "/laws/stale/{stale_issued}", "none", form(outcome="withdrawn", sure="1")),
    Row("statutes.sitting", "/laws/amendments/{amendment}/sitting", "none", lambda its: {
        f"outcome-{its[name]}": "withdrawn" for name in ("stale_issued", "stale_draft")
    } | {"sure": "1"}),
    Row("analysis.compute", "/manage/analysis/{exam}", "own", form()),
    Row("corrections.new", "/manage/corrections/{exam}/new", "own",
        form(code="T", part="", ruling="void_full", policy="no_loss", reason="无")),
    Row("corrections.drop", "/manage/corrections/case/{correction}/drop", "own", form(note="无")),
    Row("corrections.approve", "/manage/corrections/case/{correction}/approve", "own",
        form(checked="1")),
    Row("corrections.export", "/manage/corrections/case/{correction}/people.csv", "own"),
)  # fmt: skip
PRIVATE = (
    Row("imports.preview", "/imports/{upload}"),
    Row("imports.errors", "/imports/{upload}/errors.csv"),
    Row("imports.confirm", "/imports/{upload}", "desk", form(mode="good", scope="province:13")),
    Row("imports.mapping", "/imports/{upload}/mapping", "desk", form()),
    Row("imports.read_again", "/imports/{upload}/read", "desk", form()),
)
OF_NO_BANK = {
    "bank.export", "bank.take_selection", "imports.template", "statutes.amendment",
    "statutes.difference", "statutes.work_list", "statutes.preview", "statutes.repeal",
    "statutes.take_back",
}  # fmt: skip
"""Their placeholders name a format, a law, or the one upload of the province's own trainers."""


REFUSED = {
    "issued": (200, 404),  # units below read it
    "write": (403, 404),  # units below know of it and do not change it
    "desk": (404, 404),  # units below know nothing of it
    "own": (403, 403),  # a thing of a unit, not of its bank
    "none": (0, 0),  # a form that may name anything: nothing of others is done
}
"""What units below get, and what strangers get; whoever is inside gets the page."""
WORKBENCH = ("bank", "imports", "statutes", "analysis", "corrections")


def ask(client: FlaskClient, token: str, row: Row, its: Things) -> int:
    path = row.path.format(**its)
    if row.form is None:
        return client.get(path).status_code
    return client.post(path, data=row.form(its), headers={"X-CSRFToken": token}).status_code


def enter_as(app: Flask, role: str, unit: str) -> tuple[FlaskClient, str]:
    client = app.test_client()
    with transaction() as tx:
        person = make_officer(tx, unit) if role == "officer" else make_staff(tx, role, unit)
    return client, enter(client, person)


def expected(row: Row, unit: str, owner: str, *, may_call: bool) -> set[int]:
    """Return the statuses that are right; none: any that is no fault of ours."""
    if not may_call:
        return {403}
    if owner in INSIDE[unit]:
        return {200}
    below, stranger = REFUSED[row.kind]
    right = below if owner in ABOVE[unit] else stranger
    return {right} if right else set()


def cells(app: Flask, role: str, unit: str) -> Iterator[tuple[Row, str, set[int]]]:
    roles = {e: getattr(view, "access", "") for e, view in app.view_functions.items()}
    for row in (*READ, *CHANGE):
        may_call = role in roles[row.endpoint].split("|")
        for owner in SCOPES:
            is_done = row in CHANGE and may_call and owner in INSIDE[unit]
            if not is_done:
                yield row, owner, expected(row, unit, owner, may_call=may_call)


def test_no_number_leads_beyond_the_own_banks(
    app: Flask, tmp_path: Path, counted: Callable[..., None]
) -> None:
    things = make_all(app, tmp_path)
    roles = [("trainer", unit) for unit in INSIDE]
    wrong, tried = [], 0
    for role, unit in (*roles, ("organizer", "130500"), ("officer", "130502")):
        client, token = enter_as(app, role, unit)
        before = written()
        for row, owner, right in cells(app, role, unit):
            status = ask(client, token, row, things[owner])
            tried += 1
            if status >= 500 or (right and status not in right):
                wrong.append((role, unit, owner, row.endpoint, row.path, status, right))
        for row in PRIVATE:
            wrong += [
                (role, unit, owner, row.path)
                for owner in SCOPES
                if ask(client, token, row, things[owner]) not in (403, 404)
            ]
        assert written() == before, (role, unit)
    counted("scopes of the workbench", tried, len(wrong), str(wrong or ""))


def test_the_table_has_every_address_that_names_a_thing(app: Flask) -> None:
    known = {row.endpoint for row in (*READ, *CHANGE, *PRIVATE)} | OF_NO_BANK
    missing = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.arguments
        and rule.endpoint.split(".")[0] in WORKBENCH
        and "trainer" in getattr(app.view_functions[rule.endpoint], "access", "")
    } - known
    assert not missing
