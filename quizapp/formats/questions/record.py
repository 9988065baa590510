"""From the row of a table, or the rows of one merged cell, to a question."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from openpyxl.utils import get_column_letter

from quizapp.domain.answer_notation import plain_answer, read_letters, truth_of, truths_of
from quizapp.domain.import_checks import STEM_MAX
from quizapp.domain.import_findings import Finding
from quizapp.domain.imports import RawQuestion
from quizapp.domain.option_notation import Options, split_options, without_letters
from quizapp.domain.sheets import Row
from quizapp.domain.type_notation import Section, codes_of, type_of
from quizapp.formats.questions.grid import Grid
from quizapp.formats.questions.notation_options import read_body

_TYPE_WORDS = {
    "single": "单选题", "multiple": "多选题", "indefinite": "不定项选择题", "judge": "判断题",
    "choice": "选择题", "other": "问答题",
}  # fmt: skip
_BRACKETED = re.compile(r"[（(\[【_]\s*(?:答案\s*[:：]?\s*)?[A-Za-zＡ-Ｚ√×✓✗对错正是否]|[√×]")
_LAST_LETTERS = re.compile(r"[（(\[【]\s*[A-ZＡ-Ｚ、,， ]+\s*[)）\]】]\s*[。.?？]?\s*$")
_OPTION = "option_"
_TAG = re.compile(r"\s*[（(\[【]\s*([^（()）\[\]【】]{2,8}?)\s*[)）\]】]\s*")
_JOINED = {"category": "/", "source": " ", "answer": ","}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of a question stand. `width`: columns with a name; `room`: all headings."""

    columns: Mapping[str, tuple[int, ...]]
    names: tuple[str, ...]
    width: int
    room: int
    codes: Mapping[str, str]

    @property
    def stem(self) -> int:
        """The column of the question itself, -1 for none."""
        return self.columns.get("stem", (-1,))[0]

    @property
    def letters(self) -> list[str]:
        """The letters (27 and further: numbers) that have columns of their own, ascending."""
        named = (field.removeprefix(_OPTION) for field in self.columns if field.startswith(_OPTION))
        return sorted(named, key=lambda letter: (len(letter), letter))

    def has_body(self, own: Mapping[int, str]) -> bool:
        """Say whether something is written where options or answers stand."""
        body = [at for field, places in self.columns.items() for at in places
                if field in ("answer", "options") or field.startswith(_OPTION)]  # fmt: skip
        return any(at in own for at in body)

    def has_answer(self, own: Mapping[int, str]) -> bool:
        """Say whether something is written where answers stand."""
        return any(at in own for at in self.columns.get("answer", ()))

    def begins(self, own: Mapping[int, str]) -> bool:
        """Say whether a row holds a question, or at least a part that only a question has."""
        types = (own.get(at, "") for at in self.columns.get("type", ()))
        return (
            self.stem in own
            or self.has_body(own)
            or any(type_of(text) or text.strip() in self.codes for text in types)
        )


def layout_of(heading: Row, columns: Mapping[int, str], below: Sequence[Row]) -> Layout:
    """Return the layout that a heading gives to the rows below it."""
    places: dict[str, tuple[int, ...]] = {}
    for at, field in sorted(columns.items()):
        places[field] = (*places.get(field, ()), at)
    named = [at for at, cell in enumerate(heading.cells) if cell.strip()]
    types = places.get("type", ())
    codes = codes_of(
        heading.cell(types[0]) if types else "",
        {row.cell(types[0]) for row in below if row.cell(types[0])} if types else set(),
    )
    width = max(named, default=-1) + 1
    return Layout(places, heading.cells, width, len(heading.cells), codes)


def question_of(grid: Grid, layout: Layout, rows: Sequence[Row], section: Section) -> RawQuestion:
    """Return the question of one row, or of several rows whose stem is one merged cell."""
    texts = {field: _text(layout, rows, field) for field in layout.columns}
    return parted(_question(grid, layout, rows, texts, section))


def parted(raw: RawQuestion) -> RawQuestion:
    """Return a question whose stem gives nothing away and holds none of its other parts.

    Options, answer and type written in the stem count where the row has none of its own; an answer
    in its brackets that only repeats the row's is taken out. Other letters in the bracket at its
    end contradict the row.
    """
    raw = _untagged(raw)
    bare = not any(text for _, text in raw.options)
    if len(raw.stem) > STEM_MAX or not (bare or _BRACKETED.search(raw.stem)):
        return raw
    lettered = () if bare or truths_of(raw.options) else raw.options
    body = read_body("\n".join([raw.stem, *(f"{letter}. ·" for letter, _ in lettered)]))
    given = plain_answer(raw.answer_text)
    named = [read_letters(raw.options, text).letters for text in (raw.answer_text, body.answer)]
    repeats = bool(body.answer) and (
        _same(given, plain_answer(body.answer)) or named[0] == named[1] != ()
    )
    tells = bool(body.answer) and not given
    holds_options = bare and len(body.options) > 1
    if not repeats and all(named) and _LAST_LETTERS.search(raw.stem):
        return _contradicted(raw, body.answer)
    if not (repeats or tells or holds_options):
        return raw
    return replace(
        raw,
        stem=body.stem,
        options=body.options if holds_options else raw.options,
        answer_text=raw.answer_text or body.answer,
        type_text=raw.type_text or body.type,
        points_text=raw.points_text or body.points,
    )


