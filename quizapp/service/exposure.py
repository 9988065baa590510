"""Whether the bank is large enough that nobody can learn the papers by heart."""

from datetime import date

from quizapp.domain.assembly import facts_of, is_satisfiable
from quizapp.domain.exams import PRESETS
from quizapp.domain.exposure import Exposure, measure_exposure
from quizapp.store import bank
from quizapp.store.db import reading


def report_exposure(*, papers: int, on: date) -> list[tuple[str, Exposure | None]]:
    """Return for each preset what that many papers of the day `on` show.

    None where the bank is too small.
    """
    with reading() as tx:
        pool = bank.list_pool(tx, on=on)
        versions = bank.get_versions(tx, [item.version_id for item in pool])
    facts = {item.version_id: facts_of(versions[item.version_id].question) for item in pool}
    return [
        (
            preset.key,
            measure_exposure(preset.blueprint, pool, facts, papers=papers, seed=preset.key)
            if is_satisfiable(preset.blueprint, pool)
            else None,
        )
        for preset in PRESETS
    ]
