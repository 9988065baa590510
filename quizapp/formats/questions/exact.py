"""Questions that a format of our own holds whole, checked by their types."""

from collections.abc import Iterator

from quizapp.domain.answer_notation import AnswerRead
from quizapp.domain.bank import LETTERS, Question
from quizapp.domain.bank_findings import CHECKS
from quizapp.domain.import_checks import answer_fault, is_unsafe, option_faults
from quizapp.domain.import_findings import Finding
from quizapp.domain.imports import RawQuestion
from quizapp.domain.option_notation import Options
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.formats.questions.exported import LEVELS, citations_text, topics_text

_CODES = {
    "key_not_an_option": "answer_not_in_options",
    "key_not_letters": "answer_unrecognised",
    "key_not_true_or_false": "answer_unrecognised",
}
_CHOICES = ("single", "multiple", "indefinite")


def exact_question(question: Question, place: str, no: int, sheet: str = "") -> RawQuestion:
    """Return a whole question at its place with whatever its type finds wrong."""
    options = () if question.type == "judge" else question.options
    found = _findings(question, place, no, sheet)
    return RawQuestion(
        place=place,
        no=no,
        sheet=sheet,
        stem=question.stem,
        options=_lettered(options),
        type_text=QUESTION_TYPES.get(question.type).label.zh,
        explanation=question.explanation,
        source=citations_text(question),
        category=topics_text(question),
        difficulty_text=LEVELS[question.difficulty],
        findings=tuple(found),
        exact=question,
    )


def _findings(question: Question, place: str, no: int, sheet: str) -> list[Finding]:
    """Return what the types themselves find wrong with options and keys."""
    found = [] if question.stem.strip() else [Finding(place, "stem_missing", sheet=sheet, no=no)]
    for each in dict.fromkeys((question, *question.items)):
        found += [
            Finding(place, code, detail=detail, sheet=sheet, no=no)
            for code, detail in _faults(each)
        ]
    texts = [text for each in question.parts for text in _texts(each)]
    if any(map(is_unsafe, [question.trap, *texts])):
        found.append(Finding(place, "unsafe_content", sheet=sheet, no=no))
    return found


def _faults(question: Question) -> Iterator[tuple[str, str]]:
    """Yield (code, detail) of what is wrong with options and key.

    How many options a choice should have is a matter of its review, as in files of every format.
    """
    is_choice = question.type in _CHOICES
    if is_choice:
        yield from option_faults(_lettered(question.options))
    for code in QUESTION_TYPES.get(question.type).check(question):
        if code == "key_count" and isinstance(question.key, tuple):
            yield _key_fault(question.type, question.key), ""
        elif code in _CODES:
            yield _CODES[code], ""
        elif not (is_choice and code == "option_count"):
            yield "row_unreadable", CHECKS[code].zh


def _key_fault(type_key: str, key: tuple[int, ...]) -> str:
    if not key:
        return "answer_missing"
    letters = tuple(LETTERS[option] for option in key)
    return answer_fault(AnswerRead(type_key, letters), type_key) or "answer_unrecognised"


def _lettered(options: tuple[str, ...]) -> Options:
    return tuple(zip(LETTERS, options, strict=False))


def _texts(question: Question) -> list[str]:
    """Return the words that the checks of every format do not see: of parts, and traps."""
    return [question.trap, question.stem, question.explanation, *question.options, *question.topics]
