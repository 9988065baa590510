"""The entries of a key find their questions."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from quizapp.domain.import_findings import Finding
from quizapp.formats.questions.notation_build import Open
from quizapp.formats.questions.notation_keys import KeyEntry
from quizapp.formats.questions.notation_marks import CN

_CLASSES = {"单": "single", "多": "multiple", "不": "indefinite", "判": "judge", "是": "judge",
            "对": "judge", "正": "judge", "填": "blank", "简": "short", "问": "short",
            "论": "short", "案": "case"}  # fmt: skip


def give_keys(
    questions: Sequence[Open], keys: Sequence[KeyEntry], place: Callable[[int], str]
) -> tuple[list[Finding], list[KeyEntry]]:
    """Give each entry of the key to its question; return findings for, and those that have none.

    A heading above the entries tells the section. Where numbers repeat, the first entry of a number
    belongs to its first question, and so on, if there are as many entries as questions, or that
    many several times over; otherwise to the question of the section right above the key. Nothing
    is guessed beyond that.
    """
    by_number: dict[tuple[str, int], list[KeyEntry]] = defaultdict(list)
    for entry in keys:
        by_number[entry.label, entry.number].append(entry)
    findings: list[Finding] = []
    orphans: list[KeyEntry] = []
    numbered: dict[int | None, list[Open]] = defaultdict(list)
    for one in questions:
        numbered[one.number].append(one)
    for (label, number), same in by_number.items():
        entries = _merged(same)
        fitting = [one for one in numbered[number] if _is_under(one, label)]
        for at, entry in enumerate(entries):
            tells_all = fitting and len(entries) % len(fitting) == 0
            above = None if tells_all else _right_above(fitting, questions, entry.no)
            question = fitting[at % len(fitting)] if tells_all else above
            if question is None:
                findings.append(_finding("answer_key_without_question", entry, place))
                orphans.append(entry)
            elif entry.answer or entry.explanation:
                question.keys.append(entry)
            else:
                findings.append(_finding("answer_unrecognised", entry, place))
    return sorted(findings, key=lambda one: one.no), orphans


def _finding(code: str, entry: KeyEntry, place: Callable[[int], str]) -> Finding:
    facts, detail = {"number": entry.number}, f"第 {entry.number} 题"
    return Finding(place(entry.no), code, facts, "answer", detail, no=entry.no)


def _merged(entries: list[KeyEntry]) -> list[KeyEntry]:
    """Return the entries of one number; a reason given apart joins the answer before it."""
    merged: list[KeyEntry] = []
    for entry in entries:
        last = merged[-1] if merged else None
        if last and not entry.answer and entry.explanation and not last.explanation:
            merged[-1] = replace(last, explanation=entry.explanation)
        else:
            merged.append(entry)
    return merged


def _right_above(fitting: Sequence[Open], questions: Sequence[Open], no: int) -> Open | None:
    """Return the last fitting question if the key follows directly on its section."""
    above = [one for one in questions if one.no < no]
    below = [one for one in questions if one.no > no]
    last = next((one for one in reversed(fitting) if one.no < no), None)
    if last is None or not below or above[-1].section_no != last.section_no:
        return None
    return last


def _is_under(question: Open, label: str) -> bool:
    if not label:
        return True
    numeral = _numeral(label)
    kind = _class(label)
    title = question.section.title
    if kind:
        same_kind = _class(question.section.type) == kind
        return same_kind and (not numeral or _numeral(title) in ("", numeral))
    return bool(numeral) and _numeral(title) == numeral


def _class(title: str) -> str:
    for sign in title.lstrip(CN + "第部分大题、.．:：,， （(【["):
        return _CLASSES.get(sign, "")
    return ""


def _numeral(title: str) -> str:
    plain = title.lstrip("第（( ")
    return plain[: len(plain) - len(plain.lstrip(CN))]
