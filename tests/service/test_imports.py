import sys
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from quizapp.domain.import_desk import wording
from quizapp.domain.import_findings import Finding
from quizapp.domain.people import Viewer
from quizapp.domain.sheets import FileRefused
from quizapp.formats import tabular
from quizapp.service import (
    import_batches,
    import_confirm,
    import_process,
    import_reading,
    import_taking,
    imports,
)
from quizapp.service.import_errors import with_reasons
from quizapp.service.import_lines import laws_to_plain, with_drafts
from quizapp.service.import_process import pack, unpack, work
from quizapp.service.import_reading import Tell, read_upload, run_in_process
from quizapp.service.import_taking import BankChanged
from quizapp.service.imports import Preview
from quizapp.store import bank
from quizapp.store import imports as import_reads
from quizapp.store.bank import question_versions, questions
from quizapp.store.db import reading, transaction
from quizapp.store.exams import exam_pool
from tests.factories import NOW, make_exam, make_questions, make_small_bank, make_viewer
from tests.question_files import HEADER, mixed, row, sheet


@pytest.fixture
def viewer(app: Flask) -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, "trainer")


def here(order: Mapping[str, Any], content: bytes, tell: Tell) -> bytes:
    """Do in this process what the import's own process would do."""
    if order["work"] == "reasons":
        return with_reasons(order, content)
    if order["work"] == "drafts":
        return with_drafts(order, unpack(content))
    return pack(work(order, content, tell))


def upload(viewer: Viewer, content: bytes, folder: Path, name: str = "题.xlsx") -> int:
    upload_id = imports.receive(viewer, name, content, now=NOW)
    read_upload(viewer, upload_id, folder, now=NOW, run=here)
    return upload_id


def confirm(viewer: Viewer, upload_id: int, scope: str = "province:13") -> Mapping[str, Any]:
    found = imports.preview(viewer, upload_id)
    is_begun = import_confirm.begin(
        viewer, upload_id, "good", scope=scope, report_hash=found.report_hash,
        left_out=found.desk.counts()["faulty"], now=NOW,
    )  # fmt: skip
    if is_begun:
        import_taking.carry_on(viewer, upload_id, now=NOW, run=here)
    done = imports.preview(viewer, upload_id).upload.outcome
    assert done
    return done


def count(state: str = "") -> int:
    query = sa.select(sa.func.count()).select_from(questions)
    with reading() as tx:
        found = tx.execute(query.where(questions.c.state == state) if state else query)
        return int(found.scalar_one())


def codes(found: Preview, status: str) -> list[tuple[int, list[str]]]:
    return [
        (each.question.no, [finding.code for finding in (*each.findings, *each.warnings)])
        for each in found.desk.rows
        if each.status == status
    ]


def word(finding: Finding) -> str:
    return wording(finding).zh


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_file_is_laid_out_row_by_row(viewer: Viewer, tmp_path: Path, kind: str) -> None:
    found = imports.preview(viewer, upload(viewer, sheet(mixed(), kind), tmp_path, f"题.{kind}"))
    assert found.desk.counts() == {"good": 0, "warned": 2, "faulty": 3, "known": 0}
    assert codes(found, "faulty") == [
        (3, ["answer_missing"]), (4, ["duplicate_in_file"]), (6, ["unsupported_type"]),
    ]  # fmt: skip
    assert codes(found, "warned")[1] == (
        5, ["citation_unresolved", "difficulty_missing", "explanation_missing"],
    )  # fmt: skip
    assert count() == 0


def test_good_rows_become_drafts_of_their_author_once(viewer: Viewer, tmp_path: Path) -> None:
    upload_id = upload(viewer, sheet(mixed()), tmp_path)
    done = confirm(viewer, upload_id)
    assert (done["imported"], done["left_out"]) == (2, 3)
    assert confirm(viewer, upload_id) == done
    with reading() as tx:
        rows = tx.execute(
            sa.select(questions.c.state, questions.c.scope, question_versions)
            .join(question_versions, question_versions.c.id == questions.c.current_version_id)
        ).mappings().all()  # fmt: skip
    assert [(each["state"], each["scope"], each["author_id"]) for each in rows] == [
        ("draft", "province:13", viewer.officer_id)
    ] * 2
    assert rows[0]["body"]["key"] == [1]
    assert rows[0]["body"]["citations"][0]["article"] == 9


