"""What an import of 5,000 questions takes, beside the reading library alone.

`python -m tests.bench.imports` measures in a process of its own, whose children are only readers.
"""

import io
import json
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from docx import Document
from openpyxl import Workbook, load_workbook

from quizapp.config import ROOT
from quizapp.formats.questions.workbook import read_workbook
from quizapp.service.import_process import unpack
from quizapp.service.import_reading import run_in_process
from tests.bench.table import Row
from tests.question_files import HEADER, row

ROWS, BANK, ROUNDS = 5000, 1200, 5
LAW = ["行政处罚法", "中华人民共和国行政处罚法", "2021-01-22", "2021-07-15", "", False]


def import_rows() -> list[Row]:
    """Return the figures, measured apart."""
    made = subprocess.run(
        [sys.executable, "-m", "tests.bench.imports"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    found = json.loads(made.stdout)
    return [
        *(
            Row(
                f"import preview of {ROWS:,} {what} reading them, CPU",
                f"{found[kind]['ratio']:.2f}",
                "≤ 2.0",
                f"median of {ROUNDS}; start of the process, checks and comparison with {BANK:,} "
                f"questions included; {found[kind]['ours_s']:.1f} s and "
                f"{found[kind]['library_s']:.1f} s",
            )
            for kind, what in (
                ("xlsx", "rows ÷ openpyxl"),
                ("docx", "questions in Word ÷ python-docx"),
            )
        ),
        Row(
            "its peak memory",
            f"{found['peak_mb']:.0f} MB",
            "< 300 MB",
            "the processes that read, as the system counts them",
        ),
    ]


def order() -> dict[str, Any]:
    bank = [
        [
            f"B{no}",
            f"对第 {no} 号决定不服的，当事人可以怎样救济？",
            [f"{way}{no}" for way in "申诉议讼"],
        ]
        for no in range(BANK)
    ]
    return {
        "work": "read", "name": "x.xlsx", "mapping": None, "remembered": {}, "bank": bank,
        "laws": [LAW], "stamp": 0, "today": "2026-11-22",
    }  # fmt: skip


def content_of(series: int) -> bytes:
    """Return a workbook as spreadsheet programs write it, its size named; each series differs."""
    names = ["立案", "取证", "听证", "决定", "执行"]
    rows = [
        row(
            no,
            题干=f"关于第 {no} 类行为的{names[series]}与处理（{no * 7919 % 10007}），哪一项正确？",
        )
        for no in range(ROWS)
    ]
    book = Workbook()
    for cells in [HEADER, *rows]:
        book.active.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def document() -> bytes:
    """Return the same number of questions as a paper in Word: six paragraphs each."""
    made = Document()
    for no in range(ROWS):
        made.add_paragraph(
            f"{no + 1}. 关于第 {no} 类行为的处理（{no * 7919 % 10007}），哪一项正确？"
        )
        for letter, way in zip("ABCD", "甲乙丙丁", strict=True):
            made.add_paragraph(f"{letter}. {way}种做法{no}")
        made.add_paragraph("答案：B")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def cells_in(content: bytes) -> int:
    book = load_workbook(io.BytesIO(content), read_only=True)
    return sum(len(cells) for sheet in book.worksheets for cells in sheet.iter_rows())


def signs_in(content: bytes) -> int:
    return sum(len(each.text) for each in Document(io.BytesIO(content)).paragraphs)


def measure() -> dict[str, Any]:
    found: dict[str, Any] = {
        "xlsx": compare(content_of(0), cells_in),
        "docx": compare(document(), signs_in),
    }
    return found | {
        "cells_s": cells_s(content_of(0)),
        "peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


def cells_s(content: bytes) -> float:
    """Return the seconds that our own pass over the cells takes, without all that follows."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        read_workbook(content)
        taken.append(time.process_time() - begun)
    return statistics.median(taken)


def compare(content: bytes, read: Callable[[bytes], int]) -> dict[str, float]:
    """Return the seconds that a library and our process take for the same file."""
    library, ours, asked = [], [], order()
    for _ in range(ROUNDS):
        begun = time.process_time()
        size = read(content)
        library.append(time.process_time() - begun)
        before = children_s()
        found = unpack(run_in_process(asked, content, str))
        ours.append(children_s() - before)
        if size < ROWS or len(found["rows"]) != ROWS:
            raise SystemExit("rows are missing")
    return {
        "ratio": statistics.median(a / b for a, b in zip(ours, library, strict=True)),
        "library_s": statistics.median(library),
        "ours_s": statistics.median(ours),
    }


def children_s() -> float:
    """Return the processor seconds of the children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure()))
