"""An answer as it is written behind its label: what it says, and the reason behind it."""

import re
from collections.abc import Sequence

from quizapp.domain.answer_notation import read_letters
from quizapp.formats.questions.notation_marks import JUDGED, shadow

_REASON = re.compile(
    rf"^(?P<answer>[A-Z](?:[\s、,;|/]*[A-Z])*|{JUDGED})(?![\s、,;:|/.]*[A-Z](?![A-Za-z]))"
    r"\s*(?:[。.;,:]\s*|\s+|(?=[(《]))(?P<reason>\S.*)$",
    re.DOTALL,
)
_LETTERS = re.compile(r"[\s、,;]*[A-Z](?:[\s、,;]*[A-Z])*[\s。.]*")


def has_reason(text: str) -> bool:
    """Say whether a reason stands behind the answer, “B。根据第三条”."""
    return _REASON.match(text) is not None


def without_reason(given: str, options: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Return the answer and the reason written behind it; the words of an option are no reason.

    A letter with the words of another option stays as it is written, which is no answer.
    """
    texts = [text for _, text in options]
    match = _REASON.match(shadow(given)) if given not in texts else None
    if match is None:
        return given, ""
    reason = given[match.start("reason") :].strip()
    meant = {letter for letter, text in options if text == reason.strip("（()）。；; ")}
    if meant and meant != set(re.findall("[A-Z]", shadow(match["answer"]))):
        return given, ""
    return given[: match.end("answer")], "" if meant else reason


def goes_on_with(answer: str, text: str) -> bool:
    """Say whether a line holds the rest of the letters that an answer began: “A、” above “C”."""
    return bool(plain_form(answer) and _LETTERS.fullmatch(shadow(text)))


def said_by(text: str, options: Sequence[tuple[str, str]]) -> str:
    """Return in one form what an answer says, also in the words of options; empty for neither."""
    return plain_form(text) or "".join(read_letters(tuple(options), text).letters)


def plain_form(text: str) -> str:
    """Return an answer of letters or a judgement in one form; empty for anything longer."""
    line = shadow(text).strip("。. ()[]")
    reason = _REASON.match(line)
    line = reason["answer"] if reason else line
    letters = "".join(sorted(set(re.sub(r"[\s、,;|/]", "", line))))
    if letters.isascii() and letters.isalpha() and (letters.isupper() or max(letters) <= "h"):
        return "".join(sorted(set(letters.upper())))
    return {"对": "√", "正确": "√", "√": "√", "错": "×", "错误": "×", "×": "×"}.get(line, "")
