"""Who somebody is, where, and what that allows: the one place that decides it."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from quizapp.domain.errors import NotAllowed
from quizapp.domain.ids import ExamId, OfficerId, UnitId
from quizapp.domain.text import Text

ROLES = {
    "officer": Text("执法人员", "Officer"),
    "trainer": Text("培训教员", "Trainer"),
    "organizer": Text("组织者", "Organizer"),
    "administrator": Text("系统管理员", "Administrator"),
}
CADRE_LEVELS = {
    "division": Text("处级", "Division level"),
    "section": Text("科级", "Section level"),
    "other": Text("其他", "Other"),
}


ACCOUNT_STATES = {
    "active": Text("已激活", "Active"),
    "code": Text("待激活", "Waiting for activation"),
    "none": Text("未发激活码", "No code yet"),
    "disabled": Text("已停用", "Disabled"),
}
_NOTICE = timedelta(days=60)
_SHOWN_OF_PHONE, _SHOWN_OF_NUMBER = 7, 4
MANAGERS = "organizer|administrator"
"""Those who look after officers and their accounts; a role may name alternatives with `|`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as rights see it: itself, the unit above, and the one it is ranked in."""

    id: UnitId
    code: str
    name: str
    level: str
    parent_id: UnitId | None
    scoring_unit_id: UnitId | None
    is_ranked: bool = True
    name_en: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """A role at a unit: it covers that unit and everything below it."""

    role: str
    place: Place

    def covers(self, place: Place) -> bool:
        """Say whether `place` lies in this grant's scope; the province covers all."""
        if self.place.level == "province" or place.id == self.place.id:
            return True
        if self.place.level == "city" or self.place.id == self.place.scoring_unit_id:
            return place.scoring_unit_id == self.place.id
        return False


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person behind a request. `sign_in` names this sign-in, one per device and sign-in."""

    officer_id: OfficerId
    staff_no: str
    name: str
    place: Place
    grants: tuple[Grant, ...] = ()
    sign_in: str = ""
    language: str | None = None
    must_change_password: bool = False
    exam_only: ExamId | None = None
    """Set when an admission ticket opened the session: it gives access to this exam alone."""

    def has(self, role: str) -> bool:
        """Say whether the role (or one of `a|b`) is held anywhere. Everybody is an officer."""
        return role == "officer" or bool(self.places_of(role))

    def may(self, role: str, place: Place) -> bool:
        """Say whether the role (or one of several, `a|b`) is held for `place`."""
        roles = role.split("|")
        return any(grant.role in roles and grant.covers(place) for grant in self.grants)

    def places_of(self, role: str) -> tuple[Place, ...]:
        """Return the scopes in which the role (or one of several, `a|b`) is held."""
        roles = role.split("|")
        return tuple(grant.place for grant in self.grants if grant.role in roles)


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody on the roster, as those who look after the accounts see it."""

    id: OfficerId
    staff_no: str
    name: str
    place: Place
    cadre_level: str
    badge_no: str | None
    badge_expires_on: date | None
    phone: str | None
    state: str
    """One of ACCOUNT_STATES."""
    is_demo: bool = False


def check_may(viewer: Viewer, role: str, place: Place) -> None:
    """Pass only somebody who holds `role` for `place`. Raises NotAllowed("out_of_scope")."""
    if not viewer.may(role, place):
        raise NotAllowed("out_of_scope", role=role, unit=place.code)


def ticket_sign_in(exam_id: int, token: str) -> str:
    """Return the name of a sign-in that an admission ticket opened; it carries its exam."""
    return f"x{exam_id}-{token}"


def exam_of_sign_in(sign_in: str) -> ExamId | None:
    """Return the exam to which a sign-in is bound, or None for an ordinary one."""
    head, dash, _ = sign_in.partition("-")
    bound = dash and head[:1] == "x" and head[1:].isdecimal() and head.isascii()
    return ExamId(int(head[1:])) if bound else None


def masked_name(name: str) -> str:
    """Return the name as public pages show it: 张**; always two stars, to hide its length."""
    return f"{name[:1]}**" if name else ""


def masked_phone(phone: str) -> str:
    """Return 138****1234; a number too short for that shows nothing of itself."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) > _SHOWN_OF_PHONE else "*" * len(phone)


def expires_soon(on: date | None, today: date) -> bool:
    """Say whether an enforcement certificate has run out or will within 60 days."""
    return on is not None and on - today < _NOTICE


def masked_number(number: str) -> str:
    """Return a certificate number with its middle hidden."""
    return (
        f"{number[:2]}{'*' * (len(number) - 4)}{number[-2:]}"
        if len(number) > _SHOWN_OF_NUMBER
        else "*" * len(number)
    )
