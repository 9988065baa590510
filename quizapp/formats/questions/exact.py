"""Questions that a format of our own holds whole, checked by their types."""

from quizapp.domain.bank import LETTERS, Question
from quizapp.domain.import_checks import is_unsafe
from quizapp.domain.import_findings import Finding
from quizapp.domain.imports import RawQuestion
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.formats.questions.exported import LEVELS, citations_text, topics_text

_CODES = {
    "option_count": "too_few_options",
    "key_count": "multiple_needs_two",
    "key_not_an_option": "answer_not_in_options",
    "key_not_letters": "answer_unrecognised",
    "key_not_true_or_false": "answer_unrecognised",
}


def exact_question(question: Question, place: str, no: int, sheet: str = "") -> RawQuestion:
    """Return a whole question at its place with whatever its type finds wrong."""
    options = () if question.type == "judge" else question.options
    found = _findings(question, place, no, sheet)
    return RawQuestion(
        place=place,
        no=no,
        sheet=sheet,
        stem=question.stem,
        options=tuple((LETTERS[at], text) for at, text in enumerate(options)),
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
            Finding(place, _CODES.get(code, "row_unreadable"), detail=code, sheet=sheet, no=no)
            for code in QUESTION_TYPES.get(each.type).check(each)
        ]
    texts = [text for each in question.parts for text in _texts(each)]
    if any(map(is_unsafe, [question.trap, *texts])):
        found.append(Finding(place, "unsafe_content", sheet=sheet, no=no))
    return found


def _texts(question: Question) -> list[str]:
    """Return the words that the checks of every format do not see: of parts, and traps."""
    return [question.trap, question.stem, question.explanation, *question.options, *question.topics]
