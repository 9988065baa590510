"""Statements on officers, their roles and one-time codes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quizapp.domain.errors import NotFound
from quizapp.domain.ids import OfficerId, UnitId
from quizapp.domain.people import Grant, Officer, Place
from quizapp.store.db import Tx
from quizapp.store.people import grants, officers, units
from quizapp.store.places import place_columns, place_of

_CHUNK = 500
_STATE = sa.case(
    (officers.c.disabled_at.is_not(None), "disabled"),
    (officers.c.password_hash.is_not(None), "active"),
    (officers.c.activation_hash.is_not(None), "code"),
    else_="none",
).label("state")
_OFFICER = sa.select(
    officers.c.id,
    officers.c.staff_no,
    officers.c.name,
    officers.c.cadre_level,
    officers.c.badge_no,
    officers.c.badge_expires_on,
    officers.c.phone,
    officers.c.is_demo,
    _STATE,
    *place_columns(units, "unit_"),
).select_from(officers.join(units, units.c.id == officers.c.unit_id))


@dataclass(frozen=True, slots=True)
class Search:
    """Which officers: within any of `scopes` (all of them when None), narrowed by the rest."""

    scopes: Sequence[Place]
    text: str = ""
    place: Place | None = None
    state: str = ""
    cadre_level: str = ""


def within(place: Place) -> sa.ColumnElement[bool]:
    """Return the condition on `units` that a unit is `place` or lies below it."""
    if place.level == "province":
        return sa.true()
    if place.id == place.scoring_unit_id or place.level == "city":
        return sa.or_(units.c.scoring_unit_id == place.id, units.c.id == place.id)
    return units.c.id == place.id


def _matching(query: sa.Select[Any], search: Search) -> sa.Select[Any]:
    query = query.where(sa.or_(sa.false(), *(within(scope) for scope in search.scopes)))
    if search.place is not None:
        query = query.where(within(search.place))
    if search.state:
        query = query.where(_STATE.in_([search.state]))
    if search.cadre_level:
        query = query.where(officers.c.cadre_level == search.cadre_level)
    if search.text:
        columns = (officers.c.staff_no, officers.c.name, officers.c.badge_no)
        query = query.where(sa.or_(*(c.contains(search.text, autoescape=True) for c in columns)))
    return query


def count_officers(tx: Tx, search: Search) -> int:
    """Return how many officers a search finds."""
    query = sa.select(sa.func.count()).select_from(officers.join(units))
    return int(tx.execute(_matching(query, search)).scalar_one())


def list_officers(
    tx: Tx, search: Search, *, limit: int | None = None, offset: int = 0
) -> list[Officer]:
    """Return officers by unit code and staff number."""
    query = _matching(_OFFICER, search).order_by(units.c.code, officers.c.staff_no)
    rows = tx.execute(query.limit(limit).offset(offset)).mappings()
    return [_officer(row) for row in rows]


def get_officer(tx: Tx, officer_id: int) -> Officer:
    """Return one officer. Raises NotFound("officer_not_found")."""
    row = tx.execute(_OFFICER.where(officers.c.id == officer_id)).mappings().first()
    if row is None:
        raise NotFound("officer_not_found")
    return _officer(row)


def find_by_numbers(tx: Tx, staff_nos: Iterable[str]) -> dict[str, Officer]:
    """Return those of the staff numbers that are there, by number."""
    found: dict[str, Officer] = {}
    for some in chunks(list(staff_nos)):
        rows = tx.execute(_OFFICER.where(officers.c.staff_no.in_(some))).mappings()
        found |= {row["staff_no"]: _officer(row) for row in rows}
    return found


def find_by_ids(tx: Tx, ids: Iterable[int]) -> dict[OfficerId, Officer]:
    """Return those of the officers that are there, by id."""
    found: dict[OfficerId, Officer] = {}
    for some in chunks(list(ids)):
        rows = tx.execute(_OFFICER.where(officers.c.id.in_(some))).mappings()
        found |= {OfficerId(row["id"]): _officer(row) for row in rows}
    return found


def chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield pieces small enough for one statement's parameters."""
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]


