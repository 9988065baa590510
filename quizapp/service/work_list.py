"""法规变动清单 as a file."""

from datetime import datetime

from quizapp.domain.people import Viewer
from quizapp.domain.staleness import EFFECTS, OUTCOMES
from quizapp.domain.statutes import cite_in_chinese
from quizapp.service.board_files import write_file
from quizapp.service.desk import reach_in
from quizapp.store import amendments, journal, stale
from quizapp.store.db import reading, transaction

HEADER = ("编号", "题干", "影响", "原依据", "新位置", "处理结果", "备注", "处理时间")


def export(viewer: Viewer, amendment_id: int, kind: str, *, now: datetime) -> bytes:
    """Return the whole work list as a file. Raises Invalid("unknown_table_format"), NotFound."""
    with reading() as tx:
        amendments.get_amendment(tx, amendment_id)
        items = stale.list_items(tx, amendment_id, reach=reach_in(tx, viewer))
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
    content = write_file(kind, "法规变动清单", HEADER, rows)
    with transaction() as tx:
        facts = {"kind": kind, "questions": len(items)}
        journal.add_entry(
            tx,
            "worklist.exported",
            f"amendment:{amendment_id}",
            facts,
            actor_id=viewer.officer_id,
            now=now,
        )
    return content
