"""组卷: whether a blueprint can be met, and drawing a paper that meets it exactly.

Cells may overlap (one names a law, another a difficulty), so taking questions cell by cell could
starve a later cell although a paper exists. Slots and questions are therefore matched: a slot that
finds only taken questions asks their holders to take another one (Kuhn's augmenting paths), in
random order. Where cells do not overlap each takes a systematic sample of its questions: all have
the same chance, and every law gets its share of the cell, rounded up or down.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quizapp.domain.bank import Question
from quizapp.domain.errors import Conflict
from quizapp.domain.exams import Blueprint, Cell, PoolItem
from quizapp.domain.ids import VersionId
from quizapp.domain.question_types.all import QUESTION_TYPES

TYPE_ORDER = ("single", "multiple", "indefinite", "judge", "blank", "ordering", "case")
LOCKED_LAST = ("以上", "上述")
"""An option that speaks of the ones above it must stay below them."""


class PoolTooSmall(Conflict):
    """The bank cannot fill the blueprint. `cells` names the short ones (1-based)."""

    code = "pool_too_small"


@dataclass(frozen=True, slots=True)
class OptionFacts:
    """What assembly must know of a question: type, number of options, which of them stay last.

    A judgement has no options. A case has `parts`, each with facts of its own.
    """

    type: str
    options: int
    locked: tuple[int, ...] = ()
    parts: tuple["OptionFacts", ...] = ()


Facts = Mapping[VersionId, OptionFacts]


def facts_of(question: Question) -> OptionFacts:
    """Return what assembly must know of `question`."""
    return OptionFacts(
        question.type,
        QUESTION_TYPES.get(question.type).shown_count(question),
        locked_options(question.options) if question.type != "blank" else (),
        tuple(facts_of(part) for part in question.parts),
    )


@dataclass(frozen=True, slots=True)
class PaperItem:
    """One item of a drawn paper. `order`: stored options as shown; empty for a judgement."""

    version_id: VersionId
    type: str
    points_cp: int
    order: tuple[int, ...]
    part: int | None = None
    case_no: int | None = None


@dataclass(frozen=True, slots=True)
class CellSlack:
    """How a cell stands: questions that fit, and how many more than needed could be given to it."""

    cell: Cell
    available: int
    slack: int


class Draw:
    """A matching of slots (cell, repeated `count` times) to questions of a pool."""

    def __init__(self, blueprint: Blueprint, pool: Sequence[PoolItem]) -> None:
        self.pool = pool
        self.counts = [cell.count for cell in blueprint.cells]
        self.slots = [no for no, cell in enumerate(blueprint.cells) for _ in range(cell.count)]
        self.fits = [
            [i for i, item in enumerate(pool) if cell.takes(item)] for cell in blueprint.cells
        ]
        self.holder: dict[int, int] = {}  # question → slot

    def fill(self, chance: random.Random | None = None) -> list[int]:
        """Give every slot a question where possible; return the cells of the slots left empty."""
        orders = self._orders(chance)
        taken_from = [0] * len(orders)
        short = []
        for slot, cell in enumerate(self.slots):
            if not self._take_free(slot, orders[cell], taken_from, cell) and not self._augment(
                slot, orders, set()
            ):
                short.append(cell)
        return short

    def _orders(self, chance: random.Random | None) -> list[list[int]]:
        if chance is None:
            return self.fits
        return [
            spread(fits, self.pool, count, chance)
            for fits, count in zip(self.fits, self.counts, strict=True)
        ]

    def _take_free(self, slot: int, order: list[int], taken_from: list[int], cell: int) -> bool:
        """Take the next question of the order that nobody holds; each order is walked once."""
        while taken_from[cell] < len(order):
            question = order[taken_from[cell]]
            taken_from[cell] += 1
            if question not in self.holder:
                self.holder[question] = slot
                return True
        return False

    def _augment(self, slot: int, orders: list[list[int]], seen: set[int]) -> bool:
        for question in orders[self.slots[slot]]:
            if question in seen:
                continue
            seen.add(question)
            if question not in self.holder or self._augment(self.holder[question], orders, seen):
                self.holder[question] = slot
                return True
        return False


def spread(
    fits: Sequence[int], pool: Sequence[PoolItem], count: int, chance: random.Random
) -> list[int]:
    """Return all questions of `fits` in the order to take them: first `count` that mirror its laws.

    They are every n-th of the questions laid out law by law, at random within each, from a random
    start; so each question has the same chance. The others follow at random.
    """
    by_law: dict[str, list[int]] = {}
    for question in chance.sample(fits, len(fits)):
        by_law.setdefault(pool[question].law, []).append(question)
    line = [question for group in by_law.values() for question in group]
    if count >= len(line):
        return line
    start = chance.randrange(len(line))
    taken = {(start + no * len(line)) // count for no in range(count)}
    first = [line[place] for place in sorted(taken)]
    rest = [question for place, question in enumerate(line) if place not in taken]
    return chance.sample(first, len(first)) + chance.sample(rest, len(rest))


def feasibility(blueprint: Blueprint, pool: Sequence[PoolItem]) -> list[CellSlack]:
    """Return for each cell what fits it and its slack, with all other cells filled.

    A negative slack is the number of questions that are missing.
    """
    draw = Draw(blueprint, pool)
    short = draw.fill()
    free = [i for i in range(len(pool)) if i not in draw.holder]
    return [
        CellSlack(
            cell,
            available=len(draw.fits[no]),
            slack=-short.count(no) if no in short else sum(1 for i in free if cell.takes(pool[i])),
        )
        for no, cell in enumerate(blueprint.cells)
    ]


def is_satisfiable(blueprint: Blueprint, pool: Sequence[PoolItem]) -> bool:
    """Say whether a paper that meets the blueprint can be drawn."""
    return not Draw(blueprint, pool).fill()


def assemble(
    blueprint: Blueprint,
    pool: Sequence[PoolItem],
    facts: Facts,
    *,
    seed: str,
) -> tuple[PaperItem, ...]:
    """Return a paper that meets the blueprint exactly; the same arguments give the same paper.

    Items stand by type, at random within a type; options are shuffled, those that speak of “the
    above” stay last; the parts of a case stay together in their order. Store the result: it is
    never derived again. Raises PoolTooSmall.
    """
    chance = random.Random(seed)  # noqa: S311 — the seed is secret, the draw need not be
    draw = Draw(blueprint, pool)
    short = draw.fill(chance)
    if short:
        raise PoolTooSmall(cells=sorted({no + 1 for no in short}))
    drawn = [(blueprint.cells[draw.slots[slot]], pool[i]) for i, slot in draw.holder.items()]
    drawn.sort(key=lambda pair: pair[1].version_id)
    chance.shuffle(drawn)
    drawn.sort(key=lambda pair: TYPE_ORDER.index(pair[1].type))
    items: list[PaperItem] = []
    case_no = 0
    for cell, question in drawn:
        known = facts[question.version_id]
        if known.parts:
            case_no += 1
            items += [
                PaperItem(
                    question.version_id,
                    part.type,
                    cell.points_cp,
                    shown_order(part, chance),
                    part=no,
                    case_no=case_no,
                )
                for no, part in enumerate(known.parts)
            ]
        else:
            items.append(
                PaperItem(
                    question.version_id, known.type, cell.points_cp, shown_order(known, chance)
                )
            )
    return tuple(items)


def shown_order(facts: OptionFacts, chance: random.Random) -> tuple[int, ...]:
    """Return the stored options in the order to show: shuffled, the locked ones last."""
    free = [no for no in range(facts.options) if no not in facts.locked]
    chance.shuffle(free)
    return (*free, *facts.locked)


def locked_options(options: Sequence[str]) -> tuple[int, ...]:
    """Return the options that speak of the others (“以上…”) and must stay last."""
    return tuple(no for no, text in enumerate(options) if text.startswith(LOCKED_LAST))
