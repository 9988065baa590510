"""Question versions for papers: read in one statement, then remembered; a version never changes."""

from collections.abc import Iterable

from quizapp.domain.bank import Question
from quizapp.store import bank
from quizapp.store.db import Tx
from quizapp.store.memory import Memory

VERSIONS_KEPT = 20_000
_VERSIONS: Memory[int, Question] = Memory(VERSIONS_KEPT)


def load_questions(tx: Tx, version_ids: Iterable[int]) -> dict[int, Question]:
    """Return the questions of these versions; at most one statement, none when all are known."""
    wanted = set(version_ids)
    found = {known: question for known in wanted if (question := _VERSIONS.find(known))}
    missing = wanted - found.keys()
    if missing:
        for version_id, version in bank.get_versions(tx, missing).items():
            _VERSIONS.put(version_id, version.question)
            found[version_id] = version.question
    return found
