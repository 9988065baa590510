"""Importing past classes into the ledger: preview, confirmation, file of errors, template."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from quizapp.domain.attendance import HEADER, ClassSheet, find_classes, read_classes
from quizapp.domain.class_plan import ClassPlan, Ledger, PostedBy, plan_classes
from quizapp.domain.clock import civil_date
from quizapp.domain.credit_rules import DEFAULT_RULES
from quizapp.domain.ids import UploadId
from quizapp.domain.people import Viewer
from quizapp.domain.training import HOURS_ROLES
from quizapp.domain.uploads import Problem, Upload, check_mode
from quizapp.formats import tabular
from quizapp.service import uploads
from quizapp.service.apart import run_apart
from quizapp.service.credit_rules import rules_for_posting
from quizapp.store import journal, officers, training
from quizapp.store import uploads as store
from quizapp.store.db import Tx, reading, transaction

KIND = "hours"
_SAMPLE = (
    ("00100001", "张三", "2025-03-18", "集中培训", "行政处罚法专题培训班", 360, ""),
    ("00100002", "李四", "2025-06-02", "网络培训", "执法程序规范网络课程", "", 4),
    ("00100003", "王五", "2025-09-10", "授课", "执法记录仪使用", 90, ""),
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What confirming an upload would do; `classes` is None once it is confirmed."""

    upload: Upload
    classes: ClassSheet | None = None
    plan: ClassPlan | None = None


def receive(viewer: Viewer, name: str, content: bytes, *, now: datetime) -> UploadId:
    """Keep a file of classes for its preview. Raises FileRefused, HeadingMissing, Busy."""
    return uploads.receive(viewer, KIND, name, content, check=find_classes, now=now)


def preview(viewer: Viewer, upload_id: int, *, now: datetime) -> Preview:
    """Return what the upload would post; nothing is written. Raises NotFound."""
    with reading() as tx:
        upload = store.get_upload(tx, upload_id, KIND, viewer.officer_id)
    if upload.confirmed_at is not None:
        return Preview(upload)
    classes = _read(upload, now)
    with reading() as tx:
        rules = training.list_rules(tx) or list(DEFAULT_RULES)
        return Preview(upload, classes, _plan(tx, viewer, upload, classes, rules, now=now))


def _read(upload: Upload, now: datetime) -> ClassSheet:
    tables = uploads.tables_of(upload)
    return run_apart(read_classes, tables, civil_date(now))


def _plan(
    tx: Tx, viewer: Viewer, upload: Upload, classes: ClassSheet, rules: Any, *, now: datetime
) -> ClassPlan:
    numbers = {attendance.staff_no for attendance in classes.attendances}
    known = officers.find_by_numbers(tx, sorted(numbers))
    ids = [officer.id for officer in known.values()]
    ledger = Ledger(
        rules=tuple(rules),
        sources=training.sources_of(tx, ids),
        held=training.credited(tx, ids, {a.held_on.year for a in classes.attendances}),
    )
    by = PostedBy(viewer.officer_id, upload.id, now)
    return plan_classes(classes, known, lambda place: viewer.may(HOURS_ROLES, place), ledger, by)


def confirm(viewer: Viewer, upload_id: int, mode: str, *, now: datetime) -> Mapping[str, Any]:
    """Post what the file says, as the ledger stands now; return what was done.

    A second call posts nothing and returns the same. `mode`: "all" rows or none, or the "good"
    ones. Raises NotFound, RowsFaulty, ModeUnknown, Busy.
    """
    with reading() as tx:
        upload = store.get_upload(tx, upload_id, KIND, viewer.officer_id)
    if upload.outcome is not None:
        return upload.outcome
    classes = _read(upload, now)
    with transaction() as tx:
        upload = store.get_upload(tx, upload_id, KIND, viewer.officer_id, lock=True)
        if upload.outcome is not None:
            return upload.outcome
        plan = _plan(tx, viewer, upload, classes, rules_for_posting(tx), now=now)
        check_mode(mode, plan.faulty_rows)
        outcome = {
            "posted": training.add_postings(tx, [booking.posting for booking in plan.bookings]),
            "persons": plan.persons,
            "credit_ch": plan.credit_ch,
            "known": plan.known,
            "left_out": plan.faulty_rows,
        }
        store.close_upload(tx, upload_id, outcome, now=now)
        facts = outcome | {"file": upload.file_name, "sha256": upload.sha256}
        journal.add_entry(
            tx, "hours.imported", f"upload:{upload_id}", facts, actor_id=viewer.officer_id, now=now
        )
    return outcome


def error_file(
    viewer: Viewer,
    upload_id: int,
    kind: str,
    word: Callable[[Problem], str],
    *,
    only_failed: bool,
    language: str = "zh",
    now: datetime,
) -> bytes:
    """Return the file with the reasons of its faulty rows, worded by `word`. Raises NotFound."""
    found = preview(viewer, upload_id, now=now)
    if found.classes is None or found.plan is None:
        return tabular.write(kind, "", list(HEADER), [])
    sheet, heading = found.classes.sheet, found.classes.heading
    return uploads.error_file(
        kind, sheet, heading, found.plan.problems, word,
        only_failed=only_failed, language=language,
    )  # fmt: skip


def template(kind: str) -> bytes:
    """Return an example that imports without findings. Raises Invalid("unknown_table_format")."""
    return tabular.write(kind, "培训记录", HEADER, _SAMPLE)
