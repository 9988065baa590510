"""Admission tickets (准考证): made for an exam and a unit, shown once, used once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from quizapp.domain.errors import Conflict, Invalid
from quizapp.domain.exams import Exam
from quizapp.domain.people import MANAGERS, Place, Viewer, check_may
from quizapp.domain.places import Gazetteer
from quizapp.service.passwords import new_token
from quizapp.store import exams, journal, places
from quizapp.store import tickets as store
from quizapp.store.db import reading, transaction

EARLY = timedelta(hours=2)
"""How long before opening a ticket lets in: people are seated and signed in before the start."""
MOST = 400
"""Tickets of one printing: more would be made and drawn for longer than a request may take."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as it is printed; `token` is known only now."""

    candidate: store.Candidate
    token: str


@dataclass(frozen=True, slots=True)
class Printing:
    """All tickets of one printing."""

    exam: Exam
    place: Place
    tickets: list[Ticket]


@dataclass(frozen=True, slots=True)
class TicketDesk:
    """What the page that makes tickets needs: the exam and the units it may be asked for."""

    exam: Exam
    units: list[Place]
    gazetteer: Gazetteer


def open_desk(viewer: Viewer, exam_id: int) -> TicketDesk:
    """Return the choice of units for tickets of an exam. Raises NotFound, Conflict."""
    with reading() as tx:
        exam = exams.get_exam(tx, exam_id)
        units = places.list_units(tx)
    _check_published(exam)
    mine = [u.place for u in units if not u.is_closed and viewer.may(MANAGERS, u.place)]
    return TicketDesk(exam, mine, Gazetteer(units))


def _check_published(exam: Exam) -> None:
    if exam.state != "published":
        raise Conflict("exam_not_published")


def print_tickets(viewer: Viewer, exam_id: int, unit_code: str, *, now: datetime) -> Printing:
    """Make new tickets for everybody of a unit on the exam's roster; unused earlier ones are void.

    Raises NotFound, NotAllowed, UnitRefused, Conflict("exam_not_published" | "too_many_tickets" |
    "no_candidates").
    """
    with transaction() as tx:
        exam = exams.get_exam(tx, exam_id)
        _check_published(exam)
        place = Gazetteer(places.list_units(tx)).by_code(unit_code)
        check_may(viewer, MANAGERS, place)
        candidates = store.list_candidates(tx, exam_id, place)
        if not candidates:
            raise Conflict("no_candidates")
        if len(candidates) > MOST:
            raise Conflict("too_many_tickets", count=len(candidates), most=MOST)
        made = [Ticket(candidate, new_token()) for candidate in candidates]
        store.add_tickets(
            tx,
            exam_id,
            [(ticket.candidate.officer_id, _hash(ticket.token)) for ticket in made],
            valid_from=exam.opens_at - EARLY,
            valid_to=exam.closes_at,
            now=now,
        )
        journal.add_entry(
            tx,
            "tickets.printed",
            f"exam:{exam_id}",
            {"unit": unit_code, "count": len(made)},
            actor_id=viewer.officer_id,
            now=now,
        )
    return Printing(exam, place, made)


def use_ticket(token: str, address: str, *, now: datetime) -> store.Admission:
    """Use a ticket up and return what it opens. Raises Invalid("ticket_invalid")."""
    with transaction() as tx:
        admission = store.use_ticket(tx, _hash(token), now=now)
        if admission is None:
            raise Invalid("ticket_invalid")
        journal.add_entry(
            tx,
            "ticket.used",
            f"officer:{admission.officer_id}",
            {"exam": admission.exam_id, "address": address},
            actor_id=admission.officer_id,
            now=now,
        )
    return admission


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
