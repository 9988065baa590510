"""Statements on sign-in: who a session belongs to, accounts, failures, ended sign-ins."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from quizapp.domain.clock import to_ms
from quizapp.domain.ids import OfficerId
from quizapp.domain.people import Grant, Viewer, exam_of_sign_in
from quizapp.store.db import Tx
from quizapp.store.journal import journal
from quizapp.store.people import ended_sign_ins, grants, officers, throttles, units
from quizapp.store.places import place_columns, place_of

home, scope = units.alias("home"), units.alias("scope")


@lru_cache(maxsize=1)
def _viewer_statement() -> sa.Select[Any]:
    """One statement: the officer, the own unit, the roles with their units; none when ended."""
    ended = sa.exists().where(ended_sign_ins.c.sign_in == sa.bindparam("sign_in"))
    return (
        sa.select(
            officers.c.staff_no,
            officers.c.name.label("officer_name"),
            officers.c.language,
            officers.c.password_hash.is_(None).label("has_no_password"),
            grants.c.role,
            *place_columns(home, "home_"),
            *place_columns(scope, "scope_"),
        )
        .select_from(
            officers.join(home, home.c.id == officers.c.unit_id)
            .outerjoin(grants, grants.c.officer_id == officers.c.id)
            .outerjoin(scope, scope.c.id == grants.c.unit_id)
        )
        .where(
            officers.c.id == sa.bindparam("officer_id"),
            officers.c.session_epoch == sa.bindparam("epoch"),
            officers.c.disabled_at.is_(None),
            ~ended,
        )
        .order_by(grants.c.role, scope.c.code)
    )


def find_viewer(tx: Tx, officer_id: int, epoch: int, sign_in: str) -> Viewer | None:
    """Return the person of a session in one statement, or None when the session has ended.

    A session opened by an admission ticket has no roles and never asks for a password.
    """
    keys = {"officer_id": officer_id, "epoch": epoch, "sign_in": sign_in}
    rows = tx.execute(_viewer_statement(), keys).mappings().all()
    if not rows:
        return None
    first = rows[0]
    exam_only = exam_of_sign_in(sign_in)
    held = [row for row in rows if row["role"] is not None and exam_only is None]
    return Viewer(
        officer_id=OfficerId(officer_id),
        staff_no=first["staff_no"],
        name=first["officer_name"],
        place=place_of(first, "home_"),
        grants=tuple(Grant(row["role"], place_of(row, "scope_")) for row in held),
        sign_in=sign_in,
        language=first["language"],
        must_change_password=bool(first["has_no_password"]) and exam_only is None,
        exam_only=exam_only,
    )


@dataclass(frozen=True, slots=True)
class Account:
    """What sign-in must know of an account, and how often it and the address failed lately."""

    officer_id: OfficerId
    session_epoch: int
    password_hash: str | None
    activation_hash: str | None
    name: str


def find_account(tx: Tx, staff_no: str, *, now: datetime) -> Account | None:
    """Return the account that may sign in with this staff number, or None (unknown or disabled).

    An activation code that has expired is left out.
    """
    row = tx.execute(
        sa.select(
            officers.c.id,
            officers.c.session_epoch,
            officers.c.password_hash,
            officers.c.activation_hash,
            officers.c.activation_expires_at,
            officers.c.name,
        ).where(officers.c.staff_no == staff_no, officers.c.disabled_at.is_(None))
    ).first()
    if row is None:
        return None
    expires = row.activation_expires_at
    code = row.activation_hash if expires is None or now < expires else None
    return Account(OfficerId(row.id), row.session_epoch, row.password_hash, code, row.name)


@dataclass(frozen=True, slots=True)
class Failures:
    """Wrong sign-ins in the window that is running. `until`: its end, or None without any."""

    count: int = 0
    until: datetime | None = None


def list_failures(
    tx: Tx, keys: list[str], *, window: timedelta, now: datetime
) -> dict[str, Failures]:
    """Return the failures of each key in its running window; keys without any are left out."""
    rows = tx.execute(
        sa.select(throttles).where(
            throttles.c.key.in_(keys), throttles.c.window_started_at > now - window
        )
    )
    return {row.key: Failures(row.failures, row.window_started_at + window) for row in rows}


_FAILED = sa.text(
    "INSERT INTO throttles (key, window_started_at, failures) VALUES (:key, :now, 1) "
    "ON CONFLICT (key) DO UPDATE SET "
    "failures = CASE WHEN throttles.window_started_at <= :gone THEN 1 "
    "ELSE throttles.failures + 1 END, "
    "window_started_at = CASE WHEN throttles.window_started_at <= :gone THEN :now "
    "ELSE throttles.window_started_at END "
    "RETURNING failures"
)


def add_failure(tx: Tx, key: str, *, window: timedelta, now: datetime) -> int:
    """Count one more failure of `key`; return how many the running window holds now."""
    values = {"key": key, "now": to_ms(now), "gone": to_ms(now - window)}
    return int(tx.execute(_FAILED, values).scalar_one())


def close_failures(tx: Tx, key: str) -> None:
    """Forget the failures of `key`."""
    tx.execute(sa.delete(throttles).where(throttles.c.key == key))


def close_sign_in(tx: Tx, sign_in: str, *, now: datetime, session: timedelta) -> None:
    """End one sign-in; ends that no living session can remember are swept away."""
    tx.execute(sa.delete(ended_sign_ins).where(ended_sign_ins.c.ended_at < now - 2 * session))
    gone = sa.select(ended_sign_ins.c.sign_in).where(ended_sign_ins.c.sign_in == sign_in)
    if tx.execute(gone).first() is None:
        tx.execute(sa.insert(ended_sign_ins).values(sign_in=sign_in, ended_at=now))


def put_password(tx: Tx, officer_id: int, password_hash: str) -> int:
    """Store a new password: the code is used up, all sign-ins end. Return the new epoch."""
    return int(
        tx.execute(
            sa.update(officers)
            .where(officers.c.id == officer_id)
            .values(
                password_hash=password_hash,
                activation_hash=None,
                activation_expires_at=None,
                session_epoch=officers.c.session_epoch + 1,
            )
            .returning(officers.c.session_epoch)
        ).scalar_one()
    )


def close_code(tx: Tx, officer_id: int, activation_hash: str) -> bool:
    """Use up a one-time code; False when it was used up or replaced meanwhile."""
    used = tx.execute(
        sa.update(officers)
        .where(officers.c.id == officer_id, officers.c.activation_hash == activation_hash)
        .values(activation_hash=None, activation_expires_at=None)
        .returning(officers.c.id)
    )
    return used.first() is not None


def get_epoch(tx: Tx, officer_id: int) -> int:
    """Return the epoch that a new session of this officer carries."""
    query = sa.select(officers.c.session_epoch).where(officers.c.id == officer_id)
    return int(tx.execute(query).scalar_one())


@dataclass(frozen=True, slots=True)
class SignInEntry:
    """A line of the journal about somebody's coming and going."""

    at: datetime
    action: str
    address: str


COMING_AND_GOING = (
    "officer.signed_in",
    "officer.sign_in_refused",
    "officer.signed_out",
    "ticket.used",
)


def list_sign_ins(tx: Tx, officer_id: int, *, limit: int) -> list[SignInEntry]:
    """Return the latest lines of COMING_AND_GOING about an officer, newest first."""
    rows = tx.execute(
        sa.select(journal.c.at, journal.c.action, journal.c.facts)
        .where(journal.c.subject == f"officer:{officer_id}", journal.c.action.in_(COMING_AND_GOING))
        .order_by(journal.c.id.desc())
        .limit(limit)
    )
    return [SignInEntry(row.at, row.action, row.facts.get("address", "")) for row in rows]
