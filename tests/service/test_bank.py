"""Loading is versioned, repeatable, and all or nothing."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from quizapp.service.bank import BankEmpty, BankFaulty, Loaded, check_folder, load_folder
from quizapp.service.exposure import report_exposure
from quizapp.store import bank, journal
from quizapp.store.bank import question_versions, questions
from quizapp.store.db import reading, transaction
from tests.bank_files import LAWS, QUESTIONS, changed, write_bank
from tests.factories import NOW, make_bank

CODES = ["HB-XZCF-051-01", "HB-XZCF-055-01", "HB-XZCF-063-01"]


def states() -> dict[str, str]:
    with reading() as tx:
        rows = tx.execute(sa.select(questions.c.code, questions.c.state))
        return {row.code: row.state for row in rows}


def test_a_load_fills_the_pool_and_a_second_one_changes_nothing(app: Flask, tmp_path: Path) -> None:
    folder = write_bank(tmp_path)
    assert load_folder(folder, now=NOW) == Loaded(3, 0, 0, 0, in_review=1)
    with reading() as tx:
        pool = bank.list_pool(tx, on=NOW.date())
        entries = tx.execute(sa.select(sa.func.count()).select_from(journal.journal)).scalar_one()
        versions = bank.get_versions(tx, [item.version_id for item in pool])
        assert len(bank.list_laws(tx)) == 3
    assert [(item.code, item.type, item.parts) for item in pool] == [
        ("HB-XZCF-051-01", "single", 1),
        ("HB-XZCF-055-01", "case", 2),
    ]
    assert [versions[item.version_id].reviewer for item in pool] == ["复核组", "复核组"]
    assert load_folder(folder, now=NOW) == Loaded(0, 0, 3, 0, in_review=1)
    with reading() as tx:
        assert bank.list_pool(tx, on=NOW.date()) == pool
        assert (
            entries
            == tx.execute(sa.select(sa.func.count()).select_from(journal.journal)).scalar_one()
        )


def test_what_is_stored_is_what_the_file_says(app: Flask, tmp_path: Path) -> None:
    folder = write_bank(tmp_path)
    load_folder(folder, now=NOW)
    written = {entry.code: entry.question for entry in check_folder(folder)[0].entries}
    with reading() as tx:
        ids = tx.execute(sa.select(question_versions.c.id)).scalars()
        assert {v.code: v.question for v in bank.get_versions(tx, ids).values()} == written


def test_an_edited_question_gets_a_new_version_and_keeps_the_old_one(
    app: Flask, tmp_path: Path
) -> None:
    load_folder(write_bank(tmp_path), now=NOW)
    with reading() as tx:
        before = {item.code: item for item in bank.list_pool(tx, on=NOW.date())}
    later = write_bank(tmp_path, changed("    D: 五百元", "    D: 一千元"))
    assert load_folder(later, now=NOW + timedelta(days=1)) == Loaded(0, 1, 2, 0, in_review=1)
    with reading() as tx:
        after = {item.code: item for item in bank.list_pool(tx, on=NOW.date())}
        old, new = before["HB-XZCF-051-01"].version_id, after["HB-XZCF-051-01"].version_id
        versions = bank.get_versions(tx, [old, new])
    assert [versions[v].version for v in (old, new)] == [1, 2]
    assert [versions[v].question.options[3] for v in (old, new)] == ["五百元", "一千元"]
    assert before["HB-XZCF-055-01"] == after["HB-XZCF-055-01"]


def test_a_second_reading_publishes_without_a_new_version(app: Flask, tmp_path: Path) -> None:
    load_folder(write_bank(tmp_path), now=NOW)
    read = QUESTIONS.replace(
        "  topics: [听证]\n",
        '  topics: [听证]\n  review: {outcome: confirmed, date: "2026-11-23", by: 复核组}\n',
    )
    assert load_folder(write_bank(tmp_path, read), now=NOW) == Loaded(0, 0, 3, 0, in_review=0)
    assert set(states().values()) == {"published"}
    with reading() as tx:
        assert tx.execute(sa.select(sa.func.max(question_versions.c.version))).scalar_one() == 1


def test_a_removed_question_retires_and_comes_back(app: Flask, tmp_path: Path) -> None:
    load_folder(write_bank(tmp_path), now=NOW)
    less = QUESTIONS[: QUESTIONS.index("- id: HB-XZCF-063-01")]
    assert load_folder(write_bank(tmp_path, less), now=NOW) == Loaded(0, 0, 1, 2, in_review=0)
    assert states() == dict(zip(CODES, ["published", "retired", "retired"], strict=True))
    assert load_folder(write_bank(tmp_path), now=NOW) == Loaded(0, 0, 3, 0, in_review=1)
    assert states() == dict(zip(CODES, ["published", "published", "in_review"], strict=True))


def test_what_a_person_suspended_stays_so_until_its_content_changes(
    app: Flask, tmp_path: Path
) -> None:
    load_folder(write_bank(tmp_path), now=NOW)
    with transaction() as tx:
        tx.execute(sa.update(questions).values(state="suspended"))
    load_folder(write_bank(tmp_path), now=NOW)
    assert set(states().values()) == {"suspended"}
    load_folder(write_bank(tmp_path, changed("    D: 五百元", "    D: 一千元")), now=NOW)
    assert states()["HB-XZCF-051-01"] == "published"


@pytest.mark.parametrize(
    "text",
    [
        changed("  key: C\n", ""),
        changed("HB-XZCF-063-01", "HB-XZCF-051-01"),
        changed("topics: [听证]", "topics: [无此主题]"),
        "questions: [",
    ],
)
def test_one_fault_and_nothing_is_loaded(app: Flask, tmp_path: Path, text: str) -> None:
    with pytest.raises(BankFaulty) as refusal:
        load_folder(write_bank(tmp_path, text), now=NOW)
    assert refusal.value.findings
    assert states() == {}


def test_a_folder_that_is_no_bank_is_refused(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(BankFaulty):
        load_folder(tmp_path, now=NOW)
    load_folder(write_bank(tmp_path), now=NOW)
    (tmp_path / "xzcf.yaml").unlink()
    with pytest.raises(BankEmpty):
        load_folder(tmp_path, now=NOW)
    assert len(states()) == 3


def test_a_law_that_was_repealed_is_corrected_in_place(app: Flask, tmp_path: Path) -> None:
    load_folder(write_bank(tmp_path), now=NOW)
    repealed = LAWS.replace(", articles: 86", ', repealed_on: "2030-01-01", articles: 86')
    load_folder(write_bank(tmp_path, laws=repealed), now=NOW)
    with reading() as tx:
        days = {law.short: law.repealed_on for law in bank.list_laws(tx)}
    assert str(days["行政处罚法"]) == "2030-01-01"
    assert len(days) == 3


def test_the_commands_say_what_they_did(app: Flask, tmp_path: Path) -> None:
    run = app.test_cli_runner().invoke
    folder = str(write_bank(tmp_path))
    result = run(args=["load-bank", folder])
    assert result.exit_code == 0, result.output
    assert "3 new, 0 changed, 0 unchanged, 0 retired, 1 not yet read twice" in result.output
    assert run(args=["check-bank", folder]).exit_code == 0
    write_bank(tmp_path, changed("  key: C\n", "  key: G\n"))
    result = run(args=["check-bank", folder])
    assert result.exit_code == 1
    assert "xzcf.yaml:6 HB-XZCF-051-01 key_not_an_option" in result.output
    result = run(args=["load-bank", folder])
    assert result.exit_code == 1
    assert "nothing was loaded" in result.output


def test_exposure_is_reported_for_each_preset_that_can_be_drawn(app: Flask) -> None:
    assert [found for _, found in report_exposure(papers=2, on=NOW.date())] == [None, None, None]
    with transaction() as tx:
        make_bank(tx)
    found = dict(report_exposure(papers=3, on=NOW.date()))
    assert found["standard"] is not None
    assert found["standard"].difficulty_off_bp == 0
    result = app.test_cli_runner().invoke(args=["exposure-report", "--papers", "2"])
    assert result.exit_code == 0, result.output
    assert "standard: 2 papers" in result.output
