"""An office where every page has something to show: the pages of the product, by endpoint."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask

from quizapp.domain.attempts import Caller
from quizapp.domain.bank import Picture, Question
from quizapp.domain.corrections import Draft
from quizapp.domain.exams import ExamPlan
from quizapp.domain.people import Viewer
from quizapp.domain.statutes import Citation
from quizapp.formats import tabular
from quizapp.formats.base import Cell
from quizapp.service import (
    amendments,
    analysis,
    attempts,
    closing,
    editing,
    enforcing,
    exams,
    faults,
    hours_import,
    import_reading,
    imports,
    law_desk,
    pictures,
    places,
    results,
    reviews,
    roster,
    statutes,
    training,
)
from quizapp.service.people import find_viewer
from quizapp.store.db import transaction
from tests.factories import (
    make_grant,
    make_officer,
    make_plan,
    make_question,
    make_small_bank,
)
from tests.law_of_kites import NEW_LINES, OLD_LINES
from tests.question_files import HEADER, mixed, row
from tests.sat import draft_ruling, sit_exam
from tests.service.test_analysis import first_half
from tests.service.test_imports import confirm, here
from tests.web.test_editing import drawing

NO_PAGES = {
    "analysis.export", "attempts.picture", "attempts.state", "bank.export", "bank.picture",
    "bank.export_figures", "bank.take_selection", "corrections.export",
    "imports.errors", "imports.template",
    "roster.errors", "roster.export", "roster.template", "standings.figures", "standings.plotly",
    "standings.show", "static", "statutes.cited", "statutes.work_list",
    "system.healthz", "system.readyz", "training.errors", "training.hours_file",
    "training.own_export", "training.template",
}  # fmt: skip
"""What answers a GET with a file, with JSON, or by leading elsewhere."""
KITES, KITES_OF = "纸鸢场管理条例", date(2020, 3, 1)
ROLES = ("trainer", "organizer", "administrator")
Pages = dict[str, list[str]]


@dataclass
class Office:
    """Who sees everything, and where: endpoint → addresses, one for each face of the page."""

    boss: Viewer
    pages: Pages
    quoted: str
    """What stands in the files on the desks: pages quote it."""

    def addresses(self, *, but: tuple[str, ...] = ()) -> list[str]:
        """Return where every page stands, endpoints that begin like one of `but` left out."""
        return [
            address
            for endpoint, many in self.pages.items()
            for address in many
            if not endpoint.startswith(but)
        ]


class Furnisher:
    """Fills the office at one moment, column by column."""

    def __init__(self, app: Flask, now: datetime, secret: str) -> None:
        self.folder: Path = app.extensions["quizapp_settings"].instance_dir
        self.now = now
        self.pages: Pages = {}
        self.quoted = [NEW_LINES, NEW_LINES.replace("\u3000", "")]
        self.boss = self.person("李队", secret=secret, staff_no="00880001")
        self.second = self.person("王教", staff_no="00880002")

    def person(self, name: str, **over: str) -> Viewer:
        """Add somebody of 襄都区 who holds every role in the province."""
        with transaction() as tx:
            officer_id = make_officer(tx, "130502", name=name, badge_no="130500-77", **over)
            for role in ROLES:
                make_grant(tx, officer_id, role)
        found = find_viewer(officer_id, 1, "office")
        assert found is not None
        return found

    def show(self, endpoint: str, *addresses: str) -> None:
        self.pages.setdefault(endpoint, []).extend(addresses)

    # --- the trainers' desks ---------------------------------------------------------------

    def laws(self) -> None:
        on = self.now.date()
        old = statutes.read_file("纸鸢.md", OLD_LINES.encode())
        amendments.import_law(old, on=on, actor_id=None, now=self.now)
        with transaction() as tx:
            for article, paragraph in ((4, None), (5, None), (2, 2), (3, 1)):
                cited = (Citation(KITES, KITES_OF, article, 0, paragraph),)
                make_question(tx, Question("judge", f"第{article}问", key=True, citations=cited))
        upload_id = law_desk.receive(self.boss, "新法.md", NEW_LINES.encode(), now=self.now)
        self.show("statutes.preview", f"/laws/import/{upload_id}")
        bare = law_desk.receive(self.boss, "无题.txt", "第一条　放风筝。".encode(), now=self.now)
        self.show("statutes.preview", f"/laws/import/{bare}")
        new = statutes.read_file("纸鸢.md", NEW_LINES.replace("红色", "绿色").encode())
        _, amendment_id = amendments.import_law(new, on=on, actor_id=None, now=self.now)
        assert amendment_id is not None
        self.show("statutes.library", "/laws/", "/laws/?text=放飞", "/laws/?text=没有这样的字")
        self.show("statutes.law", "/laws/1", "/laws/2")
        self.show("statutes.article", "/laws/1/3?paragraph=1&item=2", "/laws/2/3")
        self.show("statutes.repeal", "/laws/2/repeal")
        self.show("statutes.take_back", "/laws/2/take-back")
        self.show("statutes.upload", "/laws/import")
        self.show("statutes.listing", "/laws/amendments")
        where = f"/laws/amendments/{amendment_id}"
        self.show("statutes.amendment", where)
        self.show("statutes.sitting", f"{where}/sitting")
        self.show("statutes.difference", f"{where}/articles", f"{where}/articles?show=moved")
        self.show("statutes.item", "/laws/stale/1", "/laws/stale/2")

    def bank(self) -> None:
        codes = [self.write(question) for question in every_type()]
        drawn = Picture(pictures.keep(self.boss, drawing(), now=self.now), "一块招牌")
        codes.append(self.write(every_type(stem="图中的招牌合规吗？", picture=drawn)[3]))
        self.show("bank.questions", "/bank/", "/bank/?state=draft", "/bank/?text=没有这样的字")
        self.show("bank.question", *(f"/bank/questions/{code}" for code in codes))
        self.show("bank.edit", *(f"/bank/questions/{code}/edit" for code in codes))
        kinds = ("single", "judge", "blank", "ordering", "case")
        self.show("bank.new", *(f"/bank/new?type={kind}" for kind in kinds))
        self.show("bank.selection", "/bank/selection", "/bank/selection?type=case")
        self.show("bank.queue", "/bank/reviews")
        self.show("bank.sitting", "/bank/reviews/sitting")
        code = codes[0]
        current = editing.get_current(self.boss, code)
        editing.edit(
            self.boss, code, every_type(stem="当场处以罚款，对公民最高为多少元（ ）？")[0],
            base_version=current.version, as_of=self.now.date(), note="改得更短", now=self.now,
        )  # fmt: skip
        self.show("bank.compare", f"/bank/questions/{code}/compare?older=1&newer=2")
        for viewer, step, note in (
            (self.boss, "submit", ""), (self.second, "return", "请补充解析"),
            (self.boss, "submit", ""),
        ):  # fmt: skip
            reviews.take_step(viewer, code, step, version=2, note=note, now=self.now)
        reviews.say(self.second, code, "依据可以再细。", now=self.now)
        reviews.take_step(self.second, codes[1], "submit", version=1, now=self.now)

    def write(self, question: Question) -> str:
        return editing.create(
            self.boss, "province:13", question, as_of=self.now.date(), note="", now=self.now
        )

    def imports(self) -> None:
        self.show("imports.upload", "/imports/")
        plain = {f"选项{letter}": "" for letter in "ABCD"}
        rows = [*mixed(), row(7, 题型="判断题", 答案="错", **plain), row(8, 答案="甲乙")]
        whole, done, empty = (
            self.bring(self.sheet(some), f"{name}.xlsx")
            for name, some in (("题库", rows), ("一", [row(9)]), ("无", [row(10, 答案="")]))
        )
        lines = ("一、单选题（每题2分）", "1．罚款最高多少？（A）", "A．一百元 B．二百元")
        self.quoted += [*lines, "（ ）"]
        text, broken = "\n".join(lines).encode(), b"<quiz><question>"
        shown = [whole, done, empty, self.bring(text, "题.txt"), self.bring(broken, "坏.xml")]
        waiting = imports.receive(self.boss, "等待.xlsx", self.sheet([row(11)]), now=self.now)
        confirm(self.boss, done)
        self.show("imports.preview", *(f"/imports/{upload_id}" for upload_id in (*shown, waiting)))
        self.show("imports.preview", f"/imports/{whole}?show=faulty")
        self.show("imports.batch", "/imports/batches/1")
        self.show("bank.batch_review", "/bank/reviews/batches/1")

    def sheet(self, rows: Sequence[Sequence[Cell]], header: Sequence[str] = HEADER) -> bytes:
        self.quoted += ["".join(map(str, cells)) for cells in (header, *rows)]
        self.quoted.append("试题")
        return tabular.write("xlsx", "试题", header, rows)

    def bring(self, content: bytes, name: str) -> int:
        upload_id = imports.receive(self.boss, name, content, now=self.now)
        import_reading.read_upload(self.boss, upload_id, self.folder, now=self.now, run=here)
        return upload_id

    # --- competitions ----------------------------------------------------------------------

    def running(self) -> None:
        """One draft, one competition to begin, one begun, one handed in and reported."""
        with transaction() as tx:
            make_small_bank(tx)
        draft = exams.create(self.boss, self.plan("草拟的竞赛"), now=self.now)
        manage = f"/manage/exams/{draft}"
        self.show("exams.listing", "/manage/exams")
        self.show("exams.new", "/manage/exams/new")
        for page in ("plan", "publish", "sample", "delete"):
            self.show(f"exams.{page}", f"{manage}/{page}")
        fresh, begun, done = (self.open(f"{name}的竞赛") for name in ("未答", "在答", "已答"))
        self.show("exams.show", f"/manage/exams/{fresh}")
        for page in ("cancel", "excused", "time"):
            self.show(f"exams.{page}", f"/manage/exams/{fresh}/{page}")
        self.show("standings.live", f"/manage/exams/{begun}/live")
        self.show("standings.publication", f"/manage/exams/{begun}/results")
        self.show("roster.print_tickets", f"/manage/exams/{fresh}/tickets")
        self.show("attempts.exams", "/exams")
        self.show("attempts.start_page", f"/exams/{fresh}")
        attempt = attempts.start(self.boss, begun, pledged=True, now=self.now).attempt_id
        self.show("attempts.paper", f"/attempts/{attempt}")
        self.show("attempts.confirm", f"/attempts/{attempt}/confirm")
        attempt = attempts.start(self.boss, done, pledged=True, now=self.now).attempt_id
        caller = Caller(self.boss.officer_id, 1, "")
        closing.submit(self.boss, caller, attempt, [], now=self.now, allowance_s=30)
        self.reports(attempt)

    def reports(self, attempt: int) -> None:
        """Faults reported on the paper that was handed in: one open, one answered."""
        for page in ("receipt", "result"):
            self.show(f"attempts.{page}", f"/attempts/{attempt}/{page}")
        ids = [
            faults.report(self.boss, attempt, no, kind="key", text="答案应为警告", now=self.now)
            for no in (1, 2)
        ]
        faults.answer(self.second, ids[1], outcome="right", text="依照第五十一条。", now=self.now)
        self.show("attempts.report_fault", f"/attempts/{attempt}/items/3/fault")
        self.show("attempts.own_faults", "/faults")
        self.show("attempts.verify", "/verify/ABCD-EFGH-JKLM")
        self.show("bank.fault_list", "/bank/faults")
        self.show("bank.fault", *(f"/bank/faults/{fault_id}" for fault_id in ids))

    def plan(self, title: str) -> ExamPlan:
        return make_plan(
            self.boss, title=title, unit_id=self.boss.places_of("organizer")[0].id,
            opens_at=self.now - timedelta(hours=1), closes_at=self.now + timedelta(days=9),
            answers_release="handed_in",
        )  # fmt: skip

    def open(self, title: str) -> int:
        exam_id = exams.create(self.boss, self.plan(title), now=self.now)
        exams.publish(self.boss, exam_id, now=self.now)
        return exam_id

    def over(self) -> None:
        """A competition that is over, with results, statistics and two corrections."""
        begin = self.now - timedelta(days=3)
        sat = sit_exam(first_half, now=begin, units=("130502", "130104", "130682"))
        exam_id, later = sat.exam.id, begin + timedelta(days=1)
        for at, ruling in enumerate(("void_full", "accept_also")):
            draft = Draft(
                sat.exam.id, sat.versions["single"][at], -1, ruling, "B" if at else "",
                "no_loss", "第五十一条另有规定",
            )  # fmt: skip
            correction_id = draft_ruling(self.second, draft, now=later)
            where = f"/manage/corrections/case/{correction_id}"
            self.show("corrections.show", where)
            if not at:
                enforcing.approve(self.boss, correction_id, now=later)
        analysis.analyse(self.boss, exam_id, now=later)
        results.publish_results(self.second, exam_id, now=later)
        self.show("corrections.listing", f"/manage/corrections/{exam_id}")
        self.show("corrections.new", f"/manage/corrections/{exam_id}/new")
        where = f"/manage/analysis/{exam_id}"
        self.show("analysis.listing", "/manage/analysis")
        self.show("analysis.show", where)
        self.show("analysis.item", f"{where}/items/{sat.versions['single'][0]}")
        for page in ("absent", "awards", "fast", "live"):
            self.show(f"standings.{page}", f"/manage/exams/{exam_id}/{page}")
        self.show("standings.publication", f"/manage/exams/{exam_id}/results")
        self.show("exams.show", f"/manage/exams/{exam_id}")
        self.show("standings.index", "/standings")
        boards = ("cities", "counties", "officers")
        self.show("standings.board", *(f"/standings/{exam_id}/{kind}" for kind in boards))

    # --- people and hours ------------------------------------------------------------------

    def people(self) -> None:
        for page in ("login", "activate", "password", "privacy", "me"):
            self.show(f"people.{page}", f"/{page}")
        self.show("people.home", "/")
        self.show("people.ticket", "/ticket/none")
        self.show("roster.officers", "/manage/officers", "/manage/officers?q=没有这样的人")
        self.show("roster.add", "/manage/officers/new")
        self.show("roster.codes", "/manage/officers/codes")
        officer = f"/manage/officers/{self.second.officer_id}"
        self.show("roster.officer", officer)
        self.show("roster.edit", f"{officer}/edit")
        self.show("roster.units", "/manage/units")
        self.show("roster.upload", "/manage/roster")
        header = ("工号", "姓名", "城市", "县区", "职级", "手机号")
        rows = [
            ("0101", "张三", "石家庄市", "桥西区", "科级", ""),
            ("00880002", "王教员", "邢台市", "襄都区", "处级", "13800000001"),
            ("0103", "赵六", "没有的市", "", "科级", ""),
            ("?", "", "石家庄市", "桥西区", "王级", "电话"),
        ]
        content = self.sheet(rows, header)
        upload_id = roster.receive(self.boss, "人员.xlsx", content, now=self.now)
        done = roster.receive(self.boss, "人员.xlsx", content, now=self.now)
        roster.confirm(self.boss, done, "good", now=self.now)
        self.show("roster.preview", f"/manage/roster/{upload_id}", f"/manage/roster/{done}")

    def hours(self) -> None:
        header = ("工号", "姓名", "日期", "类别", "名称", "分钟")
        rows = [
            ("00880001", "李队", "2026-03-18", "集中培训", "行政处罚法专题班", 360),
            ("00880002", "李四", "2026-03-18", "打牌", "行政处罚法专题班", 360),
            ("0999", "无名", "2026-02-30", "集中培训", "行政处罚法专题班", "很久"),
        ]
        content = self.sheet(rows, header)
        ids = [hours_import.receive(self.boss, "班.xlsx", content, now=self.now) for _ in range(2)]
        hours_import.confirm(self.boss, ids[0], "good", now=self.now)
        self.show("training.preview", *(f"/manage/hours/import/{number}" for number in ids))
        year = training.year_of(self.boss.officer_id, 2026, now=self.now)
        self.show("training.posting", f"/manage/hours/postings/{year.lines[0].posting.id}")
        self.show("training.batches", "/manage/hours/batches")
        self.show("training.batch", f"/manage/hours/batches/{ids[0]}")
        self.show(
            "training.hours", "/manage/hours", "/manage/hours?by=cadre", "/manage/hours?by=year"
        )
        self.show(
            "training.officer", "/manage/hours/officer", "/manage/hours/officer?staff_no=00880001"
        )
        self.show("training.own", "/hours", "/hours?year=2026")
        self.show("training.rules", "/manage/hours/rules")
        self.show("training.upload", "/manage/hours/import")


def furnish(app: Flask, *, secret: str = "", now: datetime | None = None) -> Office:
    """Fill an empty or a used database; outside of any transaction."""
    places.load_places(now or datetime.now(UTC))
    furnisher = Furnisher(app, now or datetime.now(UTC), secret)
    for column in ("people", "hours", "over", "running", "laws", "bank", "imports"):
        getattr(furnisher, column)()
    return Office(furnisher.boss, furnisher.pages, " ".join(furnisher.quoted).replace("\n", " "))


def every_type(**over: object) -> list[Question]:
    """Return a sound question of every type."""
    cited = (Citation(KITES, KITES_OF, 4), Citation("行政处罚法", date(2021, 1, 22), 51))
    facts = {"explanation": "依照第五十一条。", "citations": cited, "topics": ("处罚程序",)}
    four = ("二百元", "一百元", "五十元", "三百元")
    steps = ("告知当事人", "立案", "作出决定", "送达")
    parts = (
        Question("single", "第一问？", four, (0,), explanation="因为"),
        Question("judge", "第二问。", key=True, trap="别急"),
    )
    shapes: Iterable[tuple[str, str, dict[str, object]]] = (
        ("single", "当场罚款对公民最高是多少（ ）？", {"options": four, "key": (0,)}),
        ("multiple", "当场罚款可以是多少（ ）？", {"options": four, "key": (0, 1)}),
        ("indefinite", "当场罚款不可以是多少（ ）？", {"options": four, "key": (3,)}),
        ("judge", "罚款一律当场收缴。", {"key": False}),
        ("blank", "听证应当在（ ）日内提出。", {"options": ("五", "伍"), "key": (0, 1)}),
        ("ordering", "排出普通程序的步骤。", {"options": steps, "key": (1, 0, 2, 3)}),
        ("case", "某日执法队员发现占道经营。", {"parts": parts}),
    )
    return [
        Question(kind, **({"stem": stem} | facts | shape | over))  # type: ignore[arg-type]
        for kind, stem, shape in shapes
    ]
