"""The citation picker: from a law's name and the number of an article to the words to be cited."""

from dataclasses import dataclass, replace
from datetime import date

from quizapp.domain.cited_places import laws_named, places_of, read_place
from quizapp.domain.citing import in_force
from quizapp.domain.statutes import Citation, Law
from quizapp.store import bank, statutes
from quizapp.store.db import reading


@dataclass(frozen=True, slots=True)
class Picked:
    """What a name and a place lead to.

    `law` is None where no law has that name; `names` are then those like it. `is_held`: the
    library has the text of this version. `places` can be cited; empty words: the text is missing.
    """

    law: Law | None
    is_held: bool
    is_in_force: bool
    places: list[tuple[Citation, str]]
    names: list[str]


def pick(name: str, place: str, *, on: date) -> Picked:
    """Return what of that article can be cited, from the version in force on that day.

    An unknown law and one without a text in the library can still be cited as typed; an article
    that the library's text does not have cannot. Raises CitationUnreadable.
    """
    citation = read_place(name.strip().strip("《》"), place)
    with reading() as tx:
        laws = bank.list_laws(tx)
        law = in_force((each for each in laws if citation.law in (each.short, each.full)), on)
        if law is None:
            names = laws_named(citation.law, laws)
            return Picked(None, False, False, [(citation, "")], names)
        citation = replace(citation, law=law.short, version=law.version, by_item=law.by_item)
        shelved = next(
            each for each in statutes.list_shelved(tx, law.short) if each.law.version == law.version
        )
        article = statutes.find_article(tx, shelved.id, citation.article, citation.sub)
    is_held = shelved.held > 0
    places = places_of(citation, article) if article else [] if is_held else [(citation, "")]
    return Picked(law, is_held, law.is_in_force(on), places, [])
