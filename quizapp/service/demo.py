"""The demo province: 500 invented people with a history, and four accounts one may sign in to.

The people are the same everywhere; the four passwords are this installation's own. All the other
accounts have no password, so nobody signs in to them.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from quizapp.domain.passwords import hash_machine_secret, is_machine_hash, matches_machine_hash
from quizapp.service import places as place_service
from quizapp.service.credit_rules import rules_for_posting
from quizapp.service.demo_classes import attend_classes
from quizapp.service.demo_history import hold_competitions
from quizapp.service.passwords import new_code
from quizapp.service.seed import Account, add_accounts, invent_accounts, staff_of
from quizapp.store import bulk, exams, hours, journal, places
from quizapp.store.db import Tx, reading, transaction

SEED = "demo"
OFFICERS = 480
"""Besides them there are 20 people of the staff: 500 altogether."""
SIGN_IN_UNIT = "130502"
ROLES = ("officer", "trainer", "organizer", "administrator")
JOINED = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """One account to look around with; the password is empty when somebody has changed it."""

    role: str
    staff_no: str
    password: str
    name: str


@dataclass(frozen=True, slots=True)
class Demo:
    """What there is to look at. `has_competitions` False: the bank cannot fill a paper yet."""

    sign_ins: tuple[DemoSignIn, ...]
    has_competitions: bool


def make_demo(path: Path, *, now: datetime) -> Demo:
    """Leave the demo province in the database and its four sign-ins in the file `path`.

    What is there already stays as it is: a second call only reads the file again.
    """
    place_service.load_places(now)
    with transaction() as tx:
        units = [unit.place for unit in places.list_units(tx) if not unit.is_closed]
        accounts = invent_accounts(OFFICERS, units, seed=SEED, now=now)
        ids = bulk.find_officer_ids(tx, [account.person.staff_no for account in accounts])
        if len(ids) < len(accounts):
            joined = now - JOINED
            ids = add_accounts(tx, accounts, units, with_passwords=False, now=joined)
            rules_for_posting(tx)
            facts = {"accounts": len(accounts)}
            journal.add_entry(tx, "demo.made", "officers", facts, actor_id=None, now=joined)
    organizer = staff_of("organizer", accounts, ids, units)
    trainer = staff_of("trainer", accounts, ids, units)
    chosen = [_chosen(role, accounts) for role in ROLES]
    with reading() as tx:
        has_classes = any(batch.by == trainer.name for batch in hours.list_batches(tx, None))
        held = [e for e in exams.list_exams(tx) if e.created_by == organizer.officer_id]
    if not has_classes:
        attend_classes(trainer, [account.person for account in accounts], now=now)
    has_competitions = bool(held) or bool(
        hold_competitions(organizer, ids[chosen[0].person.staff_no], now=now)
    )
    return Demo(_open_accounts(path, chosen), has_competitions)


def _chosen(role: str, accounts: Sequence[Account]) -> Account:
    """Return the first with that role, an officer of SIGN_IN_UNIT if there is one."""
    holders = [account for account in accounts if account.role == role]
    return min(holders, key=lambda account: account.person.unit_code != SIGN_IN_UNIT)


def _open_accounts(path: Path, chosen: Sequence[Account]) -> tuple[DemoSignIn, ...]:
    """Return the sign-ins of the file; an account that it does not fit gets a new password.

    A password that a person has chosen is left alone.
    """
    written = _read(path)
    sign_ins = []
    with transaction() as tx:
        for account in chosen:
            person = account.person
            password = _fitting(tx, person.staff_no, written.get(person.staff_no, ""))
            sign_ins.append(DemoSignIn(account.role, person.staff_no, password, person.name))
    _write(path, sign_ins)
    return tuple(sign_ins)


def _fitting(tx: Tx, staff_no: str, password: str) -> str:
    stored = bulk.find_password_hash(tx, staff_no)
    if matches_machine_hash(password, stored):
        return password
    if stored is not None and not is_machine_hash(stored):
        return ""
    password = new_code()
    bulk.put_password_hash(tx, staff_no, hash_machine_secret(password))
    return password


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines()]
    return {parts[1]: parts[2] for parts in lines if len(parts) > len(("role", "staff_no"))}


def _write(path: Path, sign_ins: Sequence[DemoSignIn]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.writelines(f"{s.role} {s.staff_no} {s.password}\n" for s in sign_ins)
