"""YAML read strictly and with line numbers: every fault is a finding, never an exception."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from quizapp.domain.bank_findings import Finding

INT = "tag:yaml.org,2002:int"
BOOL = "tag:yaml.org,2002:bool"
NULL = "tag:yaml.org,2002:null"


@dataclass(slots=True)
class Notes:
    """The findings of one file, in the order in which they were met."""

    file: str
    found: list[Finding] = field(default_factory=list)

    def add(self, line: int, code: str, check: str, **facts: Any) -> None:
        """Note a finding at a line (1-based)."""
        self.found.append(Finding(self.file, line, code, check, facts))


def read_yaml(file: str, content: bytes) -> tuple[yaml.Node | None, Notes]:
    """Return the root of the document and the notes to write on; None with a note if unreadable."""
    notes = Notes(file)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        notes.add(content[: error.start].count(b"\n") + 1, "", "not_utf8")
        return None, notes
    try:
        return yaml.compose(text, Loader=yaml.CSafeLoader), notes
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        notes.add(mark.line + 1 if mark else 1, "", "yaml_syntax", problem=error.problem or "")
    except (yaml.YAMLError, RecursionError) as error:
        notes.add(1, "", "yaml_syntax", problem=str(error).splitlines()[0])
    return None, notes


class Block:
    """A mapping in a file. Asking for a field notes what is missing or wrong and gives a blank."""

    def __init__(self, node: yaml.Node | None, name: str, notes: Notes, code: str = "") -> None:
        self.notes = notes
        self.code = code
        self.line = node.start_mark.line + 1 if node else 1
        self.fields: dict[str, yaml.Node] = {}
        if not isinstance(node, yaml.MappingNode):
            self.note("not_a_mapping", name=name)
            return
        for key, value in node.value:
            label = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            if label in self.fields:
                notes.add(key.start_mark.line + 1, code, "field_twice", name=label)
            elif value.tag != NULL:
                self.fields[label] = value

    def note(self, check: str, at: yaml.Node | None = None, **facts: Any) -> None:
        """Note a finding at the line of `at`, else of the block."""
        self.notes.add(at.start_mark.line + 1 if at else self.line, self.code, check, **facts)

    def only(self, *names: str) -> None:
        """Note every field that is none of `names`."""
        for name, node in self.fields.items():
            if name not in names:
                self.note("field_unknown", node, name=name)

    def has(self, name: str) -> bool:
        """Say whether the field is there and not empty."""
        return name in self.fields

    def text(self, name: str, *, needed: bool = True) -> str:
        """Return a scalar exactly as written, without outer space."""
        node = self._get(name, needed=needed)
        if node is None:
            return ""
        if not isinstance(node, yaml.ScalarNode):
            self.note("not_text", node, name=name)
            return ""
        return str(node.value).strip()

    def number(self, name: str, *, needed: bool = True) -> int:
        """Return a positive whole number; 0 where there is none."""
        text = self.text(name, needed=needed)
        if not text:
            return 0
        if self.fields[name].tag == INT and text.isascii() and text.isdigit() and int(text) > 0:
            return int(text)
        self.note("not_a_number", self.fields[name], name=name, value=text)
        return 0

    def day(self, name: str, *, needed: bool = True) -> date | None:
        """Return a calendar day; None where there is none."""
        text = self.text(name, needed=needed)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.note("not_a_day", self.fields[name], name=name, value=text)
            return None

    def truth(self, name: str) -> bool:
        """Return true or false; a field that is not there is false."""
        text = self.text(name, needed=False)
        if text in ("", "true", "false"):
            return text == "true"
        self.note("not_true_or_false", self.fields[name], name=name, value=text)
        return False

    def texts(self, name: str, *, needed: bool = True) -> list[str]:
        """Return a list of scalars as written."""
        return [
            str(node.value).strip()
            for node in self._nodes(name, needed=needed)
            if self._is_text(node, name)
        ]

    def blocks(self, name: str, *, needed: bool = True) -> Iterator["Block"]:
        """Yield the mappings of a list."""
        for node in self._nodes(name, needed=needed):
            yield Block(node, name, self.notes, self.code)

    def block(self, name: str) -> "Block | None":
        """Return a mapping inside this one; None where there is none."""
        node = self._get(name, needed=False)
        return Block(node, name, self.notes, self.code) if node else None

    def _is_text(self, node: yaml.Node, name: str) -> bool:
        if isinstance(node, yaml.ScalarNode):
            return True
        self.note("not_text", node, name=name)
        return False

    def _get(self, name: str, *, needed: bool) -> yaml.Node | None:
        node = self.fields.get(name)
        if node is None and needed:
            self.note("field_missing", name=name)
        return node

    def _nodes(self, name: str, *, needed: bool) -> list[yaml.Node]:
        node = self._get(name, needed=needed)
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.note("not_a_list", node, name=name)
            return []
        return list(node.value)
