"""What a preview takes as a command, beside a process that only loads a library and reads.

Both are whole processes: the start of the interpreter and of the application is in the figures.
"""

import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from quizapp.config import ROOT
from tests.bench.imports import ROUNDS, ROWS, children_s, content_of, document
from tests.bench.place import SECRET
from tests.bench.table import Row

WITH_OPENPYXL = """
import openpyxl, sys
for sheet in openpyxl.load_workbook(sys.argv[1], read_only=True).worksheets:
    sum(len(cells) for cells in sheet.iter_rows())
"""
WITH_DOCX = """
import docx, sys
sum(len(each.text) for each in docx.Document(sys.argv[1]).paragraphs)
"""
LIBRARIES = {"xlsx": ("openpyxl", WITH_OPENPYXL), "docx": ("python-docx", WITH_DOCX)}
PREVIEW = (sys.executable, "-m", "flask", "--app", "wsgi", "preview-import", "--json")


def command_rows(folder: Path) -> list[Row]:
    """Return for each kind of file the whole command ÷ the whole process of its library."""
    rows = []
    for kind, content in (("xlsx", content_of(0)), ("docx", document())):
        path = folder / f"preview.{kind}"
        path.write_bytes(content)
        name, program = LIBRARIES[kind]
        ours, library = [], []
        for _ in range(ROUNDS):
            library.append(cpu_s([sys.executable, "-c", program, str(path)], folder))
            ours.append(cpu_s([*PREVIEW, str(path)], folder))
        ratio = statistics.median(a / b for a, b in zip(ours, library, strict=True))
        rows.append(
            Row(
                f"`flask preview-import` of {ROWS:,} questions, {kind} ÷ {name} in a process, CPU",
                f"{ratio:.2f}",
                "≤ 2.0",
                f"median of {ROUNDS}; whole processes, their start included; "
                f"{statistics.median(ours):.1f} s and {statistics.median(library):.1f} s",
            )
        )
    return rows


def cpu_s(command: Sequence[str], folder: Path) -> float:
    """Return the processor seconds that a command takes from its start to its end."""
    environment = os.environ | {
        "SECRET_KEY": SECRET, "QUIZAPP_INSTANCE_DIR": str(folder), "PYTHONUTF8": "1",
    }  # fmt: skip
    before = children_s()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return children_s() - before