def add_officers(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add officers; each row holds every column that must not be empty, all the same keys."""
    if rows:
        tx.execute(sa.insert(officers), [dict(row) for row in rows])


def put_officers(tx: Tx, rows: Sequence[tuple[OfficerId, Mapping[str, Any]]]) -> None:
    """Change officers: (id, column → value)."""
    for officer_id, values in rows:
        tx.execute(sa.update(officers).where(officers.c.id == officer_id).values(**values))


def raise_epoch(tx: Tx, officer_id: int) -> None:
    """End all sign-ins of an officer."""
    tx.execute(
        sa.update(officers)
        .where(officers.c.id == officer_id)
        .values(session_epoch=officers.c.session_epoch + 1)
    )


def put_state(tx: Tx, officer_id: int, *, disabled_at: datetime | None) -> None:
    """Disable (a moment) or enable (None) an account; all its sign-ins end."""
    tx.execute(
        sa.update(officers)
        .where(officers.c.id == officer_id)
        .values(disabled_at=disabled_at, session_epoch=officers.c.session_epoch + 1)
    )


def put_codes(tx: Tx, hashes: Mapping[OfficerId, str], *, expires_at: datetime) -> None:
    """Leave new one-time codes; passwords and sign-ins of these officers end."""
    if not hashes:
        return
    tx.execute(
        sa.update(officers)
        .where(officers.c.id == sa.bindparam("officer"))
        .values(
            password_hash=None,
            activation_hash=sa.bindparam("hash"),
            activation_expires_at=expires_at,
            session_epoch=officers.c.session_epoch + 1,
        ),
        [{"officer": officer_id, "hash": code} for officer_id, code in hashes.items()],
        execution_options={"synchronize_session": False},
    )


def list_grants(tx: Tx, officer_ids: Sequence[int]) -> dict[OfficerId, list[Grant]]:
    """Return the roles of these officers, by role and unit code; those without are left out."""
    found: dict[OfficerId, list[Grant]] = {}
    query = sa.select(grants.c.officer_id, grants.c.role, *place_columns(units, "unit_"))
    query = query.select_from(grants.join(units, units.c.id == grants.c.unit_id))
    for some in chunks(officer_ids):
        rows = tx.execute(
            query.where(grants.c.officer_id.in_(some)).order_by(grants.c.role, units.c.code)
        ).mappings()
        for row in rows:
            grant = Grant(row["role"], place_of(row, "unit_"))
            found.setdefault(OfficerId(row["officer_id"]), []).append(grant)
    return found


def add_grant(tx: Tx, officer_id: int, role: str, unit_id: UnitId) -> bool:
    """Give a role at a unit; False when it was held already."""
    key = (grants.c.officer_id == officer_id, grants.c.role == role, grants.c.unit_id == unit_id)
    if tx.execute(sa.select(grants).where(*key)).first() is not None:
        return False
    tx.execute(sa.insert(grants).values(officer_id=officer_id, role=role, unit_id=unit_id))
    return True


def delete_grant(tx: Tx, officer_id: int, role: str, unit_id: int) -> bool:
    """Take a role at a unit away; False when it was not held."""
    gone = tx.execute(
        sa.delete(grants)
        .where(
            grants.c.officer_id == officer_id, grants.c.role == role, grants.c.unit_id == unit_id
        )
        .returning(grants.c.officer_id)
    )
    return gone.first() is not None


def _officer(row: Any) -> Officer:
    return Officer(
        id=OfficerId(row["id"]),
        staff_no=row["staff_no"],
        name=row["name"],
        place=place_of(row, "unit_"),
        cadre_level=row["cadre_level"],
        badge_no=row["badge_no"],
        badge_expires_on=row["badge_expires_on"],
        phone=row["phone"],
        state=row["state"],
        is_demo=row["is_demo"],
    )
