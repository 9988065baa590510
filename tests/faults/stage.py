"""Sets a competition up on a database of its own, through the product's services."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask

from quizapp.domain.exams import Blueprint, Cell, ExamPlan
from quizapp.domain.people import Viewer
from quizapp.service import exams
from quizapp.store.db import transaction
from tests.factories import make_bank, make_officer, make_staff, make_viewer
from tests.faults.phone import Phone
from tests.faults.server import Server

SMALL = Blueprint((Cell("single", 10, 400), Cell("multiple", 5, 800), Cell("judge", 5, 400)))
ITEMS = SMALL.item_count


@dataclass
class Stage:
    """One database with people and bank, and the server that runs on it."""

    app: Flask
    server: Server
    folder: Path
    organizer: Viewer
    officers: list[tuple[str, str, int]]
    """Staff number, password and id."""
    phones: list[Phone] = field(default_factory=list)

    def phone(self, number: int, *, agent: str = "phone") -> Phone:
        staff_no, secret, _ = self.officers[number]
        self.phones.append(Phone(self.server.port, staff_no, secret, agent=agent))
        return self.phones[-1]

    def desk(self, role: str, staff_no: str) -> Phone:
        """Return the desk of somebody new who holds that role in the province, signed in."""
        secret = f"a machine-made secret of the {role}"
        with self.app.app_context(), transaction() as tx:
            make_staff(tx, role, staff_no=staff_no, secret=secret)
        self.phones.append(Phone(self.server.port, staff_no, secret, agent="desk"))
        assert self.phones[-1].sign_in().status == 303
        return self.phones[-1]

    def close(self) -> None:
        for phone in self.phones:
            phone.hang_up()
        self.server.stop()

    def open_exam(self, *, at: datetime | None = None, open_s: int = 7200, **over: object) -> int:
        """Publish a competition that opened a minute before `at` (default: now)."""
        now = at or datetime.now(UTC)
        plan = {
            "title": "故障演练",
            "unit_id": self.organizer.place.id,
            "opens_at": now - timedelta(minutes=1),
            "closes_at": now + timedelta(seconds=open_s),
            "blueprint": SMALL,
            "answers_release": "handed_in",
        }
        with self.app.app_context():
            exam_id = exams.create(self.organizer, ExamPlan(**(plan | over)), now=now)  # type: ignore[arg-type]
            exams.publish(self.organizer, exam_id, now=now)
        return exam_id


def populate(app: Flask, server: Server, folder: Path, count: int) -> Stage:
    """Fill an empty, migrated database: the province, a bank, an organizer, `count` officers."""
    with app.app_context(), transaction() as tx:
        make_bank(tx, 8)
        organizer = make_viewer(tx, "organizer")
        officers = []
        for number in range(count):
            staff_no, secret = f"77{number:06d}", f"a machine-made secret of officer {number}"
            officer_id = make_officer(tx, secret=secret, staff_no=staff_no)
            officers.append((staff_no, secret, int(officer_id)))
    return Stage(app, server, folder, organizer, officers)
