"""The files of a question bank: questions by law, the laws, the topics, the plan, the waivers."""

from dataclasses import dataclass
from datetime import date

import yaml

from quizapp.domain.bank import LETTERS, Entry, Key, Question, Review
from quizapp.domain.bank_entries import Target, Waiver
from quizapp.domain.bank_findings import Finding
from quizapp.domain.statutes import Citation, Law
from quizapp.formats.yaml_text import BOOL, Block, Notes, read_yaml

NO_DAY = date.min
HEADER = ("law", "as_of", "scope", "author")
ASKED = (
    "type",
    "stem",
    "options",
    "key",
    "explanation",
    "citation",
    "difficulty",
    "topics",
    "trap",
)


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the questions of a file and holds for all of them."""

    law: str
    as_of: date
    scope: str
    author: str


def read_questions(file: str, content: bytes) -> tuple[list[Entry], list[Finding]]:
    """Return the questions of one file in its order, and every fault of form with its line."""
    root, notes = read_yaml(file, content)
    if root is None:
        return [], notes.found or [Finding(file, 1, "", "field_missing", {"name": "questions"})]
    block = Block(root, "file", notes)
    block.only(*HEADER, "questions")
    header = Header(
        law=block.text("law"),
        as_of=block.day("as_of") or NO_DAY,
        scope=block.text("scope"),
        author=block.text("author"),
    )
    return [_entry(each, header) for each in block.blocks("questions")], notes.found


def _entry(block: Block, header: Header) -> Entry:
    code = block.code = block.text("id")
    block.only("id", "sub_questions", "review", *ASKED)
    parts = list(block.blocks("sub_questions", needed=block.text("type") == "case"))
    for no, part in enumerate(parts, 1):
        part.code = f"{code}.{no}"
        part.only(*ASKED)
    question = _question(block, tuple(_question(part, ()) for part in parts))
    return Entry(
        code=code,
        question=question,
        file=block.notes.file,
        line=block.line,
        part_lines=tuple(part.line for part in parts),
        law=header.law,
        as_of=header.as_of,
        scope=header.scope,
        author=header.author,
        review=_review(block),
    )


def _question(block: Block, parts: tuple[Question, ...]) -> Question:
    is_case = block.text("type", needed=False) == "case"
    options = _options(block)
    return Question(
        type=block.text("type"),
        stem=block.text("stem"),
        options=options,
        key=() if is_case and not block.has("key") else _key(block),
        explanation=block.text("explanation", needed=not is_case),
        citations=tuple(_citation(each) for each in block.blocks("citation")),
        difficulty=block.number("difficulty"),
        topics=tuple(block.texts("topics", needed="." not in block.code)),
        trap=block.text("trap", needed=False),
        parts=parts,
    )


def _options(block: Block) -> tuple[str, ...]:
    lettered = block.block("options")
    if lettered is None:
        return ()
    letters = "".join(lettered.fields)
    if letters != LETTERS[: len(letters)]:
        lettered.note("option_letters", letters="、".join(lettered.fields))
    return tuple(lettered.text(letter) for letter in lettered.fields)


def _key(block: Block) -> Key:
    node = block.fields.get("key")
    if node is None:
        block.note("field_missing", name="key")
        return ()
    if node.tag == BOOL and node.value in ("true", "false"):
        return bool(node.value == "true")
    is_list = isinstance(node, yaml.SequenceNode)
    letters = block.texts("key") if is_list else [block.text("key")]
    for letter in letters:
        if len(letter) != 1 or letter not in LETTERS:
            block.note("key_letter", node, value=letter)
    return tuple(sorted(LETTERS.find(letter) for letter in letters))


def _citation(block: Block) -> Citation:
    block.only("law", "version", "article", "sub", "paragraph", "item")
    return Citation(
        law=block.text("law"),
        version=block.day("version"),
        article=block.number("article"),
        sub=block.number("sub", needed=False),
        paragraph=block.number("paragraph", needed=False) or None,
        item=block.number("item", needed=False) or None,
    )


def _review(block: Block) -> Review | None:
    inner = block.block("review")
    if inner is None:
        return None
    inner.only("outcome", "date", "by", "note")
    return Review(
        outcome=inner.text("outcome"),
        on=inner.day("date") or NO_DAY,
        by=inner.text("by"),
        note=inner.text("note", needed=False),
    )


def read_laws(file: str, content: bytes) -> tuple[list[Law], list[Finding]]:
    """Return the versions of laws that may be cited, and every fault of form."""
    root, notes = read_yaml(file, content)
    laws = []
    for block in _top_list(root, "laws", notes):
        block.code = block.text("short", needed=False)
        block.only("short", "full", "version", "effective_on", "repealed_on", "articles", "by_item")
        laws.append(
            Law(
                short=block.text("short"),
                full=block.text("full"),
                version=block.day("version") or NO_DAY,
                effective_on=block.day("effective_on") or NO_DAY,
                repealed_on=block.day("repealed_on", needed=False),
                articles=block.number("articles"),
                by_item=block.truth("by_item"),
            )
        )
    return laws, notes.found


def read_topics(file: str, content: bytes) -> tuple[dict[str, tuple[str, ...]], list[Finding]]:
    """Return the topics by group in their order, and every fault of form."""
    root, notes = read_yaml(file, content)
    if root is None:
        return {}, notes.found
    block = Block(root, "topics", notes)
    return {group: tuple(block.texts(group)) for group in block.fields}, notes.found


def read_plan(file: str, content: bytes) -> tuple[list[Target], list[Finding]]:
    """Return what the bank is planned to hold, and every fault of form."""
    root, notes = read_yaml(file, content)
    targets = []
    for block in _top_list(root, "plan", notes):
        block.only("laws", "counts")
        counts = block.block("counts")
        if counts is None:
            block.note("field_missing", name="counts")
            continue
        targets.append(
            Target(
                laws=tuple(block.texts("laws")),
                counts={name: counts.number(name) for name in counts.fields},
            )
        )
    return targets, notes.found


def read_waivers(file: str, content: bytes) -> tuple[list[Waiver], list[Finding]]:
    """Return the waived findings with their reasons, and every fault of form."""
    root, notes = read_yaml(file, content)
    waivers = []
    for block in _top_list(root, "waivers", notes):
        block.only("check", "reason", "ids")
        check, reason = block.text("check"), block.text("reason")
        waivers += [
            Waiver(code=code, check=check, reason=reason, file=file, line=block.line)
            for code in block.texts("ids")
        ]
    return waivers, notes.found


def _top_list(root: yaml.Node | None, name: str, notes: Notes) -> list[Block]:
    """Return the blocks of the one list a small file consists of."""
    if root is None:
        return []
    block = Block(root, "file", notes)
    block.only(name)
    return list(block.blocks(name, needed=False))
