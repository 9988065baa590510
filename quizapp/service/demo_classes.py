"""The classes that the officers of the demo province attended."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from quizapp.domain.clock import CHINA, civil_date
from quizapp.domain.invented import InventedOfficer
from quizapp.domain.people import Viewer
from quizapp.formats import tabular
from quizapp.service import hours_import

EVERYBODY = ("division", "section", "other")
HANDED_OVER = time(17, tzinfo=CHINA)


@dataclass(frozen=True, slots=True)
class Class:
    """A class of every year: its days, whom it was for, which share of them came."""

    title: str
    kind: str
    minutes: int
    days: tuple[tuple[int, int], ...]
    levels: tuple[str, ...]
    share: float


CLASSES = (
    Class("处级干部行政执法专题研修班", "集中培训", 360, ((3, 12), (3, 13)), ("division",), 0.9),
    Class("科级执法骨干培训班", "集中培训", 360, ((5, 20), (5, 21), (5, 22)), ("section",), 0.7),
    Class("行政处罚法全员轮训", "集中培训", 270, ((6, 18),), EVERYBODY, 0.55),
    Class("行政执法程序网络课程", "网络培训", 225, ((9, 2),), ("section", "other"), 0.6),
    Class("执法规范用语与现场处置", "授课", 90, ((10, 15),), ("section",), 0.08),
    Class("冬季安全执法专题培训", "集中培训", 180, ((11, 5),), ("other",), 0.35),
)
HEADER = ("工号", "姓名", "日期", "类别", "名称", "分钟")


def attend_classes(viewer: Viewer, people: Sequence[InventedOfficer], *, now: datetime) -> int:
    """Import the classes of three years as a trainer would, one file a year; return 人次."""
    today = civil_date(now)
    posted = 0
    for year in range(today.year - 2, today.year + 1):
        chance = random.Random(f"classes:{year}")  # noqa: S311 — invented history
        rows = [row for course in CLASSES for row in _attendances(course, year, people, chance)]
        held = [row for row in rows if date.fromisoformat(str(row[2])) <= today]
        if not held:
            continue
        at = min(now, datetime.combine(date(year, 12, 20), HANDED_OVER))
        content = tabular.write("csv", "培训记录", HEADER, held)
        upload_id = hours_import.receive(viewer, f"{year}年培训记录.csv", content, now=at)
        posted += int(hours_import.confirm(viewer, upload_id, "all", now=at)["posted"])
    return posted


def _attendances(
    course: Class, year: int, people: Sequence[InventedOfficer], chance: random.Random
) -> Iterator[tuple[str | int, ...]]:
    for person in people:
        if person.cadre_level in course.levels and chance.random() < course.share:
            for month, day in course.days:
                on = date(year, month, day).isoformat()
                yield person.staff_no, person.name, on, course.kind, course.title, course.minutes
