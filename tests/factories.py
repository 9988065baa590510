"""Makes what tests need: every default is valid, a test names only what it is about."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from quizapp.domain.ids import OfficerId
from quizapp.domain.passwords import hash_machine_secret
from quizapp.domain.people import Grant, Place, Viewer
from quizapp.service.places import read_regions
from quizapp.store.db import Tx
from quizapp.store.people import grants, officers, units
from quizapp.store.places import add_units, find_place

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
_numbers = count(1)


def make_places(tx: Tx) -> dict[str, int]:
    """Leave the whole province in the table; return the id of every unit by its code."""
    query = sa.select(units.c.code, units.c.id)
    if tx.execute(query).first() is None:
        add_units(tx, read_regions())
    return {row.code: row.id for row in tx.execute(query)}


def make_officer(tx: Tx, unit: str = "130502", *, secret: str = "", **over: Any) -> OfficerId:
    """Add an officer of that unit; `secret` is a machine-made password for signing in."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "staff_no": f"{number:08d}",
        "name": f"李{number}",
        "unit_id": make_places(tx)[unit],
        "cadre_level": "section",
        "password_hash": hash_machine_secret(secret or f"machine-made secret {number}"),
        "created_at": NOW,
    }
    added = tx.execute(sa.insert(officers).values(values | over).returning(officers.c.id))
    return OfficerId(added.scalar_one())


def make_grant(tx: Tx, officer_id: int, role: str, unit: str = "130000") -> None:
    """Give a role at a unit."""
    tx.execute(
        sa.insert(grants).values(officer_id=officer_id, role=role, unit_id=make_places(tx)[unit])
    )


def make_staff(tx: Tx, role: str, unit: str = "130000", **over: Any) -> OfficerId:
    """Add an officer who holds a role there."""
    officer_id = make_officer(tx, unit, **over)
    make_grant(tx, officer_id, role, unit)
    return officer_id


def place_of(tx: Tx, unit: str) -> Place:
    """Return the unit of that code."""
    make_places(tx)
    place = find_place(tx, unit)
    assert place is not None
    return place


def make_viewer(tx: Tx, role: str = "officer", unit: str = "130000", **over: Any) -> Viewer:
    """Add an officer who holds a role there and return them as the services see them."""
    officer_id = make_officer(tx, unit, **over)
    held: tuple[Grant, ...] = ()
    if role != "officer":
        make_grant(tx, officer_id, role, unit)
        held = (Grant(role, place_of(tx, unit)),)
    row = tx.execute(sa.select(officers).where(officers.c.id == officer_id)).mappings().one()
    return Viewer(officer_id, row["staff_no"], row["name"], place_of(tx, unit), held)


def enter(client: FlaskClient, officer_id: int, *, epoch: int = 1, sign_in: str = "test") -> str:
    """Sign an officer in without the door; return the CSRF token of the session."""
    with client.session_transaction() as session:
        session["_user_id"] = f"{officer_id}.{epoch}.{sign_in}"
        session["_fresh"] = True
    return csrf(client)


def csrf(client: FlaskClient) -> str:
    """Return a CSRF token that fits the client's session."""
    raw = "0" * 40
    with client.session_transaction() as session:
        session["csrf_token"] = raw
    signer = URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="wtf-csrf-token")
    return str(signer.dumps(raw))
