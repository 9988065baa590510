"""What happens around the reading of a file, and files that are written."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from quizapp.domain.bank import Search
from quizapp.domain.errors import Busy
from quizapp.domain.people import Viewer
from quizapp.service import bank_pages, board_files, imports
from quizapp.service.import_reading import Tell, read_upload
from quizapp.store import imports as store
from quizapp.store.db import transaction
from quizapp.store.imports import READY, RUNNING
from tests.factories import NOW, make_viewer
from tests.question_files import row, sheet
from tests.service.test_imports import here


@pytest.fixture
def viewer(app: Flask) -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, "trainer")


def test_a_word_on_progress_that_finds_the_store_busy_does_not_end_the_reading(
    viewer: Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = store.put_stage

    def busy_with_progress(*place: Any, **values: Any) -> bool:
        if values["state"] in RUNNING:
            raise Busy
        return stored(*place, **values)

    monkeypatch.setattr(store, "put_stage", busy_with_progress)
    upload_id = imports.receive(viewer, "题.xlsx", sheet([row(1)]), now=NOW)
    read_upload(viewer, upload_id, tmp_path, now=NOW, run=telling)
    assert imports.progress(viewer, upload_id, now=NOW).state == READY


def telling(order: Mapping[str, Any], content: bytes, tell: Tell) -> bytes:
    tell("checking 1 2")
    return here(order, content, tell)


def test_nobody_waits_for_a_file_of_the_bank_to_be_written(
    viewer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_beside(*table: Any) -> bytes:
        with transaction(wait_s=0):  # somebody saves meanwhile
            return board_files.write_file(*table)

    monkeypatch.setattr(bank_pages, "write_file", write_beside)
    assert bank_pages.export(viewer, "csv", Search(), now=NOW)