def _contradicted(raw: RawQuestion, written: str) -> RawQuestion:
    detail = f"写了不同的答案：{raw.answer_text}、{written}"
    found = Finding(
        raw.place, "answer_unrecognised", {}, "answer", detail, sheet=raw.sheet, no=raw.no
    )
    return replace(raw, findings=(*raw.findings, found))


def _untagged(raw: RawQuestion) -> RawQuestion:
    """Return a question without the type before its stem, “[单选题] …”, where the row has none."""
    tag = None if raw.type_text else _TAG.match(raw.stem)
    if tag is None or not type_of(tag.group(1)):
        return raw
    return replace(raw, stem=raw.stem[tag.end() :], type_text=tag.group(1))


def _same(first: str, second: str) -> bool:
    truths = truth_of(first), truth_of(second)
    letters = set(re.findall("[A-Z]", first)), set(re.findall("[A-Z]", second))
    return (
        first == second or letters[0] == letters[1] != set() or truths[0] == truths[1] is not None
    )


def _question(
    grid: Grid, layout: Layout, rows: Sequence[Row], texts: Mapping[str, str], section: Section
) -> RawQuestion:
    row = rows[0]
    return RawQuestion(
        place=grid.place(row.no),
        stem=texts.get("stem", ""),
        options=_options(layout, texts),
        answer_text=texts.get("answer", ""),
        type_text=_type(layout, texts.get("type", "")),
        points_text=texts.get("points", ""),
        explanation=texts.get("explanation", ""),
        source=texts.get("source", ""),
        category=texts.get("category", ""),
        difficulty_text=texts.get("difficulty", ""),
        trap=texts.get("trap", ""),
        sheet=grid.name,
        no=row.no,
        section_type=section.type_text,
        section_points=section.points_text,
        findings=tuple(_findings(grid, layout, rows)),
    )


def _text(layout: Layout, rows: Sequence[Row], field: str) -> str:
    """Return what is written for a field, in all its columns and rows, each text once."""
    if len(rows) == len(layout.columns[field]) == 1:
        return rows[0].cell(layout.columns[field][0])
    pieces = []
    for at in layout.columns[field]:
        texts = dict.fromkeys(filter(None, (row.cell(at) for row in rows)))
        pieces.append("\n".join(texts))
    return _JOINED.get(field, "\n").join(dict.fromkeys(filter(None, pieces)))


def _type(layout: Layout, text: str) -> str:
    return _TYPE_WORDS.get(layout.codes.get(text.strip(), ""), text)


def _options(layout: Layout, texts: Mapping[str, str]) -> Options:
    lettered = tuple((letter, texts[f"{_OPTION}{letter}"]) for letter in layout.letters)
    if any(text for _, text in lettered):
        return without_letters(lettered)
    return split_options(texts.get("options", ""))


def _findings(grid: Grid, layout: Layout, rows: Sequence[Row]) -> list[Finding]:
    place, no = grid.place(rows[0].no), rows[0].no
    if grid.is_text and layout.room and (detail := _count_fault(layout, rows[0])):
        return [Finding(place, "column_count_mismatch", {}, "row", detail, grid.name, no)]
    found: dict[str, Finding] = {}
    if any(row.no in grid.pictured for row in rows):
        found["picture"] = Finding(place, "picture_left_out", {}, "picture", "", grid.name, no)
    for field, places in layout.columns.items():
        part = "options" if field.startswith(_OPTION) else field
        for row in rows:
            for at in (row.formulas | row.errors) & set(places):
                code = "formula_cell" if at in row.formulas else "error_cell"
                cell = f"{get_column_letter(at + 1)}{row.no}"
                found.setdefault(part, Finding(place, code, {}, part, cell, grid.name, no))
    return list(found.values())


def _count_fault(layout: Layout, row: Row) -> str:
    """Return how a row of a text file differs from its heading; extra empty cells do no harm."""
    extra = [cell for cell in row.cells[layout.room :] if cell.strip()]
    if len(row.cells) < layout.width or extra:
        return f"表头 {layout.width} 列，本行 {len(row.cells)} 列"
    return ""
