"""The answer that stands in a stem: in its brackets, on its line, as a sign at its edge."""

import re

from quizapp.formats.questions.notation_marks import JUDGED, shadow

LETTERS = r"[A-Za-z](?:[\s、,;/|]*[A-Za-z])*"
_FULL = r"[(\[]\s*(?:答案\s*:?\s*)?(?P<{name}>{what})\s*[)\]]"
_BRACKET = re.compile(
    _FULL.format(name="letters", what=LETTERS)
    + "|"
    + _FULL.format(name="judged", what=f"{JUDGED}|是|否")
    + rf"|(?<!_)_+\s*(?P<lined>{LETTERS}|√|×)\s*_+"
)
_EDGE_JUDGED = re.compile(r"^\s*(?P<head>√|×)\s*(?=\S)|(?<=[。.!?\s)])(?P<tail>√|×)\s*$")
_END_JUDGED = re.compile(rf"(?<=[。.!?])\s*(?P<word>{JUDGED})\s*[。.]?\s*$")
_EMPTY = re.compile(r"[(\[]\s*[)\]]|_{2,}")
ENDS = "。.?？!！:：;；,， \n"


def without_answer(stem: str, letters: list[str]) -> tuple[str, list[str]]:
    """Return the stem without the answers in its brackets, and those answers."""
    found: list[str] = []
    pieces, at = [], 0
    for match in _BRACKET.finditer(shadow(stem)):
        answer = match["letters"] or match["judged"] or match["lined"]
        if not _can_answer(match, stem, answer, letters):
            continue
        found.append(answer)
        before, left = stem[at : match.start()], _left(match, stem)
        pieces += [before if left else before.rstrip(), left]
        at = match.end()
    if not found and not letters:
        return _edge_judgement(stem)
    return "".join([*pieces, stem[at:]]), list(dict.fromkeys(found))


def _can_answer(match: re.Match[str], stem: str, answer: str, letters: list[str]) -> bool:
    if match["judged"] or answer in "√×":
        at_edge = not stem[: match.start()].strip() or not stem[match.end() :].strip(ENDS)
        return not letters and (at_edge or answer in "√×")
    given = {letter for letter in answer.upper() if letter.isalpha()}
    if letters and _EMPTY.search(shadow(stem), match.end()):
        return False  # “（A）级景区由（ ）规定”: the place of the answer is below
    if letters:
        return given <= set(letters) or (len(given) == 1 and answer.isupper())
    at_end = not stem[match.end() :].strip(ENDS)
    return at_end and (max(given) <= "H" or answer in "TF")


def _left(match: re.Match[str], stem: str) -> str:
    """Return what stays where an answer was: an empty bracket; nothing at an end of a statement."""
    written = match.group()
    at_edge = not stem[: match.start()].strip() or not stem[match.end() :].strip(ENDS)
    if at_edge and (match["judged"] or shadow(written[1:-1]).strip() in ("T", "F")):
        return ""
    if written.startswith("_"):
        return "____"
    return f"{stem[match.start()]} {stem[match.end() - 1]}"


def judged_at_end(stem: str) -> tuple[str, str]:
    """Return a statement without the word of judgement behind its full stop, and that word."""
    match = _END_JUDGED.search(shadow(stem))
    return (stem[: match.start()], match["word"]) if match else (stem, "")


def _edge_judgement(stem: str) -> tuple[str, list[str]]:
    match = _EDGE_JUDGED.search(shadow(stem))
    if match is None:
        return stem, []
    return (stem[: match.start()] + stem[match.end() :]).strip(), [match["head"] or match["tail"]]
