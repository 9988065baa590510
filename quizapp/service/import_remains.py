"""What a batch that did not come in whole leaves behind is removed, in slices."""

from datetime import datetime

from quizapp.service.apart import rest
from quizapp.service.slices import Slices
from quizapp.store import import_taking as store
from quizapp.store.db import reading, transaction


def remove_left(upload_id: int) -> None:
    """Remove the drafts that nobody goes on taking in from an upload."""
    slices = Slices()
    while True:
        with slices.transaction() as tx:
            batch_id = store.find_left(tx, upload_id)
            if batch_id is None:
                return
            store.remove_items(tx, batch_id, slices.size)
        rest()


def remove_stale(before: datetime) -> None:
    """Remove what is left of files that nobody has gone on taking in since that moment."""
    with reading() as tx:
        left = store.list_left(tx, before)
    for upload_id in left:
        with transaction() as tx:
            store.end_taking(tx, upload_id)
        remove_left(upload_id)
