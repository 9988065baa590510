"""Rehearsals: invented accounts in any number, one competition open for them, attempts that run.

Accounts follow from the seed, so that a driver on another machine knows the same people. Whoever
knows the seed knows the passwords: never in an installation that real officers use.
"""

import csv
import os
import random
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime, timedelta
from pathlib import Path

from quizapp.domain.clock import civil_date
from quizapp.domain.exams import ExamPlan
from quizapp.domain.ids import ExamId, OfficerId
from quizapp.domain.invented import (
    InventedOfficer,
    invent_officer,
    invent_officers,
    seed_tag,
)
from quizapp.domain.passwords import hash_machine_secret
from quizapp.domain.people import Grant, Place, Viewer
from quizapp.domain.timing import due_at
from quizapp.service import exams as exam_service
from quizapp.service import places as place_service
from quizapp.service.credit_rules import rules_for_posting
from quizapp.service.drawing import draw_paper
from quizapp.store import attempts, bulk, exams, journal, places
from quizapp.store.attempts import NewAttempt
from quizapp.store.db import Tx, reading, transaction

REHEARSAL_TITLE = "全省城市管理执法人员法律知识竞赛（演练）"
OPEN_BEFORE, OPEN_FOR = timedelta(hours=1), timedelta(hours=10)
PROVINCE_TRAINERS = 3
PROVINCE_ADMINISTRATORS = 2
PAPERS = 3000
"""Different papers of a rehearsal; officers beyond that number get one of them again."""


@dataclass(frozen=True, slots=True)
class Credential:
    """A sign-in that was made, for the driver of a rehearsal."""

    role: str
    staff_no: str
    password: str
    unit_code: str
    name: str


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a rehearsal left: all accounts of the seed, its open competition, attempts begun now."""

    credentials: tuple[Credential, ...]
    exam_id: ExamId | None = None
    started: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """An invented officer with the role held at the own unit."""

    person: InventedOfficer
    role: str


def seed(
    count: int, *, seed: str, now: datetime, exam_open: bool = False, started: int = 0
) -> Seeded:
    """Leave `count` officers and their staff in the database, and what else is asked for.

    Accounts that are there already are kept: a second call adds nothing. `started`: so many of the
    officers sit the open competition. Raises Conflict when the bank cannot fill its papers.
    """
    place_service.load_places(now)
    with transaction() as tx:
        units = [unit.place for unit in places.list_units(tx) if not unit.is_closed]
        accounts = invent_accounts(count, units, seed=seed, now=now)
        ids = bulk.find_officer_ids(tx, [account.person.staff_no for account in accounts])
        if len(ids) < len(accounts):
            new = len(accounts) - len(ids)
            ids = add_accounts(tx, accounts, units, with_passwords=True, now=now)
            rules_for_posting(tx)
            facts = {"accounts": new, "seed": seed_tag(seed)}
            journal.add_entry(tx, "seed.made", "officers", facts, actor_id=None, now=now)
    exam_id = None
    if exam_open or started:
        exam_id = open_rehearsal(staff_of("organizer", accounts, ids, units), now=now)
    begun = 0
    if exam_id is not None and started:
        begun = start_many(exam_id, started, now=now)
    credentials = (
        Credential(a.role, a.person.staff_no, a.person.password, a.person.unit_code, a.person.name)
        for a in accounts
    )
    return Seeded(tuple(credentials), exam_id, begun)


def write_credentials(path: Path, credentials: Iterable[Credential]) -> None:
    """Leave the sign-ins as CSV in `path`, readable by its owner only.

    Plain cells, as a driver reads them: nothing in it can be a formula.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
        lines = csv.writer(out)
        lines.writerow([field.name for field in fields(Credential)])
        lines.writerows(astuple(credential) for credential in credentials)


def invent_accounts(
    count: int, units: Sequence[Place], *, seed: str, now: datetime
) -> list[Account]:
    """Return the officers spread over all units and the staff of province and scoring units."""
    today = civil_date(now)
    officers = invent_officers(count, _sizes(units), seed=seed, today=today)
    chance = random.Random(f"staff:{seed}")  # noqa: S311 — names, no secrets
    province = next(unit for unit in units if unit.level == "province")
    wanted = [("organizer", province)]
    wanted += [("organizer", u) for u in units if u.id == u.scoring_unit_id and u.is_ranked]
    wanted += [("trainer", province)] * PROVINCE_TRAINERS
    wanted += [("administrator", province)] * PROVINCE_ADMINISTRATORS
    staff = [
        Account(
            invent_officer(
                chance, f"0{seed_tag(seed)}9{no:05d}", unit.code, seed=seed, today=today
            ),
            role,
        )
        for no, (role, unit) in enumerate(wanted, 1)
    ]
    return [Account(person, "officer") for person in officers] + staff


