"""Importing a law in the browser: a file is kept, looked at, and taken in when confirmed."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from quizapp.domain.errors import Conflict, Invalid
from quizapp.domain.ids import UploadId
from quizapp.domain.law_header import Facts, wrong_facts
from quizapp.domain.people import Viewer
from quizapp.domain.uploads import KEPT
from quizapp.service import amendments
from quizapp.service.law_outlook import Outlook, preview
from quizapp.service.statutes import check_may_keep, known_short, read_file, read_text, read_with
from quizapp.store import uploads
from quizapp.store.db import reading, transaction

KIND = "law"


@dataclass(frozen=True, slots=True)
class Look:
    """A kept file as it would be taken in. `outlook` is None while facts are missing or wrong.

    `facts`: what is known; `wrong`: why not, by the name of each fact that is missing or wrong.
    """

    upload_id: UploadId
    file_name: str
    facts: Facts
    outlook: Outlook | None
    wrong: Mapping[str, Invalid]


def receive(viewer: Viewer, name: str, content: bytes, *, now: datetime) -> UploadId:
    """Keep a file that holds a law until it is confirmed, a day at most.

    Raises FileRefused, LawUnreadable, Busy.
    """
    check_may_keep(viewer)
    read_text(name, content)
    with transaction() as tx:
        uploads.delete_stale(tx, now - KEPT)
        return uploads.add_upload(
            tx,
            KIND,
            name,
            zlib.compress(content),
            sha256=sha256(content).hexdigest(),
            created_by=viewer.officer_id,
            now=now,
        )


def look(viewer: Viewer, upload_id: int, told: Facts) -> Look:
    """Return what importing the file would do; nothing is written.

    Raises NotFound("upload_not_found"), Conflict("upload_done").
    """
    name, content = _kept(viewer, upload_id)
    text, own = read_text(name, content)
    facts = told.over(known_short(own))
    wrong = wrong_facts(facts)
    outlook = None if wrong else preview(read_with(text, facts))
    return Look(UploadId(upload_id), name, facts, outlook, wrong)


def _kept(viewer: Viewer, upload_id: int) -> tuple[str, bytes]:
    check_may_keep(viewer)
    with reading() as tx:
        upload = uploads.get_upload(tx, upload_id, KIND, viewer.officer_id)
    if upload.confirmed_at is not None:
        raise Conflict("upload_done")
    return upload.file_name, zlib.decompress(upload.content)


def confirm(
    viewer: Viewer, upload_id: int, told: Facts, *, on: date, now: datetime
) -> tuple[Outlook, int | None]:
    """Take the law in; return what was done and the id of the amendment, if there is one.

    Raises what `amendments.import_law` and `look` raise, and LawFactMissing.
    """
    name, content = _kept(viewer, upload_id)
    read = read_file(name, content, told)
    done = amendments.import_law(read, on=on, actor_id=viewer.officer_id, now=now)
    with transaction() as tx:
        outcome = {"law": read.law.short, "version": read.law.version.isoformat()}
        uploads.close_upload(tx, upload_id, outcome, now=now)
    return done