def test_the_process_makes_the_same_drafts_as_we_do(viewer: Viewer, tmp_path: Path) -> None:
    upload_id = upload(viewer, sheet(mixed()), tmp_path)
    with reading() as tx:
        report = import_reads.get_reading(tx, upload_id).report
        laws = laws_to_plain(bank.list_laws(tx))
    order = {"work": "drafts", "laws": laws, "today": "2026-11-22"}
    made = run_in_process(order, report, str)
    assert made == here(order, report, str)
    assert len(made.splitlines()) == 3


def test_the_same_file_again_stores_nothing(viewer: Viewer, tmp_path: Path) -> None:
    content = sheet([row(1), row(2)])
    confirm(viewer, upload(viewer, content, tmp_path))
    again = upload(viewer, content, tmp_path)
    found = imports.preview(viewer, again)
    assert found.desk.counts()["known"] == 2
    assert found.earlier is not None
    with pytest.raises(Conflict, match="import_nothing_good"):
        confirm(viewer, again)
    assert count() == 2


def test_a_preview_that_the_bank_overtook_is_not_confirmed(viewer: Viewer, tmp_path: Path) -> None:
    content = sheet([row(1), row(2)])
    first, second = upload(viewer, content, tmp_path), upload(viewer, content, tmp_path)
    confirm(viewer, first)
    with pytest.raises(BankChanged):
        confirm(viewer, second)
    assert count() == 2
    imports.read_again(viewer, second, now=NOW + timedelta(seconds=1))
    read_upload(viewer, second, tmp_path, now=NOW, run=here)
    assert imports.preview(viewer, second).desk.counts()["known"] == 2


def test_rows_with_errors_are_left_out_only_when_that_is_said(
    viewer: Viewer, tmp_path: Path
) -> None:
    upload_id = upload(viewer, sheet(mixed()), tmp_path)
    report_hash = imports.preview(viewer, upload_id).report_hash
    for said in (0, 2, 4):
        with pytest.raises(Invalid, match="import_left_out"):
            import_confirm.begin(
                viewer, upload_id, "good", scope="province:13", report_hash=report_hash,
                left_out=said, now=NOW,
            )  # fmt: skip
    assert count() == 0
    assert confirm(viewer, upload_id)["left_out"] == 3


def test_only_the_preview_that_was_seen_is_confirmed(viewer: Viewer, tmp_path: Path) -> None:
    upload_id = upload(viewer, sheet([row(1)]), tmp_path)
    with pytest.raises(Conflict, match="import_preview_changed"):
        import_confirm.begin(
            viewer, upload_id, "good", scope="province:13", report_hash="x", now=NOW
        )
    with pytest.raises(Invalid, match="mode_unknown"):
        import_confirm.begin(
            viewer, upload_id, "all", scope="province:13", report_hash="x", now=NOW
        )
    assert count() == 0


def test_a_near_duplicate_is_a_warning_that_names_the_other(viewer: Viewer, tmp_path: Path) -> None:
    confirm(viewer, upload(viewer, sheet([row(1)]), tmp_path))
    alike = row(1, 题干="下列哪一项属于第 1 种情形的处理方式呢？")
    found = imports.preview(viewer, upload(viewer, sheet([alike]), tmp_path))
    warning = found.desk.rows[0].warnings[0]
    assert warning.code == "near_duplicate"
    assert "HB-130000-" in word(warning)


def test_a_corrected_mapping_is_read_anew_and_remembered(viewer: Viewer, tmp_path: Path) -> None:
    header = ["题型", "内容", *HEADER[2:]]
    content = sheet([row(1), row(2)], header=header)
    upload_id = upload(viewer, content, tmp_path)
    found = imports.preview(viewer, upload_id)
    assert codes(found, "faulty") == [(2, ["stem_missing"]), (3, ["stem_missing"])]
    name = found.tables[0].sheet
    wrong = {name: {0: "type", 1: "nonsense"}}
    with pytest.raises(Invalid, match="mapping_invalid"):
        imports.put_mapping(viewer, upload_id, wrong, now=NOW)
    fields = ("type", "stem", "option_A", "option_B", "option_C", "option_D", "answer")
    chosen = {name: dict(enumerate(fields))}
    imports.put_mapping(viewer, upload_id, chosen, now=NOW + timedelta(seconds=1))
    read_upload(viewer, upload_id, tmp_path, now=NOW, run=here)
    assert imports.preview(viewer, upload_id).desk.counts()["warned"] >= 2


