from datetime import date

import pytest
from flask import Flask

from quizapp.domain.errors import Invalid, NotFound
from quizapp.domain.people import Viewer
from quizapp.domain.uploads import RowsFaulty
from quizapp.formats import tabular
from quizapp.service import hours_import, ledger, training
from quizapp.store import training as store
from quizapp.store.db import reading, transaction
from tests.factories import NOW, make_officer, make_viewer

HEADER = ["工号", "姓名", "日期", "类别", "名称", "分钟", "学时"]
CLASS = ("2025-03-18", "集中培训", "行政处罚法专题班")


@pytest.fixture
def viewer(app: Flask) -> Viewer:
    with transaction() as tx:
        make_officer(tx, "130502", staff_no="0012", name="李队")
        make_officer(tx, "130104", staff_no="0013", name="阿里木·买买提", cadre_level="division")
        return make_viewer(tx, "trainer")


def upload(viewer: Viewer, rows: list[tuple[object, ...]], kind: str = "csv") -> int:
    content = tabular.write(kind, "培训", HEADER, rows)  # type: ignore[arg-type]
    return hours_import.receive(viewer, f"培训.{kind}", content, now=NOW)


def problems(viewer: Viewer, rows: list[tuple[object, ...]]) -> list[tuple[int, str]]:
    found = hours_import.preview(viewer, upload(viewer, rows), now=NOW)
    assert found.plan is not None
    return [(problem.row, problem.code) for problem in found.plan.problems]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_classes_are_posted_once_however_often_they_come(viewer: Viewer, kind: str) -> None:
    rows: list[tuple[object, ...]] = [
        ("0012", "李队", *CLASS, 360, ""),
        ("0013", "阿里木·买买提", date(2026, 1, 5), "网络培训", "执法程序", "", 4.5),
    ]
    done = hours_import.confirm(viewer, upload(viewer, rows, kind), "all", now=NOW)
    assert (done["posted"], done["persons"], done["credit_ch"], done["known"]) == (2, 2, 1250, 0)
    again = hours_import.confirm(viewer, upload(viewer, rows, kind), "all", now=NOW)
    assert (again["posted"], again["known"]) == (0, 2)
    table = training.totals(viewer, "cadre", year=2026)
    assert [(row.key, row.credit_ch) for row in table.rows] == [
        ("division", 450),
        ("section", 0),
        ("other", 0),
    ]


def test_a_second_confirmation_posts_nothing_and_says_the_same(viewer: Viewer) -> None:
    upload_id = upload(viewer, [("0012", "李队", *CLASS, 90, "")])
    first = hours_import.confirm(viewer, upload_id, "all", now=NOW)
    assert hours_import.confirm(viewer, upload_id, "all", now=NOW) == first
    assert training.totals(viewer, "city").total.times == 1


def test_a_preview_writes_nothing(viewer: Viewer) -> None:
    found = hours_import.preview(
        viewer, upload(viewer, [("0012", "李队", *CLASS, 90, "")]), now=NOW
    )
    assert found.plan is not None
    assert (found.plan.persons, found.plan.credit_ch) == (1, 200)
    assert training.totals(viewer, "city").total.times == 0


def test_each_fault_is_named_at_its_row(viewer: Viewer) -> None:
    rows: list[tuple[object, ...]] = [
        ("0012", "李队", *CLASS, 90, ""),
        ("0012", "李队", *CLASS, 90, ""),
        ("9999", "没有", *CLASS, 90, ""),
        ("0012", "王某", *CLASS, 90, ""),
        ("0012", "李队", "2027-01-01", "集中培训", "未来的班", 90, ""),
        ("0012", "李队", "2025-02-30", "集中培训", "不存在的日子", 90, ""),
        ("0012", "李队", "2025-03-01", "打牌", "不是培训", 90, ""),
        ("0012", "李队", "2025-03-01", "集中培训", "没有时长", "", ""),
        ("0012", "李队", "2025-03-01", "集中培训", "负数", -5, ""),
        ("0012", "李队", "2025-03-01", "集中培训", "三位小数", "", "1.255"),
        ("", "", "", "", "什么都没有", "", ""),
    ]
    assert problems(viewer, rows) == [
        (3, "duplicate_in_file"),
        (4, "officer_unknown"),
        (5, "name_mismatch"),
        (6, "day_in_future"),
        (7, "day_invalid"),
        (8, "kind_unknown"),
        (9, "amount_missing"),
        (10, "minutes_invalid"),
        (11, "hours_invalid"),
        (12, "staff_no_missing"),
        (12, "name_missing"),
        (12, "day_missing"),
        (12, "kind_missing"),
    ]