def _sizes(units: Sequence[Place]) -> dict[str, float]:
    """Return about how large forces are: a county's 1, a city's own 2, a direct city's 4."""
    return {
        unit.code: 1.0 if unit.id != unit.scoring_unit_id else 2.0 if unit.level == "city" else 4.0
        for unit in units
        if unit.level != "province"
    }


def add_accounts(
    tx: Tx,
    accounts: Sequence[Account],
    units: Sequence[Place],
    *,
    with_passwords: bool,
    now: datetime,
) -> dict[str, OfficerId]:
    """Leave the accounts in the database; return the id of each by staff number.

    Without a password nobody signs in: such accounts only have a history.
    """
    numbers = [account.person.staff_no for account in accounts]
    known = bulk.find_officer_ids(tx, numbers)
    new = [account for account in accounts if account.person.staff_no not in known]
    unit_ids = {unit.code: unit.id for unit in units}
    people = [
        (a.person, hash_machine_secret(a.person.password) if with_passwords else None) for a in new
    ]
    bulk.add_officers(tx, people, unit_ids, now=now)
    ids = bulk.find_officer_ids(tx, numbers)
    bulk.add_grants(
        tx,
        [
            (ids[a.person.staff_no], a.role, unit_ids[a.person.unit_code])
            for a in new
            if a.role != "officer"
        ],
    )
    return ids


def staff_of(
    role: str, accounts: Sequence[Account], ids: dict[str, OfficerId], units: Sequence[Place]
) -> Viewer:
    """Return the first holder of a role among the accounts: the province's."""
    person = next(account.person for account in accounts if account.role == role)
    place = next(unit for unit in units if unit.code == person.unit_code)
    return Viewer(ids[person.staff_no], person.staff_no, person.name, place, (Grant(role, place),))


def open_rehearsal(viewer: Viewer, *, now: datetime) -> ExamId:
    """Leave one competition open for everybody: 60 minutes, 3 attempts, for the next hours."""
    with reading() as tx:
        for exam in exams.list_exams(tx, ("published",)):
            if exam.title == REHEARSAL_TITLE and exam.phase(now) == "open":
                return exam.id
    plan = ExamPlan(
        title=REHEARSAL_TITLE,
        unit_id=viewer.place.id,
        opens_at=now - OPEN_BEFORE,
        closes_at=now + OPEN_FOR,
    )
    exam_id = exam_service.create(viewer, plan, now=now)
    exam_service.publish(viewer, exam_id, now=now)
    return exam_id


def start_many(exam_id: int, count: int, *, now: datetime) -> int:
    """Let up to `count` officers of the roster begin; return how many attempts are new."""
    with transaction() as tx:
        exam = exams.get_exam(tx, exam_id)
        idle = bulk.list_idle(tx, exam_id, count)
        seeds = [f"{exam.seed}:{officer.officer_id}:1" for officer in idle]
        papers = [draw_paper(tx, exam, seed=paper_seed) for paper_seed in seeds[:PAPERS]]
        bulk.add_rows(
            tx,
            attempts.attempts,
            [
                attempts.columns_of(
                    NewAttempt(
                        exam_id=exam.id,
                        officer_id=officer.officer_id,
                        try_no=1,
                        unit_id=officer.unit_id,
                        scoring_unit_id=officer.scoring_unit_id,
                        seed=seeds[no % PAPERS],
                        items=papers[no % PAPERS],
                        started_at=now,
                        limit_s=exam.duration_s,
                        extra_s=0,
                        due_at=due_at(now, exam.duration_s, 0, exam.closes_at),
                        one_device=exam.one_device,
                        device=None,
                    )
                )
                for no, officer in enumerate(idle)
            ],
        )
        facts = {"attempts": len(idle)}
        journal.add_entry(tx, "seed.started", f"exam:{exam_id}", facts, actor_id=None, now=now)
    return len(idle)
