"""What an import of 5,000 rows takes, beside the reading library alone.

`python -m tests.bench.imports` measures in a process of its own, whose children are only readers.
"""

import io
import json
import resource
import statistics
import subprocess
import sys
import time
from typing import Any

from openpyxl import Workbook, load_workbook

from quizapp.config import ROOT
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
        Row(
            f"import preview of {ROWS:,} rows ÷ openpyxl reading them, CPU",
            f"{found['ratio']:.2f}",
            "≤ 2.0",
            f"median of {ROUNDS}; start of the process, checks and comparison with {BANK:,} "
            f"questions included; {found['ours_s']:.1f} s and {found['library_s']:.1f} s",
        ),
        Row(
            "its peak memory",
            f"{found['peak_mb']:.0f} MB",
            "< 300 MB",
            "the process that reads, as the system counts it",
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


def measure() -> dict[str, float]:
    content = content_of(0)
    library, ours, asked = [], [], order()
    for _ in range(ROUNDS):
        begun = time.process_time()
        book = load_workbook(io.BytesIO(content), read_only=True)
        cells = sum(len(cells) for sheet in book.worksheets for cells in sheet.iter_rows())
        library.append(time.process_time() - begun)
        before = children_s()
        found = unpack(run_in_process(asked, content, str))
        ours.append(children_s() - before)
        if cells < ROWS or len(found["rows"]) != ROWS:
            raise SystemExit("rows are missing")
    return {
        "ratio": statistics.median(a / b for a, b in zip(ours, library, strict=True)),
        "library_s": statistics.median(library),
        "ours_s": statistics.median(ours),
        "peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


def children_s() -> float:
    """Return the processor seconds of the children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure()))