def test_a_mapping_is_recalled_for_the_same_headings(viewer: Viewer, tmp_path: Path) -> None:
    content = sheet([row(1)])
    upload_id = upload(viewer, content, tmp_path)
    table = imports.preview(viewer, upload_id).tables[0]
    columns = dict(table.columns) | {7: ""}
    imports.put_mapping(viewer, upload_id, {table.sheet: columns}, now=NOW)
    found = imports.preview(viewer, upload(viewer, sheet([row(5)]), tmp_path))
    assert found.tables[0].remembered
    assert found.desk.rows[0].question.explanation == ""


def test_a_batch_is_undone_as_long_as_nobody_uses_it(viewer: Viewer, tmp_path: Path) -> None:
    content = sheet([row(1), row(2)])
    batch_id = confirm(viewer, upload(viewer, content, tmp_path))["batch"]
    assert import_batches.undo(viewer, batch_id, now=NOW) == 2
    assert import_batches.undo(viewer, batch_id, now=NOW) == 0
    assert count("retired") == 2
    again = confirm(viewer, upload(viewer, content, tmp_path))
    assert again["imported"] == 2


@pytest.mark.parametrize("use", ["published", "drawn"])
def test_a_batch_in_use_is_not_undone(viewer: Viewer, tmp_path: Path, use: str) -> None:
    batch_id = confirm(viewer, upload(viewer, sheet([row(1), row(2)]), tmp_path))["batch"]
    with reading() as tx:
        own = tx.execute(sa.select(questions.c.current_version_id)).scalars().first()
    with transaction() as tx:
        make_small_bank(tx)
    if use == "drawn":
        with transaction() as tx:
            organizer = make_viewer(tx, "organizer")
        exam = make_exam(organizer)
        with transaction() as tx:
            tx.execute(sa.insert(exam_pool).values(exam_id=exam.id, version_id=own))
    else:
        with transaction() as tx:
            mine = questions.c.current_version_id == own
            tx.execute(sa.update(questions).where(mine).values(state="published"))
    assert import_batches.get_batch(viewer, batch_id)[2] == 1
    with pytest.raises(Conflict, match="import_batch_used"):
        import_batches.undo(viewer, batch_id, now=NOW)
    assert count("retired") == 0
    assert import_batches.retire_unused(viewer, batch_id, now=NOW) == 1
    assert import_batches.retire_unused(viewer, batch_id, now=NOW) == 0
    with reading() as tx:
        left = sa.select(questions.c.state).where(questions.c.current_version_id == own)
        assert tx.execute(left).scalar_one() != "retired"


def test_nothing_is_imported_after_all(viewer: Viewer, tmp_path: Path) -> None:
    upload_id = upload(viewer, sheet([row(1)]), tmp_path)
    import_confirm.discard(viewer, upload_id)
    with pytest.raises(NotFound):
        imports.preview(viewer, upload_id)
    assert count() == 0


def test_a_trainer_of_a_city_writes_into_its_own_bank_alone(viewer: Viewer, tmp_path: Path) -> None:
    with transaction() as tx:
        city = make_viewer(tx, "trainer", "130500")
    upload_id = upload(city, sheet([row(1)]), tmp_path)
    assert [scope for scope, _ in imports.preview(city, upload_id).banks] == ["city:130500"]
    with pytest.raises(NotAllowed):
        confirm(city, upload_id)
    done = confirm(city, upload_id, "city:130500")
    assert done["imported"] == 1
    with pytest.raises(NotFound):
        imports.preview(viewer, upload_id)
    with transaction() as tx:
        other = make_viewer(tx, "trainer", "130100")
    assert import_batches.list_batches(other).batches == []
    with pytest.raises(NotAllowed):
        import_batches.get_batch(other, done["batch"])
    assert (
        imports.preview(other, upload(other, sheet([row(1)]), tmp_path)).desk.counts()["known"] == 0
    )


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_failed_rows_come_back_with_their_reasons(
    viewer: Viewer, tmp_path: Path, kind: str
) -> None:
    upload_id = upload(viewer, sheet(mixed()), tmp_path)
    content = import_batches.reasons_file(
        viewer, upload_id, kind, folder=tmp_path, only_failed=True, run=here
    )
    rows = tabular.read(f"x.{kind}", content)[0].rows
    assert rows[0].cells == (*HEADER, "错误原因")
    assert rows[1].cells[-1] == "缺少答案"
    assert len(rows) == 4
    again = imports.preview(viewer, upload(viewer, content, tmp_path, f"x.{kind}"))
    assert again.desk.counts()["faulty"] >= 2


