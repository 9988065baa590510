"""Every word of the product is in the English catalogue, translated, and fits its places."""

import re
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("quizapp/**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "counted": (1, 1)}
PLACE = re.compile(r"%\((\w+)\)[sd]")
HAN = re.compile(r"[\u4e00-\u9fff]")


@cache
def used() -> dict[str, str]:
    """Every source string with the file that uses it first."""
    found: dict[str, str] = {}
    rows = extract_from_dir(str(ROOT), METHODS, keywords=KEYWORDS)
    for file, _line, words, _comments, _context in rows:
        for word in [words] if isinstance(words, str) else words:
            found.setdefault(word, file)
    return found


@cache
def catalogue() -> Catalog:
    with CATALOGUE.open(encoding="utf-8") as lines:
        return read_po(lines, locale="en")


def translated() -> dict[str, str]:
    """Source string → English; the plural forms of one message count one by one."""
    found: dict[str, str] = {}
    for message in catalogue():
        if message.id and not message.fuzzy:
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            words = [message.string] if isinstance(message.string, str) else list(message.string)
            found |= dict(zip(ids, words, strict=False))
    return found


def test_words_are_found_where_they_are_used() -> None:
    assert len(used()) > 200


def test_every_word_has_its_english() -> None:
    known = translated()
    assert {word: file for word, file in used().items() if not known.get(word)} == {}


def test_places_for_facts_are_the_same_in_both_languages() -> None:
    wrong = {
        source: english
        for source, english in translated().items()
        if english and set(PLACE.findall(source)) != set(PLACE.findall(english))
    }
    assert wrong == {}


def test_english_is_english() -> None:
    allowed = re.compile(r"张\*\*|[（(][^)）]*[)）]|[“”「」]")
    wrong = {
        source: english
        for source, english in translated().items()
        if HAN.search(allowed.sub("", english))
    }
    assert wrong == {}
