"""GIFT: questions with their answers in braces, blocks apart by blank lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from quizapp.domain.bank import Question
from quizapp.domain.import_findings import Finding
from quizapp.domain.imports import Mapping, RawQuestion, ReadResult, Skipped
from quizapp.domain.sheets import FileRefused
from quizapp.domain.text import Text
from quizapp.formats.base import check_questions
from quizapp.formats.questions.base import QuestionReader
from quizapp.formats.questions.exported import Written, apart_from_source, category_of
from quizapp.formats.questions.gift_answers import read_answers, restore, shield
from quizapp.formats.questions.gift_text import write_gift
from quizapp.formats.questions.markup import Pieces
from quizapp.formats.safety import lines_of

_CATEGORY = re.compile(r"^\s*\$CATEGORY\s*:\s*(.*?)\s*$")
_NAME = re.compile(r"^\s*::(.*?)::", re.DOTALL)
_FORMAT = re.compile(r"^\s*\[(html|plain|markdown|moodle)\]\s*", re.IGNORECASE)
_LOOKS = re.compile(
    r"\{(?:\s|^//.*)*(?:[=~#}]|T\b|F\b|TRUE\b|FALSE\b)|^[ \t]*\$CATEGORY\s*:", re.I | re.M
)
_WIDE = str.maketrans("｛｝＝～＃％", "{}=~#%")
_BLANK = "____"
FAR = 60
"""How many lines below a blank one a brace may be closed."""


@dataclass(slots=True)
class _Block:
    """Numbered lines that belong together."""

    category: str
    numbered: list[tuple[int, str]] = field(default_factory=list)

    @property
    def no(self) -> int:
        """The number of its first line."""
        return self.numbered[0][0]

    @property
    def text(self) -> str:
        """The lines as one text, escaped signs out of the way.

        Braces of full width are braces where the block has no others; so are the signs in them.
        """
        text = shield("\n".join(line for _, line in self.numbered))
        return text.translate(_WIDE) if "｛" in text and "{" not in text else text


class Gift(QuestionReader):
    """Single and multiple choice, missing words, true or false; other kinds are named."""

    key = "gift"
    label = Text("GIFT 文本", "GIFT")
    mimetype = "text/plain; charset=utf-8"
    suffix = ".gift.txt"

    def sniff(self, name: str, content: bytes) -> bool:  # noqa: ARG002
        """Say whether there are answers in braces."""
        try:
            text = "\n".join(lines_of(content))
        except FileRefused:
            return False
        return bool(_LOOKS.search(shield(text.translate(_WIDE) if "｛" in text else text)))

    def read(self, content: bytes, mapping: Mapping | None = None) -> ReadResult:  # noqa: ARG002
        """Return every block as a question, a problem or skipped text; places are line numbers."""
        result = ReadResult()
        for block in _blocks(lines_of(content)):
            _read_block(block, result)
            check_questions(len(result.questions))
        return result

    def write(self, questions: Sequence[Question]) -> Written:
        """Return the choices and judgements; the category is made of the topics."""
        return write_gift(questions)


def _blocks(lines: Sequence[str]) -> Iterator[_Block]:
    """Yield what stands between blank lines.

    A brace left open reaches over a blank line only where the next brace closes it; a name opens
    a question, whatever stands before it.
    """
    category = ""
    current: _Block | None = None
    for no, line in enumerate([*lines, ""], start=1):
        if line.lstrip().startswith("//"):
            continue
        found = _CATEGORY.match(line)
        if found:
            category = category_of(found[1])
            continue
        if current and line.lstrip().startswith("::"):
            yield from _apart(current)
            current = None
        if line.strip():
            current = current or _Block(category)
            current.numbered.append((no, line))
        elif current and not (_is_open(current) and _closes_next(lines, no)):
            yield from _apart(current)
            current = None


def _apart(block: _Block) -> Iterator[_Block]:
    """Yield the questions of a block in which a closing brace ends a line and another follows."""
    begins = 0
    lines = [shield(line) for _, line in block.numbered]
    last = max((at for at, line in enumerate(lines) if "{" in line), default=0)
    for at, line in enumerate(lines[:last]):
        if line.rstrip().endswith("}"):
            yield _Block(block.category, block.numbered[begins : at + 1])
            begins = at + 1
    yield _Block(block.category, block.numbered[begins:])


def _is_open(block: _Block) -> bool:
    text = block.text
    return text.rfind("{") > text.rfind("}")


def _closes_next(lines: Sequence[str], start: int) -> bool:
    for line in lines[start : start + FAR]:
        brace = re.search(r"[{}]", shield(line))
        if brace:
            return brace[0] == "}" and not line.lstrip().startswith("::")
    return False


def _read_block(block: _Block, result: ReadResult) -> None:
    place = f"第 {block.no} 行"
    before, brace, rest = block.text.partition("{")
    inside, closing, after = rest.partition("}")
    if not brace or not closing:
        _leave(block, place, result, is_open=bool(brace))
        return
    name = _NAME.match(before)
    before = before[name.end() :] if name else before
    found = _FORMAT.match(before)
    pieces = Pieces()
    kind = found[1].lower() if found else ""

    def shown(piece: str) -> str:
        own = _FORMAT.match(piece)
        text = restore(piece[own.end() :] if own else piece).strip()
        is_html = (own[1].lower() if own else kind) == "html"
        return pieces.html(text) if is_html else text

    before = before[found.end() :] if found else before
    has_gap = after.strip() and not after.lstrip().startswith("//")
    stem = shown(f"{before}{_BLANK}{after}" if has_gap else before)
    answer = read_answers(inside, shown)
    if "{" in after:  # several gaps in one sentence
        answer = replace(answer, type_text="完形填空")
    explanation, source = apart_from_source(answer.explanation)
    findings = [Finding(place, code, detail=detail, no=block.no) for code, detail in answer.faults]
    result.questions.append(
        RawQuestion(
            place=place,
            no=block.no,
            stem=stem,
            options=answer.options,
            answer_text=answer.answer,
            type_text=answer.type_text,
            explanation=explanation,
            source=source,
            category=block.category,
            findings=(*findings, *pieces.findings(place, block.no)),
        )
    )


def _leave(block: _Block, place: str, result: ReadResult, *, is_open: bool) -> None:
    """Put away a block that is no question: text alone, or a brace that nothing closes."""
    text = "\n".join(line for _, line in block.numbered)
    if is_open:
        result.findings.append(Finding(place, "row_unreadable", detail="缺少 }", no=block.no))
    else:
        result.skipped.append(Skipped(place, text, "没有答案括号 { }", no=block.no))


GIFT = Gift()
