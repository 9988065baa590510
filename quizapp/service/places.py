"""Units: loading the province's, listing them, adding one."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from quizapp.domain.ids import UnitId
from quizapp.domain.people import Place, Viewer, check_may
from quizapp.domain.places import Alias, Gazetteer, NewUnit, Unit, UnitRefused
from quizapp.store import journal
from quizapp.store import places as store
from quizapp.store.db import reading, transaction

REGIONS = Path(__file__).resolve().parent.parent / "regions"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading the regions file changed: units added, units given an English name."""

    added: int
    named: int


def load_places(now: datetime) -> Loaded:
    """Leave every unit of the regions file in the database, each with its English name.

    Units that are there stay as they are, but for an English name they never had. Idempotent.
    """
    wanted = read_regions()
    with reading() as tx:
        if not any(_what_is_missing(wanted, store.list_units(tx))):
            return Loaded(added=0, named=0)
    with transaction() as tx:
        new, nameless = _what_is_missing(wanted, store.list_units(tx))
        store.add_units(tx, new)
        store.put_english_names(tx, nameless)
        done = Loaded(added=len(new), named=len(nameless))
        if any((new, nameless)):
            facts = {"added": done.added, "named": done.named}
            journal.add_entry(tx, "units.loaded", "units", facts, actor_id=None, now=now)
    return done


def _what_is_missing(
    wanted: Sequence[NewUnit], there: Sequence[Unit]
) -> tuple[list[NewUnit], dict[UnitId, str]]:
    """Return the units still to be added, and the English names to be filled in, by unit.

    A unit that somebody gave another name than the file's is that person's to name in English.
    """
    known = {unit.place.code for unit in there}
    english = {(unit.code, unit.name): unit.name_en for unit in wanted}
    nameless = {
        unit.place.id: english.get((unit.place.code, unit.place.name), "")
        for unit in there
        if not unit.name_en
    }
    new = [unit for unit in wanted if unit.code not in known]
    return new, {unit_id: name for unit_id, name in nameless.items() if name}


def read_regions() -> list[NewUnit]:
    """Return the units of the regions file: province, 12 city-level, 167 county-level."""
    with (REGIONS / "hebei.csv").open(encoding="utf-8", newline="") as lines:
        return [
            NewUnit(
                code=row["code"],
                name=row["name"],
                name_en=row["name_en"],
                level=row["level"],
                kind=row["kind"],
                parent=row["parent"],
                scoring_unit=row["scoring_unit"],
                is_ranked=row["is_ranked"] == "1",
                aliases=tuple(_alias(part) for part in row["aliases"].split("|") if part),
            )
            for row in csv.DictReader(lines)
        ]


def english_names() -> dict[str, str]:
    """Return name → English name of the units that have one. Namesakes have the same one."""
    with reading() as tx:
        units = store.list_units(tx)
    return {unit.place.name: unit.name_en for unit in units if unit.name_en}


def _alias(part: str) -> Alias:
    name, _, until = part.partition("@")
    return Alias(name, until)


def list_units() -> list[Unit]:
    """Return all units by code, the official order."""
    with reading() as tx:
        return store.list_units(tx)


def list_scoring_units() -> list[Place]:
    """Return the scoring units by code: 14 ranked ones and the province's own, unranked."""
    with reading() as tx:
        return store.list_scoring_units(tx)


def get_gazetteer() -> Gazetteer:
    """Return all units in a form that finds them by what people write."""
    return Gazetteer(list_units())


def add_unit(
    viewer: Viewer, *, code: str, name: str, parent_code: str, name_en: str, now: datetime
) -> Place:
    """Leave a new unit below `parent_code`, ranked where that one is (a zone of the statistics).

    Raises UnitRefused("unit_code_taken" | "unit_name_taken" | "unit_unknown"), NotAllowed.
    """
    with transaction() as tx:
        units = store.list_units(tx)
        gazetteer = Gazetteer(units)
        parent = gazetteer.by_code(parent_code)
        check_may(viewer, "administrator", parent)
        if any(unit.place.code == code for unit in units):
            raise UnitRefused("unit_code_taken", written=code)
        if any(u.place.name == name and u.place.parent_id == parent.id for u in units):
            raise UnitRefused("unit_name_taken", written=name)
        if parent.scoring_unit_id is None:
            raise UnitRefused("unit_unknown", written=parent_code)
        ranked_in = gazetteer.by_id(parent.scoring_unit_id)
        new = NewUnit(
            code=code,
            name=name,
            name_en=name_en,
            level="county",
            kind="其他",
            parent=parent.code,
            scoring_unit=ranked_in.code,
            is_ranked=parent.is_ranked,
        )
        store.add_units(tx, [new])
        facts = {"name": name, "parent": parent.code, "scoring_unit": ranked_in.code}
        journal.add_entry(
            tx, "unit.added", f"unit:{code}", facts, actor_id=viewer.officer_id, now=now
        )
        return Gazetteer(store.list_units(tx)).by_code(code)
