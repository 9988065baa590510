"""An answer as it is written behind its label: what it says, and the reason behind it."""

import re
from collections.abc import Sequence

from quizapp.formats.questions.notation_marks import JUDGED, shadow

_REASON = re.compile(
    rf"^(?P<answer>[A-Z](?:[\s、,;|/]*[A-Z])*|{JUDGED})(?![\s、,;|/.]*[A-Z](?![A-Za-z]))"
    r"\s*(?:[。.;,:]\s*|\s+|(?=[(《]))(?P<reason>\S.*)$",
    re.DOTALL,
)


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
    if meant and meant.isdisjoint(shadow(match["answer"])):
        return given, ""
    return given[: match.end("answer")], "" if meant else reason


def plain_form(text: str) -> str:
    """Return an answer of letters or a judgement in one form; empty for anything longer."""
    line = shadow(text).strip("。. ")
    reason = _REASON.match(line)
    line = reason["answer"] if reason else line
    letters = "".join(sorted(set(re.sub(r"[\s、,;|/]", "", line))))
    if letters.isascii() and letters.isalpha() and letters.isupper():
        return letters
    return {"对": "√", "正确": "√", "√": "√", "错": "×", "错误": "×", "×": "×"}.get(line, "")
