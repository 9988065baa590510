"""The one table."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """A figure with its goal; `note` says how it came about."""

    what: str
    figure: str
    goal: str = ""
    note: str = ""


def write_table(path: Path, rows: list[Row], conditions: list[str]) -> None:
    lines = [
        "# Benchmarks",
        "",
        "Made by `make bench`; nothing here is typed by hand. Ratios are of one run: each figure",
        "and its floor, a bare Flask page under the same gunicorn settings, take turns. Single",
        "milliseconds depend on the machine.",
        "",
        *(f"- {condition}" for condition in conditions),
        "",
        "| what | figure | goal | how |",
        "|---|---|---|---|",
        *(f"| {row.what} | {row.figure} | {row.goal} | {row.note} |" for row in rows),
        "",
    ]  # fmt: skip
    path.write_text("\n".join(lines), encoding="utf-8")