def test_the_workbook_comes_back_whole_with_its_reasons(viewer: Viewer, tmp_path: Path) -> None:
    upload_id = upload(viewer, sheet(mixed()), tmp_path)
    confirm(viewer, upload_id)
    content = import_batches.reasons_file(
        viewer, upload_id, "xlsx", folder=tmp_path, only_failed=False, run=here
    )
    rows = tabular.read("x.xlsx", content)[0].rows
    assert len(rows) == 6
    assert [each.cell(10) for each in rows] == [
        "错误原因", "", "缺少答案", "与本文件第 2 行重复", "", rows[5].cell(10),
    ]  # fmt: skip
    assert rows[5].cell(10).startswith("题型不支持")


def test_what_cannot_be_read_is_refused_with_a_reason(viewer: Viewer, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="file_empty"):
        imports.receive(viewer, "x.csv", b"", now=NOW)
    upload_id = upload(viewer, bytes(range(256)) * 20, tmp_path, "x.csv")
    with pytest.raises(FileRefused):
        imports.preview(viewer, upload_id)
    assert imports.progress(viewer, upload_id, now=NOW).state == "refused"


def test_a_reading_that_died_can_be_begun_again(viewer: Viewer, tmp_path: Path) -> None:
    upload_id = imports.receive(viewer, "x.xlsx", sheet([row(1)]), now=NOW)
    assert not imports.progress(viewer, upload_id, now=NOW).is_interrupted
    assert imports.progress(viewer, upload_id, now=NOW + timedelta(hours=1)).is_interrupted
    read_upload(viewer, upload_id, tmp_path, now=NOW, run=lambda *_: b"")
    with pytest.raises(FileRefused, match="import_too_heavy"):
        imports.preview(viewer, upload_id)


def test_the_process_reads_like_we_do_and_tells_its_stages(viewer: Viewer, tmp_path: Path) -> None:
    with transaction() as tx:
        make_questions(tx)
    stages: list[str] = []
    seen: list[bytes] = []

    def both(order: Mapping[str, Any], content: bytes, tell: Tell) -> bytes:
        def note(stage: str) -> None:
            stages.append(stage)
            tell(stage)

        seen.append(run_in_process(order, content, note))
        return seen[-1]

    upload_id = imports.receive(viewer, "题.xlsx", sheet(mixed()), now=NOW)
    read_upload(viewer, upload_id, tmp_path, now=NOW, run=both)
    assert stages == ["reading 0 0", "checking 0 0", "comparing 0 0"]
    found = imports.preview(viewer, upload_id)
    assert found.report_hash == sha256(seen[0]).hexdigest()
    assert found.desk.counts()["faulty"] == 3


def test_rows_are_counted_while_they_are_read_checked_and_compared(
    viewer: Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as tx:
        make_questions(tx)
    monkeypatch.setattr(import_process, "TOLD_EVERY_S", 0)
    stands: list[tuple[str, int, int]] = []

    def beside(order: Mapping[str, Any], content: bytes, tell: Tell) -> bytes:
        def note(line: str) -> None:
            tell(line)
            stand = imports.progress(viewer, upload_id, now=NOW)
            stands.append((stand.state, stand.done, stand.total))

        return here(order, content, note)

    upload_id = imports.receive(viewer, "题.xlsx", sheet([row(no) for no in range(250)]), now=NOW)
    read_upload(viewer, upload_id, tmp_path, now=NOW, run=beside)
    assert stands == [
        ("reading", 0, 0), ("reading", 100, 0), ("reading", 200, 0),
        ("checking", 0, 0), ("checking", 100, 250), ("checking", 200, 250),
        ("comparing", 0, 0), ("comparing", 100, 250), ("comparing", 200, 250),
    ]  # fmt: skip


def test_a_file_that_takes_too_much_memory_only_ends_its_own_process(
    viewer: Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I4: the limits are those of the process; the server goes on and says what to do."""
    narrow = GREEDY
    monkeypatch.setattr(import_reading, "COMMAND", (sys.executable, "-c", narrow))
    upload_id = imports.receive(viewer, "题.xlsx", sheet([row(1)]), now=NOW)
    read_upload(viewer, upload_id, tmp_path, now=NOW)
    with pytest.raises(FileRefused, match="import_too_heavy"):
        imports.preview(viewer, upload_id)


GREEDY = """
from pathlib import Path
from sys import argv
from quizapp.service import import_process as own
own.work = lambda *_: bytearray(2 * own.MEMORY_BYTES)
own.main(Path(argv[1]))
"""
