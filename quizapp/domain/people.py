"""Who somebody is, where, and what that allows: the one place that decides it."""

from dataclasses import dataclass

from quizapp.domain.errors import NotAllowed
from quizapp.domain.ids import OfficerId, UnitId
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


@dataclass(frozen=True, slots=True)
class Place:
    """A unit as rights see it: itself, the unit above, and the one it is ranked in."""

    id: UnitId
    code: str
    name: str
    level: str
    parent_id: UnitId | None
    scoring_unit_id: UnitId | None


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

    def has(self, role: str) -> bool:
        """Say whether the role is held anywhere. Everybody is an officer."""
        return role == "officer" or any(grant.role == role for grant in self.grants)

    def may(self, role: str, place: Place) -> bool:
        """Say whether the role is held for `place`."""
        return any(grant.role == role and grant.covers(place) for grant in self.grants)

    def places_of(self, role: str) -> tuple[Place, ...]:
        """Return the scopes in which the role is held."""
        return tuple(grant.place for grant in self.grants if grant.role == role)


def check_may(viewer: Viewer, role: str, place: Place) -> None:
    """Pass only somebody who holds `role` for `place`. Raises NotAllowed("out_of_scope")."""
    if not viewer.may(role, place):
        raise NotAllowed("out_of_scope", role=role, unit=place.code)
