"""Every edit is a new version; papers keep the wording they were drawn with."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from quizapp.domain.attempts import Caller, Entry
from quizapp.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from quizapp.domain.papers import ShownItem
from quizapp.domain.people import Viewer
from quizapp.domain.scopes import ALL_BANKS
from quizapp.service import attempts, bank, closing, editing, review, reviews, upkeep
from quizapp.service.editing import QuestionChanged
from quizapp.store import bank_search, memory
from quizapp.store.db import reading, transaction
from quizapp.store.editing import get_kept
from quizapp.store.sittings import get_sitting
from tests.bank_files import changed, write_bank
from tests.factories import (
    NOW,
    make_draft,
    make_exam,
    make_small_bank,
    make_viewer,
    publish_question,
)


@pytest.fixture
def trainer(app: Flask) -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, "trainer")


def another(unit: str = "130000") -> Viewer:
    with transaction() as tx:
        return make_viewer(tx, "trainer", unit)


def edit(viewer: Viewer, code: str, **over: object) -> int:
    current = editing.get_current(viewer, code)
    return editing.edit(
        viewer, code, replace(current.question, **over), base_version=current.version,  # type: ignore[arg-type]
        as_of=current.as_of, note="改正", now=NOW,
    )  # fmt: skip


def state_of(code: str) -> str:
    with reading() as tx:
        return get_kept(tx, code).state


def every_code() -> list[str]:
    with reading() as tx:
        every = bank_search.list_found(tx, bank_search.Search(), ALL_BANKS)
    return [row.version.code for row in every]


def test_a_new_question_is_a_draft_of_its_author(trainer: Viewer) -> None:
    code = make_draft(trainer)
    with reading() as tx:
        kept = get_kept(tx, code)
    assert (kept.state, kept.scope, kept.origin) == ("draft", "province:13", "desk")
    assert (kept.version.version, kept.version.author) == (1, trainer.name)
    assert kept.author_id == trainer.officer_id
    assert code.startswith("HB-130000-")
    assert make_draft(trainer) != code


def test_an_edit_adds_a_version_and_keeps_the_old_one(trainer: Viewer) -> None:
    code = make_draft(trainer)
    assert edit(trainer, code, stem="新的题干是什么样的（ ）？") == 2
    assert edit(trainer, code) == 2  # nothing differs
    with reading() as tx:
        history = bank_search.get_history(tx, code, ALL_BANKS)
    assert [version.version for version in history.versions] == [2, 1]
    _, _, changes = editing.compare_versions(trainer, code, 1, 2)
    assert [change.field.zh for change in changes] == ["题干"]


def test_two_trainers_do_not_overwrite_each_other(trainer: Viewer) -> None:
    code = make_draft(trainer)
    seen = editing.get_current(trainer, code)
    edit(another(), code, stem="另一位教员先改了（ ）？")
    with pytest.raises(QuestionChanged):
        editing.edit(
            trainer, code, replace(seen.question, stem="我也改了（ ）？"),
            base_version=seen.version, as_of=seen.as_of, note="", now=NOW,
        )  # fmt: skip


def test_an_edit_takes_a_published_question_out_until_it_is_reviewed(trainer: Viewer) -> None:
    code = make_draft(trainer)
    publish_question(trainer, another(), code)
    assert state_of(code) == "published"
    edit(trainer, code, key=(1,))
    assert state_of(code) == "draft"


def test_an_edit_changes_no_paper_that_is_sat_or_finished(trainer: Viewer) -> None:
    """D23: paper, key and marks stay as they were drawn."""
    with transaction() as tx:
        make_small_bank(tx)
        organizer = make_viewer(tx, "organizer")
        running, finished = (make_viewer(tx) for _ in range(2))
    exam = make_exam(organizer)
    papers = {}
    for officer in (running, finished):
        started = attempts.start(officer, exam.id, pledged=True, now=NOW)
        papers[officer.officer_id] = started.attempt_id

    paper = papers[running.officer_id]
    before = attempts.read_sheet(running, paper, now=NOW).items
    submit(finished, papers[finished.officer_id], [])
    codes = every_code()
    for code in codes:
        is_judge = isinstance(editing.get_current(trainer, code).question.key, bool)
        edit(trainer, code, stem="完全不同的题干", key=False if is_judge else (2, 3))
    assert attempts.read_sheet(running, paper, now=NOW).items == before
    submit(running, paper, [right_by_the_old_key(item) for item in before])
    with reading() as tx:
        marked = get_sitting(tx, paper).attempt
    assert marked.score_cp == marked.max_cp


def test_an_edit_changes_no_result_and_no_receipt(trainer: Viewer) -> None:
    """Drawn, edited, handed in: what the officer reads afterwards is the wording of the paper."""
    with transaction() as tx:
        make_small_bank(tx)
        organizer, officer = make_viewer(tx, "organizer"), make_viewer(tx)
    exam = make_exam(organizer, answers_release="handed_in", score_release="handed_in")
    paper = attempts.start(officer, exam.id, pledged=True, now=NOW).attempt_id
    asked = attempts.read_sheet(officer, paper, now=NOW).items
    codes = every_code()
    for no, code in enumerate(codes):
        if no % 2:  # half of them before the hand-in, half after it
            edit(trainer, code, stem="交卷前改过的题干", explanation="改过的解析")
    submit(officer, paper, [right_by_the_old_key(item) for item in asked])
    before = review.get_result(officer, paper, now=NOW)
    for no, code in enumerate(codes):
        if no % 2 == 0:
            edit(trainer, code, stem="交卷后改过的题干", explanation="改过的解析")
            reviews.take_step(trainer, code, "retire", version=2, note="不再需要", now=NOW)
    memory.forget_all()
    after = review.get_result(officer, paper, now=NOW)
    assert after == before
    assert after.score_cp == after.max_cp
    assert "改过" not in repr(after)
    found = upkeep.verify()
    assert (found.broken_entry, found.receipts, found.wrong_attempts) == (None, 1, ())


def submit(officer: Viewer, attempt_id: int, entries: list[Entry]) -> None:
    caller = Caller(officer.officer_id, 1, "")
    closing.submit(officer, caller, attempt_id, entries, now=NOW, allowance_s=30)


def right_by_the_old_key(item: ShownItem) -> Entry:
    words = {"single": ("罚款",), "multiple": ("罚款", "警告")}
    right = tuple(option.key for option in item.options if option.text in words.get(item.type, ()))
    return Entry(item.no, right or ("T",), 1, flagged=False)


def test_a_bank_above_is_read_only(trainer: Viewer) -> None:
    code = make_draft(trainer)
    city, county = another("130500"), another("130502")
    with pytest.raises(NotFound):  # as long as it is being written it is not there
        editing.get_current(city, code)
    publish_question(trainer, another(), code)
    for lower in (city, county):
        assert editing.get_current(lower, code).code == code
        with pytest.raises(NotAllowed):
            edit(lower, code, stem="下级改不了（ ）？")
        with pytest.raises(NotAllowed):
            make_draft(lower)


def test_a_neighbours_bank_is_not_there(trainer: Viewer) -> None:
    city, neighbour = another("130500"), another("130200")
    code = make_draft(city, "city:130500")
    assert code.startswith("HB-130500-")
    assert editing.get_current(trainer, code).code == code
    with pytest.raises(NotFound):
        editing.get_current(neighbour, code)


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"stem": " "}, "stem_missing"),
        ({"stem": "长" * 2001}, "too_long"),
        ({"stem": "坏\x07字"}, "control_characters"),
        ({"topics": ("甲", "乙", "丙", "丁")}, "too_many_topics"),
    ],
)
def test_what_no_page_can_show_is_refused(
    trainer: Viewer, over: dict[str, object], code: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        make_draft(trainer, **over)
    assert refusal.value.name == code


def test_a_check_of_the_law_lies_not_ahead(trainer: Viewer) -> None:
    code = make_draft(trainer)
    current = editing.get_current(trainer, code)
    with pytest.raises(Invalid, match="as_of_in_future"):
        editing.edit(
            trainer, code, current.question, base_version=1,
            as_of=NOW.date() + timedelta(days=2), note="", now=NOW,
        )  # fmt: skip


def test_like_questions_are_shown_while_writing(trainer: Viewer) -> None:
    code = make_draft(trainer)
    question = editing.get_current(trainer, code).question
    like = replace(question, stem=question.stem.replace("公民", "个人"))
    advice = editing.advise(trainer, like, "", as_of=NOW.date())
    assert [each.code for each in advice.alike] == [code]
    assert editing.advise(trainer, like, code, as_of=NOW.date()).alike == []
    unlike = replace(question, stem="听证由谁主持（ ）？", options=("甲", "乙", "丙", "丁"))
    assert editing.advise(trainer, unlike, "", as_of=NOW.date()).alike == []


def test_the_files_leave_alone_what_a_trainer_changed(trainer: Viewer, tmp_path: Path) -> None:
    bank.load_folder(write_bank(tmp_path), now=NOW)
    own = make_draft(trainer)
    edit(trainer, "HB-XZCF-051-01", stem="教员在工作台改过的题干（ ）？")
    bank.load_folder(write_bank(tmp_path, changed("    D: 五百元", "    D: 一千元")), now=NOW)
    assert editing.get_current(trainer, "HB-XZCF-051-01").question.stem.startswith("教员")
    assert state_of(own) == "draft"


def test_a_retired_question_is_not_edited(trainer: Viewer) -> None:
    code = make_draft(trainer)
    reviews.take_step(trainer, code, "retire", version=1, note="不再需要", now=NOW)
    with pytest.raises(Conflict):
        edit(trainer, code, stem="停用以后还想改（ ）？")


@pytest.mark.parametrize(
    "scope", ["county:130000", "x:130502", "city:130502", f"{'x' * 40}:130502"]
)
def test_nothing_is_written_into_a_bank_that_no_unit_has(app: Flask, scope: str) -> None:
    with transaction() as tx:
        writer = make_viewer(tx, "trainer")
    with pytest.raises(Invalid, match="unknown_scope"):
        make_draft(writer, scope)
    assert every_code() == []
