"""Word files of a selection of questions: paper, answer sheet, key with explanations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from quizapp.domain.bank import LETTERS, Question
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.statutes import numeral
from quizapp.domain.text import Text
from quizapp.formats.questions.exported import Written, citations_text
from quizapp.formats.questions.word_style import MIMETYPE, OfficialDocument

TITLE = "城市管理执法人员法律知识测试题"
BLANKS = "单位：________________　姓名：________　执法证号：____________"
_NAMES = {"single": "单项选择题", "multiple": "多项选择题", "indefinite": "不定项选择题",
          "case": "案例分析题"}  # fmt: skip
_IN_CASES = {"multiple": "（可选多项）", "indefinite": "（选一项或多项）", "judge": "（判断对错）",
             "ordering": "（按顺序排列）"}  # fmt: skip
"""What a part of a case is, behind its words: its section does not say it."""
JUDGE_RULE = "（正确的打“√”，错误的打“×”）"
_SHORT, _MIDDLE = 7, 16
_PER_ROW, _WIDE = 10, {"blank": 3, "ordering": 5}
"""Fields of the answer sheet in a row; words and long orders need more room."""
_HALF = 2
NOT_HELD = (Text("难度、知识点和易错点", "Difficulty, topics and trap"),
            Text("题干图片", "Pictures in stems"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """Questions of one type with their printed numbers: (number, question, material before it)."""

    numeral: str
    type: str
    items: tuple[tuple[int, Question, str], ...]

    @property
    def name(self) -> str:
        """The official name of the type."""
        return _NAMES.get(self.type) or QUESTION_TYPES.get(self.type).label.zh

    def heading(self, points_cp: int | None = None) -> str:
        """Return 一、单项选择题（共 20 题，每题 2 分，共 40 分）."""
        count = len(self.items)
        words = [f"共 {count} 题"]
        if points_cp:
            words += [f"每题 {_points(points_cp)} 分", f"共 {_points(points_cp * count)} 分"]
        return f"{self.numeral}、{self.name}（{'，'.join(words)}）"


def sections_of(questions: Sequence[Question]) -> list[Section]:
    """Return the sections of a paper in the order of the types; numbers run through all of them.

    The parts of a case are numbered; its material stands before the first of them.
    """
    sections: list[Section] = []
    number = 0
    for key in QUESTION_TYPES.keys():  # noqa: SIM118 — a shelf, not a mapping
        items: list[tuple[int, Question, str]] = []
        for question in questions:
            if question.type == key:
                for at, item in enumerate(question.items):
                    number += 1
                    material = question.stem if question.parts and at == 0 else ""
                    items.append((number, item, material))
        if items:
            sections.append(Section(numeral(len(sections) + 1), key, tuple(items)))
    return sections


def _points(points_cp: int) -> str:
    whole, rest = divmod(points_cp, 100)
    return f"{whole}.{rest:02d}".rstrip("0") if rest else str(whole)


def add_paper(
    document: OfficialDocument, title: str, sections: list[Section], points: Mapping[str, int]
) -> None:
    """Add the paper: title, blanks for unit, name and certificate, table of scores, questions."""
    document.title(title)
    document.blanks(BLANKS)
    document.grid([["题号", *[section.numeral for section in sections], "总分"],
                   ["得分", *[""] * (len(sections) + 1)]])  # fmt: skip
    for section in sections:
        document.heading(section.heading(points.get(section.type)))
        if section.type == "judge":
            document.line(JUDGE_RULE)
        hints = _IN_CASES if section.type == "case" else {}
        cases = 0
        for number, question, material in section.items:
            if material:
                cases += 1
                document.line(f"【案例{numeral(cases)}】{_one_line(material)}", keeps=True)
            _add_question(document, number, question, hints.get(question.type, ""))


def _add_question(
    document: OfficialDocument, number: int, question: Question, hint: str = ""
) -> None:
    order = printed_order(question)
    shown = [question.options[option] for option in order] if question.type != "blank" else []
    first, *others = f"{question.stem.strip()}{hint}".split("\n")
    document.line(f"{number}．{first}", keeps=bool(shown or others))
    for text in others:
        document.line(text, keeps=bool(shown))
    options = [f"{letter}．{_one_line(text)}" for letter, text in zip(LETTERS, shown, strict=False)]
    longest = max(map(len, options), default=0)
    width = len(options) if longest <= _SHORT else _HALF if longest <= _MIDDLE else 1
    for at in range(0, len(options), max(width, 1)):
        row = options[at : at + width]
        is_last = at + width >= len(options)
        document.columns(row, width=width, keeps=not is_last)


def printed_order(question: Question) -> tuple[int, ...]:
    """Return the order in which options are printed: steps to be ordered never stand in theirs.

    The same question is printed alike in the paper and in the key.
    """
    stored = tuple(range(len(question.options)))
    if question.type != "ordering":
        return stored
    mixed = sorted(stored, key=lambda at: sha256(question.options[at].encode()).digest())
    return tuple(mixed[1:] + mixed[:1] if tuple(mixed) == question.key else mixed)


def add_sheet(document: OfficialDocument, title: str, sections: list[Section]) -> None:
    """Add the answer sheet: a field for every number."""
    document.title(f"{title}答题卡")
    document.blanks(BLANKS)
    for section in sections:
        document.heading(f"{section.numeral}、{section.name}")
        numbers = [str(number) for number, _, _ in section.items]
        width = _WIDE.get(section.type, _PER_ROW)
        rows: list[list[str]] = []
        for at in range(0, len(numbers), width):
            row = numbers[at : at + width]
            row += [""] * (width - len(row))
            rows += [["题号", *row], ["答案", *[""] * width]]
        document.grid(rows)


def add_key(document: OfficialDocument, title: str, sections: list[Section]) -> None:
    """Add the key: for every number the answer, the explanation and the citation."""
    document.title("参考答案及解析")
    document.line(f"（{title}）", centred=True, keeps=True)
    for section in sections:
        document.heading(f"{section.numeral}、{section.name}")
        for number, question, _ in section.items:
            document.note(f"{number}．{_keyed(question)}")


def _keyed(question: Question) -> str:
    """Return answer, explanation and citation of a question, in one paragraph."""
    parts = [f"【答案】{key_text(question)}"]
    if question.explanation:
        parts.append(f"【解析】{_one_line(question.explanation)}")
    if question.citations:
        parts.append(f"【依据】{citations_text(question)}")
    return "　".join(parts)


def key_text(question: Question) -> str:
    """Return the key as it is printed: ABD, √, accepted wordings, letters in their order."""
    if isinstance(question.key, bool):
        return "√" if question.key else "×"
    if question.type == "blank":
        return "／".join(question.options)
    if question.type == "ordering":
        return QUESTION_TYPES.get("ordering").key_as_shown(question.key, printed_order(question))
    return "".join(LETTERS[option] for option in question.key)


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


@dataclass(frozen=True, slots=True)
class WordFile:
    """A Word file on the shelf of writers. `parts`: of paper, sheet, key, each on its own pages.

    `points`: type → centi-points of one question, where a paper is to name them.
    """

    key: str
    label: Text
    parts: tuple[str, ...]
    title: str = TITLE
    points: Mapping[str, int] = field(default_factory=dict)
    mimetype: str = MIMETYPE
    suffix: str = ".docx"

    def write(self, questions: Sequence[Question]) -> Written:
        """Return the file of the questions, by type; the same questions give the same bytes."""
        sections = sections_of(questions)
        document = OfficialDocument()
        for at, part in enumerate(self.parts):
            if at:
                document.new_page()
            if part == "paper":
                add_paper(document, self.title, sections, self.points)
            elif part == "sheet":
                add_sheet(document, self.title, sections)
            else:
                add_key(document, self.title, sections)
        return Written(document.saved(), (), NOT_HELD)


WORD_ALL = WordFile(
    "docx",
    Text("Word：试卷、答题卡和参考答案", "Word: paper, answer sheet and key"),
    ("paper", "sheet", "key"),
)
WORD_PAPER = WordFile("docx_paper", Text("Word：试卷", "Word: paper"), ("paper",))
WORD_SHEET = WordFile("docx_sheet", Text("Word：答题卡", "Word: answer sheet"), ("sheet",))
WORD_KEY = WordFile("docx_key", Text("Word：参考答案及解析", "Word: key"), ("key",))
WORD_FILES = (WORD_ALL, WORD_PAPER, WORD_SHEET, WORD_KEY)
