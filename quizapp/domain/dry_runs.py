"""试算: what a correction would move, as it is kept from the draft to the approval."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from quizapp.domain.awards.base import Given, Prize
from quizapp.domain.clock import from_ms, to_ms
from quizapp.domain.ids import OfficerId, UnitId
from quizapp.domain.prizes import Effects, effects_from_plain, effects_to_plain
from quizapp.domain.training import ContestResult

FIRST_MOVES = 200
"""Officers that are kept beside the figures, for the page; all of them are in `Consequences`."""


@dataclass(frozen=True, slots=True)
class OfficerMove:
    """An officer whose counting score or rank changes. Grades: excellent, good, passed, failed."""

    officer_id: OfficerId
    staff_no: str
    name: str
    unit: str
    score_before: int
    score_after: int
    rank_before: int
    rank_after: int
    grade_before: str
    grade_after: str

    @property
    def change_cp(self) -> int:
        """Centi-points gained (lost: negative)."""
        return self.score_after - self.score_before


@dataclass(frozen=True, slots=True)
class Moves:
    """What a correction moves. `attempts`: papers with another score; the others are officers.

    `scored`: whose counting score changes; `graded`: whose grade does; `moved`: score or rank.
    `officers`: the first of these, the greatest change of score first, then by rank.
    `to_decide`: the confirmed awards whose prizes move; nobody but a person may change them.
    """

    attempts: int
    scored: int
    graded: int
    moved: int
    officers: tuple[OfficerMove, ...]
    effects: Effects
    to_decide: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consequences:
    """All that has to be carried out or listed: everybody who moves, who passes now, prizes.

    `passed`: who passes by it; `failed`: who no longer does; `prizes`: what each award then gives,
    None with an open tie.
    """

    officers: tuple[OfficerMove, ...]
    passed: tuple[ContestResult, ...]
    failed: tuple[OfficerId, ...]
    prizes: Mapping[str, tuple[Prize, ...] | None]


def moves_to_plain(moves: Moves) -> dict[str, Any]:
    """Return the moves as JSON keeps them."""
    return asdict(moves) | {"effects": effects_to_plain(moves.effects)}


def moves_from_plain(plain: Mapping[str, Any]) -> Moves:
    """Return the moves that `moves_to_plain` wrote."""
    return Moves(
        **{name: plain[name] for name in ("attempts", "scored", "graded", "moved")},
        officers=tuple(OfficerMove(**one) for one in plain["officers"]),
        effects=effects_from_plain(plain["effects"]),
        to_decide=tuple(plain["to_decide"]),
    )


def consequences_to_plain(found: Consequences) -> dict[str, Any]:
    """Return the consequences as JSON keeps them; thousands of officers, hence without names."""
    return {
        "officers": [
            [getattr(one, name) for name in OfficerMove.__slots__] for one in found.officers
        ],
        "passed": [
            [one.officer_id, one.unit_id, one.scoring_unit_id, to_ms(one.submitted_at),
             one.duration_s]
            for one in found.passed
        ],
        "failed": list(found.failed),
        "prizes": {
            key: None if given is None else [[p.entrant_id, p.level, p.rank] for p in given]
            for key, given in found.prizes.items()
        },
    }  # fmt: skip


def consequences_from_plain(plain: Mapping[str, Any]) -> Consequences:
    """Return the consequences that `consequences_to_plain` wrote."""
    return Consequences(
        officers=tuple(OfficerMove(*one) for one in plain["officers"]),
        passed=tuple(
            ContestResult(
                officer_id=OfficerId(officer), unit_id=UnitId(unit), scoring_unit_id=UnitId(city),
                submitted_at=from_ms(at), duration_s=used, passed=True,
            )
            for officer, unit, city, at, used in plain["passed"]
        ),
        failed=tuple(OfficerId(one) for one in plain["failed"]),
        prizes={
            key: None if given is None else tuple(Prize(*one) for one in given)
            for key, given in plain["prizes"].items()
        },
    )  # fmt: skip


def prizes_of(given: Given) -> tuple[Prize, ...] | None:
    """Return the prizes, None while a tie is open."""
    return None if given.ties else given.prizes
