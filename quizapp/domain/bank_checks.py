"""The checks of single questions that need no statute text; a bank with a finding is not loaded."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from quizapp.domain.bank import DIFFICULTIES, LETTERS, OUTCOMES, Entry, Question
from quizapp.domain.bank_entries import Asked, Bank, written_in
from quizapp.domain.bank_findings import Finding
from quizapp.domain.bank_likeness import plain_text
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.statutes import Citation, Law, place_in_chinese, place_of

STEM_LENGTHS = {"question": (15, 120), "part": (10, 120), "case": (60, 400)}
EXPLANATION_LENGTHS = (30, 300)
ID_SHAPE = re.compile(r"HB-[A-Z]{2,8}-\d{3,4}-\d{2}")
SCOPE_SHAPE = re.compile(r"national|province:13|city:\d{6,12}")
MARKED_NEGATION = re.compile(r"【(?:不|错误|不得|不是|不应|无|非|不能|不属于)】")
PLAIN_NEGATION = re.compile(
    r"(?:不属于|不符合|不正确|不包括|不合法|不恰当|不妥当|错误|有误)"
    r"[^，。；（【]{0,16}的(?:是|有)（"
)
LETTER_REFERENCE = re.compile(rf"(?:选项\s*[{LETTERS}]|[{LETTERS}]\s*(?:项|选项))")
ABOUT_THE_OTHERS = re.compile(
    r"^(?:以上|上述)?(?:各项|选项)?(?:都|均|全)(?:不)?(?:对|是|正确|错误|错)$"
)


def check_entries(bank: Bank, *, on: date | None = None) -> list[Finding]:
    """Return what is wrong with single questions, by file order; empty when all are sound.

    Laws must be in force on the day each file was verified, and `on` that day where given.
    """
    topics = {topic for group in bank.topics.values() for topic in group}
    laws = bank.law_versions()
    found: list[Finding] = []
    seen: dict[str, Entry] = {}
    for entry in bank.entries:
        found += check_identity(entry, seen)
        found += check_topics(entry, topics)
        found += check_review(entry)
        for asked in written_in(entry):
            for check in CHECKS_OF_ONE:
                found += check(asked)
            found += check_citations(asked, laws, on)
    return found


def check_identity(entry: Entry, seen: dict[str, Entry]) -> Iterator[Finding]:
    """Yield what is wrong with id and scope; `seen` remembers the ids met so far."""
    here = Asked(entry, entry.question, entry.code, entry.line)
    if not ID_SHAPE.fullmatch(entry.code):
        yield here.finding("id_shape")
    first = seen.setdefault(entry.code, entry)
    if first is not entry:
        yield here.finding("id_twice", other=f"{first.file}:{first.line}")
    if not SCOPE_SHAPE.fullmatch(entry.scope):
        yield here.finding("scope_shape")
    if entry.question.citations and entry.question.law != entry.law:
        yield here.finding("law_first", law=entry.law)


def check_topics(entry: Entry, known: set[str]) -> Iterator[Finding]:
    """Yield topics that are too many, too few or not on the controlled list."""
    for asked in written_in(entry):
        topics = asked.question.topics
        is_part = asked.code != entry.code
        if not (is_part and not topics) and not 1 <= len(topics) <= 3:  # noqa: PLR2004
            yield asked.finding("topic_count")
        for topic in topics:
            if topic not in known:
                yield asked.finding("topic_unknown", topic=topic)


def check_review(entry: Entry) -> Iterator[Finding]:
    """Yield what is wrong with the second reading."""
    here = Asked(entry, entry.question, entry.code, entry.line)
    review = entry.review
    if review is None:
        return
    if review.outcome not in OUTCOMES:
        yield here.finding("review_outcome")
    if review.by == entry.author:
        yield here.finding("reviewer_is_author")
    if review.on < entry.as_of:
        yield here.finding("review_before_law")


def check_type(asked: Asked) -> Iterator[Finding]:
    """Yield an unknown type or difficulty, and what its type says about options and key."""
    question = asked.question
    if question.difficulty not in DIFFICULTIES:
        yield asked.finding("difficulty_range")
    if question.type not in QUESTION_TYPES:
        yield asked.finding("type_unknown", value=question.type)
        return
    for check in QUESTION_TYPES.get(question.type).check(question):
        yield asked.finding(check)


def check_stem(asked: Asked) -> Iterator[Finding]:
    """Yield a stem too short or too long, or negative without saying so loudly."""
    kind = "part" if "." in asked.code else "case" if asked.question.parts else "question"
    least, most = STEM_LENGTHS[kind]
    length = len(asked.question.stem)
    if not least <= length <= most:
        yield asked.finding("stem_length", length=length, least=least, most=most)
    if is_negative(asked.question) and not MARKED_NEGATION.search(asked.question.stem):
        yield asked.finding("negative_unmarked")


def is_negative(question: Question) -> bool:
    """Say whether the stem asks for what is not so."""
    return bool(MARKED_NEGATION.search(question.stem) or PLAIN_NEGATION.search(question.stem))


def check_options(asked: Asked) -> Iterator[Finding]:
    """Yield options that are the same, or that speak of all the others."""
    seen: dict[str, str] = {}
    for option in asked.question.options:
        text = plain_text(option)
        if text in seen:
            yield asked.finding("options_alike", first=seen[text], second=option)
        seen[text] = option
        if ABOUT_THE_OTHERS.match(option):
            yield asked.finding("all_of_above", option=option)


def check_explanation(asked: Asked) -> Iterator[Finding]:
    """Yield an explanation too short, too long, without its article, or naming letters."""
    question = asked.question
    if question.parts:
        return
    least, most = EXPLANATION_LENGTHS
    length = len(question.explanation)
    if not least <= length <= most:
        yield asked.finding("explanation_length", length=length, least=least, most=most)
    if question.citations and not any(
        _names(question.explanation, citation) for citation in question.citations
    ):
        yield asked.finding("explanation_no_article", place=place_of(_whole(question.citations[0])))
    for letters in LETTER_REFERENCE.findall(question.explanation):
        yield asked.finding("explanation_letters", letters=letters)


def _whole(citation: Citation) -> Citation:
    return replace(citation, paragraph=None, item=None)


def _names(text: str, citation: Citation) -> bool:
    """Say whether the text names the article (or the item of a document without articles)."""
    place = place_in_chinese(_whole(citation))
    return place in text or (citation.by_item and re.sub("[（）]", "", place) in text)


def check_citations(
    asked: Asked, laws: Mapping[tuple[str, date], Law], on: date | None
) -> Iterator[Finding]:
    """Yield citations that lead nowhere: no law, no such version or article, not in force."""
    if not asked.question.citations:
        yield asked.finding("citation_missing")
    known = {short for short, _ in laws}
    for citation in asked.question.citations:
        if citation.law not in known:
            yield asked.finding("law_unknown", law=citation.law)
            continue
        law = laws.get((citation.law, citation.version or date.min))
        if law is None:
            yield asked.finding(
                "law_version_unknown", law=citation.law, version=citation.version or "?"
            )
            continue
        yield from _check_place(asked, citation, law)
        for day in (asked.entry.as_of, on):
            if day is not None and not law.is_in_force(day):
                yield asked.finding("law_not_in_force", law=law.short, version=law.version, day=day)


def _check_place(asked: Asked, citation: Citation, law: Law) -> Iterator[Finding]:
    if law.articles and citation.article > law.articles:
        yield asked.finding(
            "article_beyond_law", law=law.short, last=law.articles, article=citation.article
        )
    if law.by_item and (citation.paragraph or citation.item or citation.sub):
        yield asked.finding("paragraph_in_items", law=law.short)


CHECKS_OF_ONE: tuple[Callable[[Asked], Iterator[Finding]], ...] = (
    check_type,
    check_stem,
    check_options,
    check_explanation,
)
