"""The sources that a file names, put to the laws of the library."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from quizapp.domain.bank import Question
from quizapp.domain.citing import in_force
from quizapp.domain.import_drafts import draft_of
from quizapp.domain.imports import ImportedQuestion
from quizapp.domain.question_types.all import QUESTION_TYPES
from quizapp.domain.statutes import Citation, CitationUnreadable, Law, parse_citation

_PARTS = re.compile(r"[；;，,。\n]+")
_BARE = re.compile(r"([^《》；;，,。\n]{2,60}?)\s*(第[^《》；;，,。\n]{1,30})")


def cited_draft(imported: ImportedQuestion, laws: Sequence[Law], on: date) -> Question:
    """Return the draft that a sound question of a file becomes, cited by the laws of a day.

    A law may be named in full or in short; the version is the one in force then, else the latest;
    a law that is not known keeps its name and no version. Where a source says more than its
    citations, it stays readable as last line of the explanation. Points belong to papers: they are
    not kept.
    """
    source = marked(imported.source)
    same = source == imported.source
    draft = draft_of(imported if same else replace(imported, source=source))
    draft = _with_versions(draft, laws, on)
    if imported.exact is not None or not draft.citations or _is_all_cited(source):
        return draft
    lines = filter(None, [draft.explanation, f"依据：{imported.source}"])
    return replace(draft, explanation="\n".join(lines))


def _with_versions(question: Question, laws: Sequence[Law], on: date) -> Question:
    return replace(
        question,
        citations=tuple(
            dict.fromkeys(_with_version(each, laws, on) for each in question.citations)
        ),
        parts=tuple(_with_versions(part, laws, on) for part in question.parts),
        picture=None,  # a number of our own store, which a file cannot know
    )


def _with_version(citation: Citation, laws: Sequence[Law], on: date) -> Citation:
    if citation.version is not None:
        return citation
    name = _plain_name(citation.law)
    law = in_force(
        (each for each in laws if name in (_plain_name(each.short), _plain_name(each.full))), on
    )
    if law is None:
        return citation
    return replace(citation, law=law.short, version=law.version, by_item=law.by_item)


@lru_cache(1024)
def _plain_name(name: str) -> str:
    return re.sub(r"[（(].*?[)）]|\s", "", name).removeprefix("中华人民共和国")


def marked(source: str) -> str:
    """Return a source with 《》 around the name of its law, where it is one name and one place."""
    bare = _BARE.fullmatch(source.strip())
    return f"《{bare[1].strip()}》{bare[2]}" if bare else source


@lru_cache(1024)
def _is_all_cited(source: str) -> bool:
    try:
        return all(parse_citation(part) for part in _PARTS.split(source) if part.strip())
    except CitationUnreadable:
        return False


def draft_warnings(draft: Question, imported: ImportedQuestion, laws: Sequence[Law],
                   on: date) -> list[str]:  # fmt: skip
    """Return the codes of what a draft lacks for publication; none of them keeps it out."""
    found = []
    known = {(law.short, law.version): law for law in laws}
    cited = [known.get((each.law, each.version)) if each.version else None
             for item in draft.items for each in item.citations]  # fmt: skip
    if not imported.source and not cited:
        found.append("citation_missing")
    elif not cited or None in cited:
        found.append("citation_unresolved")
    if any(law is not None and not law.is_in_force(on) for law in cited):
        found.append("citation_not_in_force")
    if not imported.difficulty:
        found.append("difficulty_missing")
    if not all(item.explanation for item in draft.items):
        found.append("explanation_missing")
    faults = [code for each in (draft, *draft.parts)
              for code in QUESTION_TYPES.get(each.type).check(each)]  # fmt: skip
    if set(faults) - {"option_count"}:  # how many options there are is a matter of the review
        found.append("not_publishable")
    return found
