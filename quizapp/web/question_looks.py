"""What stands beside the form of a question: the phone, faults and doubts, the words cited."""

from datetime import date
from typing import Any

from flask_babel import gettext

from quizapp.domain.bank import Question
from quizapp.domain.bank_findings import Finding
from quizapp.domain.clock import civil_date
from quizapp.domain.drafts import is_blocking
from quizapp.domain.errors import NotFound
from quizapp.domain.previews import preview_items
from quizapp.domain.statutes import Citation
from quizapp.service import editing, statutes
from quizapp.web.pages import language, now
from quizapp.web.question_forms import QuestionForm
from quizapp.web.security import viewer


def look(question: Question, code: str, form: QuestionForm) -> dict[str, Any]:
    """Return what the preview shows: the items as on the phone, faults, doubts and likeness."""
    as_of = form.as_of.data or civil_date(now())
    advice = editing.advise(viewer(), question, code, as_of=as_of) if question.stem else None
    findings = advice.findings if advice else []
    return {
        "items": preview_items(question) if question.stem else (),
        "whole": question,
        "blocking": [told(each) for each in findings if is_blocking(each)],
        "doubts": [told(each) for each in findings if not is_blocking(each)],
        "cited": cited_words(question, as_of),
        "alike": advice.alike if advice else [],
    }


def told(finding: Finding) -> str:
    """Return what is wrong, and in which part of a case."""
    _, dot, part = finding.code.rpartition(".")
    reason = finding.reason(language())
    return gettext("第 %(no)s 小题：%(reason)s", no=part, reason=reason) if dot else reason


def cited_words(question: Question, on: date) -> list[tuple[Citation, str]]:
    """Return each citation with the words of its article; empty where the library has no text."""
    citations = [*question.citations, *(one for part in question.parts for one in part.citations)]
    found = []
    for citation in dict.fromkeys(citations):
        try:
            place = statutes.look_up(citation, on=on)
        except NotFound:
            found.append((citation, ""))
        else:
            whole = place.article.text if place.article else ""
            found.append((citation, place.words or whole))
    return found
