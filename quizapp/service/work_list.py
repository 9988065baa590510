"""法规变动清单 as a file."""

from datetime import datetime

from quizapp.domain.people import Viewer
from quizapp.domain.staleness import EFFECTS, OUTCOMES
from quizapp.domain.statutes import cite_in_chinese
from quizapp.formats import tabular
from quizapp.service.desk import reach_in
from quizapp.store import amendments, journal, stale
from quizapp.store.db import transaction

HEADER = ("编号", "题干", "影响", "原依据", "新位置", "处理结果", "备注", "处理时间")


def export(viewer: Viewer, amendment_id: int, kind: str, *, now: datetime) -> bytes:
    """Return the whole work list as a file. Raises Invalid("unknown_table_format"), NotFound."""
    with transaction() as tx:
        amendment = amendments.get_amendment(tx, amendment_id)
        items = stale.list_items(tx, amendment_id, reach=reach_in(tx, viewer))
        facts = {"kind": kind, "questions": len(items)}
        journal.add_entry(
            tx,
            "worklist.exported",
            f"amendment:{amendment.id}",
            facts,
            actor_id=viewer.officer_id,
            now=now,
        )
    rows = [
        [
            item.version.code,
            item.version.question.stem,
            EFFECTS[item.effect].zh,
            "；".join(cite_in_chinese(each.citation) for each in item.touches),
            "；".join(cite_in_chinese(each.now_at) for each in item.touches if each.now_at),
            OUTCOMES[item.outcome].zh,
            item.note,
            item.closed_at,
        ]
        for item in items
    ]
    return tabular.write(kind, "法规变动清单", HEADER, rows)
