"""Importing a roster: preview, confirmation, file of errors, template."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from quizapp.domain.ids import UploadId
from quizapp.domain.people import CADRE_LEVELS, MANAGERS, Officer, Viewer
from quizapp.domain.places import Gazetteer
from quizapp.domain.roster import HEADER, Entry, Plan, Roster, find_roster, plan_roster, read_roster
from quizapp.domain.uploads import Problem, Upload, check_mode
from quizapp.formats import tabular
from quizapp.service import uploads
from quizapp.service.apart import run_apart
from quizapp.store import journal, officers, places
from quizapp.store import uploads as store
from quizapp.store.db import Tx, reading, transaction

KIND = "roster"
_SAMPLE = (
    (
        "00100001",
        "张三",
        "",
        "石家庄市",
        "桥西区",
        "科级",
        "冀A0100001",
        "2028-12-31",
        "13800000001",
    ),
    ("00100002", "李四", "", "张家口市", "桥西区", "其他", "", "", ""),
    ("00100003", "王五", "", "定州市", "", "处级", "", "", ""),
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What confirming an upload would do; `roster` is None once it is confirmed."""

    upload: Upload
    roster: Roster | None = None
    plan: Plan | None = None


def receive(viewer: Viewer, name: str, content: bytes, *, now: datetime) -> UploadId:
    """Keep a roster file for its preview. Raises FileRefused, HeadingMissing, Busy."""
    return uploads.receive(viewer, KIND, name, content, check=find_roster, now=now)


def preview(viewer: Viewer, upload_id: int) -> Preview:
    """Return what the upload would do; nothing is written. Raises NotFound."""
    with reading() as tx:
        upload = store.get_upload(tx, upload_id, KIND, viewer.officer_id)
        gazetteer = Gazetteer(places.list_units(tx))
    if upload.confirmed_at is not None:
        return Preview(upload)
    roster = _read(upload, gazetteer)
    with reading() as tx:
        return Preview(upload, roster, _plan(tx, viewer, roster))


def _read(upload: Upload, gazetteer: Gazetteer) -> Roster:
    tables = uploads.tables_of(upload)
    return run_apart(read_roster, tables, gazetteer)


def _plan(tx: Tx, viewer: Viewer, roster: Roster) -> Plan:
    known = officers.find_by_numbers(tx, [entry.staff_no for entry in roster.entries])
    return plan_roster(roster, known, lambda place: viewer.may(MANAGERS, place))


def confirm(viewer: Viewer, upload_id: int, mode: str, *, now: datetime) -> Mapping[str, Any]:
    """Import the file as it would change things now; return what was done.

    A second call changes nothing and returns the same. `mode`: "all" rows or none, or the "good"
    ones. Raises NotFound, RowsFaulty, ModeUnknown, Busy.
    """
    with reading() as tx:
        upload = store.get_upload(tx, upload_id, KIND, viewer.officer_id)
        gazetteer = Gazetteer(places.list_units(tx))
    if upload.outcome is not None:
        return upload.outcome
    roster = _read(upload, gazetteer)
    with transaction() as tx:
        upload = store.get_upload(tx, upload_id, KIND, viewer.officer_id, lock=True)
        if upload.outcome is not None:
            return upload.outcome
        plan = _plan(tx, viewer, roster)
        check_mode(mode, plan.faulty_rows)
        _apply(tx, plan, now)
        outcome = {
            "added": len(plan.new),
            "changed": len(plan.changes),
            "unchanged": plan.unchanged,
            "left_out": plan.faulty_rows,
        }
        store.close_upload(tx, upload_id, outcome, now=now)
        facts = outcome | {"file": upload.file_name, "sha256": upload.sha256}
        journal.add_entry(
            tx, "roster.imported", f"upload:{upload_id}", facts, actor_id=viewer.officer_id, now=now
        )
    return outcome


def _apply(tx: Tx, plan: Plan, now: datetime) -> None:
    officers.add_officers(tx, [new_columns(entry, now) for entry in plan.new])
    officers.put_officers(
        tx,
        [
            (
                change.officer.id,
                {
                    ("unit_id" if field == "unit" else field): (
                        after.id if field == "unit" else after
                    )
                    for field, (_, after) in change.fields.items()
                },
            )
            for change in plan.changes
        ],
    )


def new_columns(entry: Entry, now: datetime) -> dict[str, Any]:
    """Return the columns of an officer who comes new to the table."""
    return {
        "staff_no": entry.staff_no,
        "name": entry.name,
        "unit_id": entry.place.id,
        "cadre_level": entry.cadre_level or "other",
        "badge_no": entry.badge_no,
        "badge_expires_on": entry.badge_expires_on,
        "phone": entry.phone,
        "created_at": now,
    }


def error_file(
    viewer: Viewer,
    upload_id: int,
    kind: str,
    word: Callable[[Problem], str],
    *,
    only_failed: bool,
    language: str = "zh",
) -> bytes:
    """Return the file with the reasons of its faulty rows, worded by `word`. Raises NotFound."""
    found = preview(viewer, upload_id)
    if found.roster is None or found.plan is None:
        return tabular.write(kind, "", list(HEADER), [])
    sheet, heading = found.roster.sheet, found.roster.heading
    return uploads.error_file(
        kind, sheet, heading, found.plan.problems, word,
        only_failed=only_failed, language=language,
    )  # fmt: skip


def template(kind: str) -> bytes:
    """Return an example that imports without findings. Raises Invalid("unknown_table_format")."""
    return tabular.write(kind, "人员花名册", HEADER, _SAMPLE)


def export(kind: str, listed: list[Officer], gazetteer: Gazetteer) -> bytes:
    """Return officers as a file that can be imported again unchanged."""
    return run_apart(
        tabular.write, kind, "人员", list(HEADER), [_row(o, gazetteer) for o in listed]
    )


def _row(officer: Officer, gazetteer: Gazetteer) -> list[str | date | None]:
    city, county = gazetteer.path(officer.place)
    return [
        officer.staff_no,
        officer.name,
        officer.place.code,
        city,
        county,
        CADRE_LEVELS[officer.cadre_level].zh,
        officer.badge_no,
        officer.badge_expires_on,
        officer.phone,
    ]
