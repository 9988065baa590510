"""Taking in what was confirmed: slice by slice, shown all at once when the last draft is there.

So officers' answers never wait for the whole. Whatever dies in between is gone on with by whoever
looks next; who is not the last to have left a sign of life gives way.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from typing import Any, NamedTuple

from quizapp.domain.clock import civil_date
from quizapp.domain.errors import Busy, Conflict
from quizapp.domain.import_checks import likeness
from quizapp.domain.import_desk import lettered
from quizapp.domain.people import Viewer
from quizapp.domain.sheets import FileRefused
from quizapp.service.apart import rest
from quizapp.service.desk import reach_in
from quizapp.service.import_lines import laws_to_plain
from quizapp.service.import_process import RUN_S, TOO_HEAVY
from quizapp.service.import_reading import Runner, Tell, run_in_process
from quizapp.service.imports import KIND, give_up, read_again
from quizapp.service.laying import Clock
from quizapp.service.slices import Slices
from quizapp.store import bank, imports, journal, uploads
from quizapp.store import import_taking as store
from quizapp.store.db import Tx, dialect, reading, transaction
from quizapp.store.drafts import add_drafts, ready_drafts


class Made(NamedTuple):
    """A report made into drafts, a line each (see `with_drafts`).

    `stamp`: the newest version of a question that it was compared with.
    """

    stamp: int
    lines: Sequence[bytes]


class BankChanged(Conflict):
    """Since the preview a question of the file has come into the bank."""

    code = "import_bank_changed"


class GivenWay(Conflict):
    """Somebody else goes on with it, or it was given up."""

    code = "import_not_ready"


class Taker:
    """Who goes on with an upload, as long as nobody else does. `done`: how many drafts are in."""

    def __init__(self, tx: Tx, viewer: Viewer, upload_id: int, now: datetime) -> None:
        self.upload = uploads.get_upload(tx, upload_id, KIND, viewer.officer_id)
        batch = store.find_coming(tx, upload_id)
        if batch is None:
            raise GivenWay
        self.batch = batch
        read = imports.get_reading(tx, upload_id)
        self.report, self.done = read.report, read.done
        self.clock, self._seen = Clock(now), read.started_at

    @contextmanager
    def step(self, opened: AbstractContextManager[Tx], count: int = 0) -> Iterator[Tx]:
        """Make it our transaction: it leaves a sign of life, and that `count` more are in.

        Nobody else goes on from what was there before. Raises GivenWay.
        """
        at, done = self.clock(), self.done + count
        with opened as tx:
            if not store.move_taking(tx, self.upload.id, self._seen, done=done, now=at):
                raise GivenWay
            yield tx
        self._seen, self.done = at, done

    def live(self) -> None:
        """Leave a sign of life. Raises GivenWay, Busy."""
        with self.step(transaction()):
            pass


def carry_on(
    viewer: Viewer, upload_id: int, *, now: datetime, run: Runner = run_in_process
) -> None:
    """Take in what was confirmed, from where it stands; or leave for its owner why nothing is in.

    Raises BankChanged, and then the file waits to be read anew; NotFound, Busy and, when nothing
    is coming in or somebody else goes on with it, GivenWay.
    """
    with reading() as tx:
        taker = Taker(tx, viewer, upload_id, now)
    taker.live()
    try:
        _take_in(viewer, taker, drafts_of(taker, run))
    except (BankChanged, FileRefused) as why:
        taker.live()  # or it is not ours to end
        if isinstance(why, FileRefused):
            give_up(viewer, upload_id, why=why)
            return
        read_again(viewer, upload_id, now=taker.clock(), why=why)
        raise


def drafts_of(taker: Taker, run: Runner) -> Made:
    """Return the report made into drafts, beside the requests. Raises FileRefused, GivenWay."""
    with reading() as tx:
        laws = laws_to_plain(bank.list_laws(tx))
    today = civil_date(taker.batch.created_at).isoformat()
    made = run({"work": "drafts", "laws": laws, "today": today}, taker.report, _telling(taker))
    if not made:
        raise FileRefused(TOO_HEAVY, seconds=RUN_S)
    stamp, *lines = made.split(b"\n")
    return Made(int(stamp), lines)


def _telling(taker: Taker) -> Tell:
    def tell(_line: str) -> None:
        with suppress(Busy):  # it works on; the next word comes soon
            taker.live()

    return tell


def _take_in(viewer: Viewer, taker: Taker, made: Made) -> None:
    """Add the drafts that are missing, slice by slice, and show all of them."""
    with reading() as tx:
        stamp = imports.newest_version(tx)
        _check_still_new(tx, viewer, made)
    slices = Slices()
    while taker.done < len(made.lines):
        some = [json.loads(line) for line in made.lines[taker.done :][: slices.size]]
        rows = [_version(each["columns"], viewer, taker.batch.created_at) for each in some]
        ready = ready_drafts(taker.batch.scope, rows, dialect=dialect(), now=taker.batch.created_at)
        with taker.step(slices.transaction(), len(some)) as tx:
            imports.hold_imports(tx)
            added = add_drafts(tx, ready, is_shown=False)
            items = zip([one.id for one in added], [each["place"] for each in some], strict=True)
            store.add_items(tx, taker.batch.id, items)
        rest()
    _show(viewer, taker, made._replace(stamp=stamp))


def _version(columns: Mapping[str, Any], viewer: Viewer, at: datetime) -> dict[str, Any]:
    return {
        **columns,
        "as_of": civil_date(at),
        "author": viewer.name,
        "author_id": viewer.officer_id,
        "note": "",
        "created_at": at,
    }


def _check_still_new(tx: Tx, viewer: Viewer, made: Made) -> None:
    """Pass when nothing of it has come into the bank since its stamp. Raises BankChanged."""
    added = imports.list_texts(tx, reach_in(tx, viewer), since=made.stamp)
    known = {likeness(each.stem, lettered(each.options)) for each in added}
    if known and any(tuple(json.loads(line)["like"]) in known for line in made.lines):
        raise BankChanged


def _show(viewer: Viewer, taker: Taker, made: Made) -> None:
    """Show all drafts of a batch that is complete: the upload is confirmed."""
    batch, upload, at = taker.batch, taker.upload, taker.clock()
    with taker.step(transaction()) as tx:
        imports.hold_imports(tx)
        _check_still_new(tx, viewer, made)
        store.show_items(tx, batch.id)
        outcome = {**batch.counts, "batch": batch.id}
        imports.mark_confirmed(tx, upload.id, outcome, now=at)
        store.end_taking(tx, upload.id)
        facts = outcome | {
            "file": upload.file_name, "sha256": upload.sha256, "scope": batch.scope,
        }  # fmt: skip
        journal.add_entry(
            tx, "import.confirmed", f"import:{batch.id}", facts,
            actor_id=viewer.officer_id, now=at,
        )  # fmt: skip
