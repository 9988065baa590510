"""The lines of a key: where they begin, what belongs to them, and where they end."""

from dataclasses import replace
from itertools import pairwise, starmap

from quizapp.formats.questions.notation_keys import (
    KeyEntry,
    key_line,
    key_table,
    key_with_reason,
    wrapped_key,
)
from quizapp.formats.questions.notation_labels import labels_in, values_of
from quizapp.formats.questions.notation_marks import (
    KEY_HEADING,
    KEY_TITLE,
    number_of,
    section_of,
    shadow,
)
from quizapp.formats.questions.notation_options import begins_option
from quizapp.formats.questions.notation_reading import (
    Reading,
    check_written,
    close,
    looks_like_question,
)


def in_key(reading: Reading, at: int) -> bool:
    """Take the line if it belongs to a key; a line that cannot be one ends the key."""
    line = reading.lines[at]
    if at and reading.in_key and key_table(reading.lines[at - 1].text, line.text):
        return True  # taken with the numbers above it
    below = reading.lines[at + 1].text if at + 1 < len(reading.lines) else ""
    found = _key_of(line.text, below)
    if found is not None and (found[2] or reading.in_key):
        close(reading)
        reading.key_label = found[0] or (reading.key_label if reading.in_key else "")
        reading.in_key = True
        reading.keys += [_placed(entry, reading.key_label, line.no) for entry in found[1]]
        check_written(len(reading.keys))
        return True
    if not reading.in_key:
        return _key_begins(reading, at)
    return _key_goes_on(reading, at)


def _key_of(text: str, below: str = "") -> tuple[str, list[KeyEntry], bool] | None:
    """Return a line of the key, also behind 参考答案：, or with its answers in the line below."""
    if table := key_table(text, below):
        return "", table, True
    labels = labels_in(text)
    if labels and labels[0].start == 0 and labels[0].field == "answer" and not labels[0].value:
        found = key_line(text[labels[0].end :])
        return (found[0], found[1], True) if found else None
    return key_line(text)


def _placed(entry: KeyEntry, label: str, no: int) -> KeyEntry:
    return replace(entry, label=label, no=no)


def _key_begins(reading: Reading, at: int) -> bool:
    """Say whether the line is the heading of a key: 参考答案 above lines of a key."""
    text = shadow(reading.lines[at].text)
    if "答" not in text and not text.startswith(("a", "A")):
        return False
    follows = [line.text for line in reading.lines[at + 1 : at + 3]]
    if not KEY_HEADING.match(text) and not _is_title(text, follows):
        return False
    waiting = reading.open is not None and not reading.open.is_answered
    if waiting and not _tells_key(reading, at):
        return False
    close(reading)
    reading.in_key = True
    reading.key_label = ""
    reading.skipped.append((reading.lines[at], "答案标题"))
    return True


def _is_title(text: str, follows: list[str]) -> bool:
    """Say whether a line of any words that ends in 答案 stands right above a key."""
    if not KEY_TITLE.match(text) or begins_option(text) or number_of(text) is not None:
        return False
    found = _key_of(follows[0]) if follows else None
    return found is not None and found[2]


def _tells_key(reading: Reading, at: int) -> bool:
    """Say whether lines of a key stand below the line, or below a heading there."""
    below = [line.text for line in reading.lines[at + 1 : at + 4]]
    follows = [text for text in below if not KEY_HEADING.match(shadow(text))]
    return any(map(_is_of_key, follows[:2])) or any(starmap(key_table, pairwise(follows)))


def _is_of_key(text: str) -> bool:
    return _key_of(text) is not None or key_with_reason(text) is not None


def _key_goes_on(reading: Reading, at: int) -> bool:
    """Take a heading, a reasoned answer or a reason of the key; leave the key for anything else."""
    line = reading.lines[at]
    section = section_of(line.text)
    if section and _tells_key(reading, at):
        reading.key_label = line.text
        reading.skipped.append((line, "分节标题"))
        return True
    entry = key_with_reason(line.text)
    if entry is not None:
        reading.keys.append(_placed(entry, reading.key_label, line.no))
        return True
    if not section and (_adds_to_last(reading, line.text) or _wraps(reading, at)):
        return True
    if section or number_of(line.text) is not None or looks_like_question(reading, at):
        reading.in_key = False
        return False
    reading.skipped.append((line, ""))
    return True


def _wraps(reading: Reading, at: int) -> bool:
    """Take a line that begins with letters of the entry above: which ones that has is not told."""
    last = reading.keys[-1] if reading.keys else None
    if last is None or last.no != reading.lines[at - 1].no:
        return False
    entries = wrapped_key(reading.lines[at].text)
    if entries is None:
        return False
    reading.keys[-1] = replace(last, answer="", explanation="")
    reading.keys += [_placed(one, last.label, reading.lines[at].no) for one in entries]
    return True


def _adds_to_last(reading: Reading, text: str) -> bool:
    """Add a reason below an answer of the key to it."""
    labels = labels_in(text, answered=True)
    last = reading.keys[-1] if reading.keys else None
    if last is None or number_of(text) or not (labels or last.explanation):
        return False
    if labels and labels[0].field not in ("explanation", "source"):
        return False
    if labels and labels[0].field == "source":
        sources = [last.source, *(value for _, value in values_of(text, labels))]
        source = "\n".join(filter(None, sources))
        reading.keys[-1] = replace(last, source=source)
        return True
    words = [value for _, value in values_of(text, labels)] if labels else [text]
    reason = "\n".join(filter(None, [last.explanation, *words]))
    reading.keys[-1] = replace(last, explanation=reason)
    return True
