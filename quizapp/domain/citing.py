"""Citations as trainers type them, one per line, and the version of the law they mean."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from quizapp.domain.statutes import Citation, Law, cite_in_chinese, parse_citation

_VERSION = re.compile(r"\s*[（(]\s*(\d{4}-\d{2}-\d{2})\s*版?\s*[）)]\s*$")


def read_citations(text: str, laws: Sequence[Law], *, on: date) -> tuple[Citation, ...]:
    """Return the citations written in lines (or divided by ；), each with its law's version.

    A name may be short or full. Without a version in brackets the one in force `on` that day is
    meant; a law that is not known keeps its name and no version. Raises CitationUnreadable.
    """
    lines = [line.strip() for line in re.split(r"[\n；;]", text)]
    return tuple(_read(line, laws, on) for line in lines if line)


def _read(line: str, laws: Sequence[Law], on: date) -> Citation:
    named = _VERSION.search(line)
    citation = parse_citation(line[: named.start()] if named else line)
    own = [law for law in laws if citation.law in (law.short, law.full)]
    version = _day(named[1]) if named else None
    law = next((law for law in own if law.version == version), None) or in_force(own, on)
    if law is None:
        return citation
    return replace(citation, law=law.short, version=law.version, by_item=law.by_item)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def in_force(versions: Iterable[Law], on: date) -> Law | None:
    """Return the version of a law that governs that day, else the last one there is, or None."""
    ordered = sorted(versions, key=lambda law: law.version)
    governing = [law for law in ordered if law.is_in_force(on)]
    return governing[-1] if governing else ordered[-1] if ordered else None


def write_citations(citations: Iterable[Citation], laws: Sequence[Law], *, on: date) -> str:
    """Return the lines that `read_citations` reads back to the same citations."""
    lines = []
    for citation in citations:
        own = in_force((law for law in laws if law.short == citation.law), on)
        is_usual = citation.version is None or (own is not None and own.version == citation.version)
        lines.append(cite_in_chinese(citation) + ("" if is_usual else f"（{citation.version}）"))
    return "\n".join(lines)
