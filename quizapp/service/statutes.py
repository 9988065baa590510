"""The statute library: reading an official text, search, and looking up a citation."""

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from quizapp.domain.errors import NotAllowed, NotFound
from quizapp.domain.law_header import Facts, facts_of, law_of, split_front
from quizapp.domain.law_reading import read_law
from quizapp.domain.law_text import Article, LawText
from quizapp.domain.people import Viewer
from quizapp.domain.staleness import touch
from quizapp.domain.statutes import Citation, Law, parse_citation
from quizapp.formats.law_file import read_lines
from quizapp.service.apart import Gate, run_apart
from quizapp.store import amendments, statutes
from quizapp.store.db import Tx, reading
from quizapp.store.statutes import Shelved

READING = Gate(longest_queue=4)


@dataclass(frozen=True, slots=True)
class Read:
    """A file as it was read: the version, its text, and a digest of the articles."""

    law: Law
    text: LawText
    sha256: str


@dataclass(frozen=True, slots=True)
class Place:
    """A cited place. `article` and `words` are None where the library does not hold it."""

    citation: Citation
    shelved: Shelved
    article: Article | None
    words: str | None


def may_keep(viewer: Viewer) -> bool:
    """Say whether the viewer looks after the library: a trainer of the province."""
    return any(place.level == "province" for place in viewer.places_of("trainer"))


def check_may_keep(viewer: Viewer) -> None:
    """Pass only a trainer of the province. Raises NotAllowed("out_of_scope")."""
    if not may_keep(viewer):
        raise NotAllowed("out_of_scope")


def read_text(name: str, content: bytes) -> tuple[LawText, Facts]:
    """Return the text that a file holds and what it says of itself.

    Raises FileRefused, LawUnreadable, Busy.
    """
    with READING:
        return run_apart(_read_text, name, content)


def _read_text(name: str, content: bytes) -> tuple[LawText, Facts]:
    whole = read_lines(name, content)
    front, lines = split_front(whole)
    text = read_law(lines, first=len(whole) - len(lines) + 1)
    return text, facts_of(front, text)


def read_file(name: str, content: bytes, told: Facts | None = None) -> Read:
    """Return the law that a file holds; `told` goes before what the text says of itself.

    Raises FileRefused, LawUnreadable, LawFactMissing, Invalid("law_dates_wrong"), Busy.
    """
    text, own = read_text(name, content)
    return read_with(text, (told or Facts()).over(known_short(own)))


def known_short(facts: Facts) -> Facts:
    """Return the facts with the short name under which a law of that full name is cited already."""
    with reading() as tx:
        known = statutes.list_shelved(tx, facts.full) if facts.full else []
    return replace(facts, short=known[0].law.short) if known else facts


def read_with(text: LawText, facts: Facts) -> Read:
    """Return the law that a text with these facts is. Raises LawFactMissing, Invalid."""
    law = law_of(facts, text)
    digest = sha256()
    for article in text.articles:
        digest.update(repr((article.key, article.path, article.text)).encode())
    return Read(law, text, digest.hexdigest())


def list_library() -> list[Shelved]:
    """Return every version of every law, also those without a text; newest version first."""
    with reading() as tx:
        return statutes.list_shelved(tx)


def list_held() -> set[tuple[str, date]]:
    """Return name, short and full, and version of every law whose text is there."""
    with reading() as tx:
        return statutes.list_held(tx)


def get_law(law_id: int) -> tuple[Shelved, list[Article], list[Shelved]]:
    """Return a version, its articles, and all versions of that law. Raises NotFound."""
    with reading() as tx:
        shelved = statutes.get_shelved(tx, law_id)
        return (
            shelved,
            statutes.list_articles(tx, law_id),
            statutes.list_shelved(tx, shelved.law.short),
        )


def get_surroundings(law_id: int) -> tuple[list[str], list[str]]:
    """Return the lines before the first article of a version and behind the last."""
    with reading() as tx:
        return statutes.get_surroundings(tx, law_id)


def get_article(law_id: int, number: int, sub: int) -> tuple[Shelved, Article]:
    """Return an article. Raises NotFound("law_not_found" | "article_not_found")."""
    with reading() as tx:
        shelved = statutes.get_shelved(tx, law_id)
        article = statutes.find_article(tx, law_id, number, sub)
    if article is None:
        raise NotFound("article_not_found")
    return shelved, article


def look_up(citation: Citation, *, on: date) -> Place:
    """Return where a citation leads: without a version, to the one in force on that day.

    A version that ended is followed to the one after it as long as the cited words stay the same
    at the same place. Raises NotFound("law_not_found").
    """
    with reading() as tx:
        versions = statutes.list_shelved(tx, citation.law)
        wanted = next((each for each in versions if _is_meant(each.law, citation, on)), None)
        if wanted is None:
            raise NotFound("law_not_found")
        found = _following(tx, wanted, citation, on)
        article = statutes.find_article(tx, found.id, citation.article, citation.sub)
    law = found.law
    full = replace(citation, law=law.short, version=law.version, by_item=law.by_item)
    return Place(full, found, article, article.part(full) if article else None)


def _is_meant(law: Law, citation: Citation, on: date) -> bool:
    return law.version == citation.version if citation.version else law.is_in_force(on)


def _following(tx: Tx, shelved: Shelved, citation: Citation, on: date) -> Shelved:
    ended = shelved.law.repealed_on
    ids = amendments.list_ids_of(tx, shelved.id, "old") if ended and ended <= on else []
    if not ids:
        return shelved
    moves = amendments.get_moves(tx, ids[0])
    here = replace(citation, law=shelved.law.short, version=shelved.law.version)
    if moves.new is None or touch(here, moves):
        return shelved
    versions = statutes.list_shelved(tx, moves.new.short)
    newer = next(each for each in versions if each.law.version == moves.new.version)
    return _following(tx, newer, citation, on)


@dataclass(frozen=True, slots=True)
class Fate:
    """A version beside an article's own, and what it has of the article. `kind`: of KINDS.

    `law` is empty where the law ended without another version.
    """

    on: date
    kind: str
    law_id: int | None
    law: Law | None
    article: Article | None


def get_fate(law_id: int, article: Article) -> tuple[Fate | None, Fate | None]:
    """Return where an article came from in the version before, and what the next makes of it.

    None where no such version has been compared.
    """
    with reading() as tx:
        came = [
            _fate(tx, each, article, "new") for each in amendments.list_ids_of(tx, law_id, "new")
        ]
        goes = [
            _fate(tx, each, article, "old") for each in amendments.list_ids_of(tx, law_id, "old")
        ]
    return next(iter(came), None), next(iter(goes), None)


def _fate(tx: Tx, amendment_id: int, article: Article, side: str) -> Fate:
    amendment = amendments.get_amendment(tx, amendment_id)
    other = amendment.old if side == "new" else amendment.new
    kind, key = amendments.find_change(tx, amendment_id, article.key, side)
    versions = statutes.list_shelved(tx, amendment.old.short)
    shelved = next((each for each in versions if other and each.law.version == other.version), None)
    there = statutes.find_article(tx, shelved.id, *key) if shelved and key else None
    return Fate(amendment.effective_on, kind, shelved.id if shelved else None, other, there)


def resolve(text: str, *, on: date) -> Place:
    """Return where a written citation leads: 《行政处罚法》第五十一条第一款.

    Raises CitationUnreadable, NotFound("law_not_found").
    """
    return look_up(parse_citation(text), on=on)
