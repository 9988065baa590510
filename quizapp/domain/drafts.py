"""Checks of a question at the desk: what must be mended before review, and what is only advice."""

from collections.abc import Iterator, Sequence
from datetime import date

from quizapp.domain.bank import LETTERS, Entry, Question
from quizapp.domain.bank_checks import CHECKS_OF_ONE, check_citations
from quizapp.domain.bank_entries import written_in
from quizapp.domain.bank_findings import Finding
from quizapp.domain.errors import Invalid
from quizapp.domain.statutes import Law
from quizapp.domain.text import Text

ADVICE = frozenset(
    {"stem_length", "negative_unmarked", "all_of_above", "explanation_length",
     "explanation_no_article", "explanation_letters", "law_unknown", "law_version_unknown",
     "law_not_in_force", "article_beyond_law", "paragraph_in_items", "option_count"}
)  # fmt: skip
"""A trainer may leave these as they are: a local rule is not in the list of laws."""
LONGEST = {"stem": 2000, "option": 500, "explanation": 3000, "topic": 20, "alt": 200}
MOST_TOPICS, MOST_CITATIONS = 3, 10


class QuestionUnsound(Invalid):
    """A question cannot go on to review; `problems` are sentences."""

    code = "question_unsound"


def findings_of(
    question: Question, code: str, laws: Sequence[Law], *, as_of: date
) -> list[Finding]:
    """Return what is wrong or doubtful, the whole before its parts; ADVICE does not block."""
    entry = Entry(
        code=code,
        question=question,
        file="",
        line=0,
        part_lines=(0,) * len(question.parts),
        law=question.law,
        as_of=as_of,
        scope="",
        author="",
    )
    known = {(law.short, law.version): law for law in laws}
    found = list(_too_few(question, code))
    for asked in written_in(entry):
        for check in CHECKS_OF_ONE:
            found += check(asked)
        if asked.code == code or asked.question.citations:
            found += check_citations(asked, known, None)
    return found


def _too_few(question: Question, code: str) -> Iterator[Finding]:
    for item in question.items:
        if item.type in ("single", "multiple", "indefinite") and len(item.options) < 2:  # noqa: PLR2004
            yield Finding("", 0, code, "options_too_few")


def is_blocking(finding: Finding) -> bool:
    """Say whether a finding keeps a question from its review."""
    return finding.check not in ADVICE


def check_sound(question: Question, code: str, laws: Sequence[Law], *, as_of: date) -> None:
    """Pass only what may go to review. Raises QuestionUnsound with every reason."""
    blocking = [
        each for each in findings_of(question, code, laws, as_of=as_of) if is_blocking(each)
    ]
    if blocking:
        zh, en = (dict.fromkeys(each.reason(lang) for each in blocking) for lang in ("zh", "en"))
        reasons = Text("；".join(zh), "; ".join(en))
        raise QuestionUnsound(reasons=reasons, problems=[{"code": each.check} for each in blocking])


def check_kept(question: Question) -> None:
    """Pass only what the store can hold and a page can show, complete or not.

    Raises Invalid("stem_missing" | "too_long" | "control_characters" | "too_many_topics" |
    "too_many_citations" | "picture_alt_missing").
    """
    for each in (question, *question.parts):
        _check_words(each)
        if len(each.options) > len(LETTERS):
            raise Invalid("too_long")
        if len(each.citations) > MOST_CITATIONS:
            raise Invalid("too_many_citations")
    if question.picture and not question.picture.alt.strip():
        raise Invalid("picture_alt_missing")
    if not question.stem.strip():
        raise Invalid("stem_missing")
    if len(question.topics) > MOST_TOPICS:
        raise Invalid("too_many_topics")


def _check_words(question: Question) -> None:
    texts = [(question.stem, "stem"), (question.explanation, "explanation")]
    texts += [(option, "option") for option in question.options]
    texts += [(topic, "topic") for topic in question.topics]
    texts += [(question.picture.alt, "alt")] if question.picture else []
    if any(len(text) > LONGEST[kind] for text, kind in texts):
        raise Invalid("too_long")
    if any(_has_controls(text) for text, _ in texts):
        raise Invalid("control_characters")


def _has_controls(text: str) -> bool:
    return any(not char.isprintable() and char not in "\n\u3000" for char in text)
