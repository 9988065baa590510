"""Small files of questions of our own making, for the tests of the import."""

from collections.abc import Iterable, Sequence

from quizapp.formats import tabular
from quizapp.formats.base import Cell

HEADER = ["题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案", "解析", "依据", "难度"]


def row(no: int, **over: Cell) -> list[Cell]:
    """Return a sound single choice; `over` by heading."""
    values: dict[str, Cell] = {
        "题型": "单选题",
        "题干": f"下列哪一项属于第 {no} 种情形的处理方式？",
        "选项A": f"责令改正{no}",
        "选项B": f"警告{no}",
        "选项C": f"罚款{no}",
        "选项D": f"没收{no}",
        "答案": "B",
        "解析": "见条文。",
        "依据": "《行政处罚法》第九条",
        "难度": "易",
    }
    values |= over
    return [values[name] for name in HEADER]


def sheet(rows: Iterable[Sequence[Cell]], kind: str = "xlsx", header: list[str] = HEADER) -> bytes:
    """Return a file of these rows."""
    return tabular.write(kind, "试题", header, rows)


def mixed() -> list[list[Cell]]:
    """Two sound rows (no 2 and 5), one without answer (3), one twice (4), one not a type (6)."""
    return [row(1), row(2, 答案=""), row(1), row(3, 难度="", 解析=""), row(4, 题型="填空题")]
