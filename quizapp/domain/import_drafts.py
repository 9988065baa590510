"""From a sound question of a file to one of the bank, before anybody has looked at it."""

import re
from functools import lru_cache

from quizapp.domain.bank import Key, Question
from quizapp.domain.errors import Invalid
from quizapp.domain.imports import ImportedQuestion
from quizapp.domain.statutes import Citation, parse_citations

_TOPIC_ENDS = re.compile(r"[、，,;；/\n]")


def draft_of(imported: ImportedQuestion) -> Question:
    """Return the question as the bank holds it; unknown difficulty counts as 1.

    Topics are the parts of the category. Citations keep their version only where the file names
    it. A source that cites no article stays readable as the last line of the explanation.
    """
    if imported.exact is not None:
        return imported.exact
    citations = _citations(imported.source)
    explanation = imported.explanation
    if imported.source and not citations:
        explanation = "\n".join(filter(None, [explanation, f"出处：{imported.source}"]))
    is_judge = imported.type == "judge"
    return Question(
        type=imported.type,
        stem=imported.stem,
        options=() if is_judge else tuple(text for _, text in imported.options),
        key=_key(imported),
        explanation=explanation,
        citations=citations,
        difficulty=imported.difficulty or 1,
        trap=imported.trap,
        topics=tuple(
            dict.fromkeys(
                topic.strip() for topic in _TOPIC_ENDS.split(imported.category) if topic.strip()
            )
        ),
    )


def _key(imported: ImportedQuestion) -> Key:
    if isinstance(imported.answer, bool):
        return imported.answer
    letters = [letter for letter, _ in imported.options]
    return tuple(sorted(letters.index(letter) for letter in imported.answer))


@lru_cache(1024)
def _citations(source: str) -> tuple[Citation, ...]:
    """Return the citations of a source; none where a number in it cannot be read."""
    try:
        return tuple(parse_citations(source))
    except Invalid:
        return ()
