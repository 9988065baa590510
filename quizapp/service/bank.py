"""The question bank: read and check its files, load them, show what is stored."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from quizapp.domain.bank import Entry, content_hash, with_kinds_of_law
from quizapp.domain.bank_balance import check_balance
from quizapp.domain.bank_checks import check_entries
from quizapp.domain.bank_entries import Bank
from quizapp.domain.bank_findings import Finding
from quizapp.domain.bank_waivers import unwaived
from quizapp.domain.clock import civil_date
from quizapp.domain.errors import Conflict, Invalid
from quizapp.formats.bank_yaml import (
    read_laws,
    read_plan,
    read_questions,
    read_topics,
    read_waivers,
)
from quizapp.service.touched import follow
from quizapp.store import bank_load, journal
from quizapp.store.bank_load import Stored
from quizapp.store.db import Tx, transaction

FOLDER = Path(__file__).resolve().parents[2] / "question_bank"
"""The bank that comes with the product."""
LAWS, TOPICS, PLAN, WAIVERS = "laws.yaml", "topics.yaml", "blueprint.yaml", "waivers.yaml"
FILE = "file"
"""Where the questions come from that these files rule."""
BESIDE = (LAWS, TOPICS, PLAN, WAIVERS)
"""The files of a bank that hold no questions; the first two must be there."""


class BankFaulty(Invalid):
    """The files have faults; nothing was loaded. `findings` in file order."""

    code = "bank_faulty"

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(count=len(findings))
        self.findings = findings


class BankEmpty(Conflict):
    """The folder holds no question: loading it would retire the whole bank."""

    code = "bank_empty"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load changed, in questions."""

    new: int
    changed: int
    unchanged: int
    retired: int
    in_review: int


def read_folder(folder: Path) -> tuple[Bank, list[Finding]]:
    """Return the bank that the YAML files of `folder` hold, and every fault of form."""
    findings: list[Finding] = []
    beside = {name: _content(folder / name, findings) for name in BESIDE}
    laws, law_faults = read_laws(LAWS, beside[LAWS])
    topics, topic_faults = read_topics(TOPICS, beside[TOPICS])
    plan, plan_faults = read_plan(PLAN, beside[PLAN])
    waivers, waiver_faults = read_waivers(WAIVERS, beside[WAIVERS])
    findings += law_faults + topic_faults + plan_faults + waiver_faults
    entries: list[Entry] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name not in BESIDE:
            read, faults = read_questions(path.name, path.read_bytes())
            entries += read
            findings += faults
    by_item: set[tuple[str, date | None]] = {
        (law.short, law.version) for law in laws if law.by_item
    }
    marked = [
        replace(entry, question=with_kinds_of_law(entry.question, by_item)) for entry in entries
    ]
    return Bank(tuple(marked), tuple(laws), topics, tuple(plan), tuple(waivers)), findings


def _content(path: Path, findings: list[Finding]) -> bytes:
    if path.exists():
        return path.read_bytes()
    if path.name in (LAWS, TOPICS):
        findings.append(Finding(path.name, 0, "", "file_missing", {"name": path.name}))
    return b""


def check_folder(folder: Path, *, on: date | None = None) -> tuple[Bank, list[Finding]]:
    """Return the bank of a folder and all that is wrong with it and not waived.

    Laws must be in force on the days on which they were verified, and `on` that day where given.
    """
    read, faults = read_folder(folder)
    found = [*check_entries(read, on=on), *check_balance(read)]
    return read, faults + unwaived(read, found)


def load_folder(folder: Path, *, now: datetime) -> Loaded:
    """Bring the store to exactly the questions of the folder; repeating it changes nothing.

    A question whose content changed gets a new version, one that is not there any more is retired.
    What trainers wrote or changed at the desk is theirs: the files leave it alone.
    Raises BankFaulty, and loads nothing, if any file or question has a fault.
    """
    read, faults = read_folder(folder)
    found = unwaived(read, check_entries(read))
    faults += [each for each in found if each.file != WAIVERS]
    if faults:
        raise BankFaulty(faults)
    with transaction() as tx:
        loaded, codes, content = _load(tx, read, now)
        laws = bank_load.put_laws(tx, read.laws)
        follow(tx, codes, on=civil_date(now))
        if loaded.new or loaded.changed or loaded.retired or laws or content:
            facts = {"new": loaded.new, "changed": loaded.changed, "retired": loaded.retired}
            journal.add_entry(
                tx, "bank.loaded", "bank", facts | {"laws": laws}, actor_id=None, now=now
            )
    return loaded


def _load(tx: Tx, read: Bank, now: datetime) -> tuple[Loaded, list[str], bool]:
    """Bring the store to what was read.

    Also return the codes that are new or changed, and whether anything besides content changed.
    """
    stored = bank_load.list_stored(tx)
    if stored and not read.entries:
        raise BankEmpty
    new = [entry for entry in read.entries if entry.code not in stored]
    known = [
        (stored[entry.code], entry)
        for entry in read.entries
        if entry.code in stored and stored[entry.code].origin == FILE
    ]
    changed = [
        (old.id, old.version + 1, entry)
        for old, entry in known
        if old.content_hash != content_hash(entry)
    ]
    fresh = [*new, *(entry for _, _, entry in changed)]
    bank_load.add_questions(tx, new, now=now)
    bank_load.add_versions(tx, changed, now=now)
    same = [(old, entry) for old, entry in known if old.content_hash == content_hash(entry)]
    touched = [pair for pair in same if _differs(*pair)]
    for old, entry in touched:
        bank_load.put_circumstances(tx, old, entry, _next_state(old, entry))
    codes = {entry.code for entry in read.entries}
    gone = [
        old.id
        for code, old in stored.items()
        if code not in codes and old.state != "retired" and old.origin == FILE
    ]
    bank_load.close_questions(tx, gone)
    loaded = Loaded(
        new=len(new),
        changed=len(changed),
        unchanged=len(same),
        retired=len(gone),
        in_review=sum(1 for entry in read.entries if entry.state == "in_review"),
    )
    return loaded, [entry.code for entry in fresh], bool(touched)


def _next_state(old: Stored, entry: Entry) -> str:
    """Return the state by the files; what a person suspended stays so until its content changes."""
    return old.state if old.state == "suspended" else entry.state


def _differs(old: Stored, entry: Entry) -> bool:
    reviewer = entry.review.by if entry.review else ""
    return (old.state, old.scope, old.as_of, old.author, old.reviewer) != (
        _next_state(old, entry),
        entry.scope,
        entry.as_of,
        entry.author,
        reviewer,
    )