def test_all_or_nothing_or_the_good_rows_as_chosen(viewer: Viewer) -> None:
    rows: list[tuple[object, ...]] = [
        ("0012", "李队", *CLASS, 90, ""),
        ("9999", "没有", *CLASS, 90, ""),
    ]
    upload_id = upload(viewer, rows)
    with pytest.raises(RowsFaulty):
        hours_import.confirm(viewer, upload_id, "all", now=NOW)
    assert training.totals(viewer, "city").total.times == 0
    done = hours_import.confirm(viewer, upload_id, "good", now=NOW)
    assert (done["posted"], done["left_out"]) == (1, 1)


def test_a_day_is_capped_also_within_one_file_and_with_what_stands(viewer: Viewer) -> None:
    day = ("2025-03-18", "集中培训")
    rows: list[tuple[object, ...]] = [
        ("0012", "李队", *day, "上午", 270, ""),
        ("0012", "李队", *day, "下午", 180, ""),
    ]
    assert hours_import.confirm(viewer, upload(viewer, rows), "all", now=NOW)["credit_ch"] == 800
    evening: list[tuple[object, ...]] = [("0012", "李队", *day, "晚上", 90, "")]
    assert hours_import.confirm(viewer, upload(viewer, evening), "all", now=NOW)["credit_ch"] == 0


def test_a_batch_is_taken_back_as_a_whole_and_may_come_again(viewer: Viewer) -> None:
    rows: list[tuple[object, ...]] = [("0012", "李队", *CLASS, 90, "")]
    upload_id = upload(viewer, rows)
    hours_import.confirm(viewer, upload_id, "all", now=NOW)
    with transaction() as tx:
        organizer = make_viewer(tx, "organizer")
    (batch,) = ledger.list_batches(organizer)
    assert (batch.id, batch.times, batch.standing, batch.credit_ch) == (upload_id, 1, 1, 200)
    assert ledger.reverse_batch(organizer, upload_id, "传错文件", now=NOW) == 1
    with pytest.raises(NotFound):
        ledger.reverse_batch(organizer, upload_id, "再来", now=NOW)
    (batch,) = ledger.list_batches(organizer)
    assert (batch.standing, batch.credit_ch) == (0, 0)
    assert training.totals(organizer, "city").total.credit_ch == 0
    again = hours_import.confirm(viewer, upload(viewer, rows), "all", now=NOW)
    assert again["posted"] == 1
    with reading() as tx:
        assert len(store.list_standing(tx, upload_id)) == 0


def test_a_city_imports_only_for_its_own(app: Flask, viewer: Viewer) -> None:
    with transaction() as tx:
        local = make_viewer(tx, "trainer", "130500")
    rows: list[tuple[object, ...]] = [
        ("0012", "李队", *CLASS, 90, ""),
        ("0013", "阿里木·买买提", *CLASS, 90, ""),
    ]
    assert problems(local, rows) == [(3, "out_of_scope")]
    upload_id = upload(viewer, rows)
    with pytest.raises(NotFound):
        hours_import.preview(local, upload_id, now=NOW)


def test_a_file_without_the_columns_is_refused_with_their_names(viewer: Viewer) -> None:
    content = tabular.write("csv", "", ["工号", "姓名"], [["0012", "李队"]])
    with pytest.raises(Invalid) as refused:
        hours_import.receive(viewer, "x.csv", content, now=NOW)
    assert refused.value.facts["missing"] == "日期、类别、名称、分钟"


def test_the_file_of_errors_carries_the_reasons(viewer: Viewer) -> None:
    rows: list[tuple[object, ...]] = [
        ("0012", "李队", *CLASS, 90, ""),
        ("9999", "没有", *CLASS, 90, ""),
    ]
    content = hours_import.error_file(
        viewer, upload(viewer, rows), "csv", lambda p: p.code, only_failed=True, now=NOW
    )
    (sheet,) = tabular.read("错误.csv", content)
    assert [row.cells[0] for row in sheet.rows] == ["工号", "9999"]
    assert sheet.rows[1].cells[-1] == "工号：officer_unknown"
    content = hours_import.error_file(
        viewer, upload(viewer, rows), "csv", lambda p: p.code,
        only_failed=True, language="en", now=NOW,
    )  # fmt: skip
    assert b"What is wrong" in content
    assert "工号: officer_unknown" in content.decode()


def test_the_template_reads_without_findings(viewer: Viewer) -> None:
    with transaction() as tx:
        for number, name in (("00100001", "张三"), ("00100002", "李四"), ("00100003", "王五")):
            make_officer(tx, staff_no=number, name=name)
    for kind in ("csv", "xlsx"):
        content = hours_import.template(kind)
        upload_id = hours_import.receive(viewer, f"模板.{kind}", content, now=NOW)
        found = hours_import.preview(viewer, upload_id, now=NOW)
        assert found.plan is not None
        assert found.plan.problems == ()
        assert len(found.plan.bookings) == 3
