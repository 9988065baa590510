"""The JSON of the exam client: strict in, exact out."""

import json
from typing import Any

from flask import Response, request
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from quizapp.domain.attempts import MAX_ENTRIES, AttemptClosed, Entry
from quizapp.domain.clock import iso_z
from quizapp.domain.papers import ExamCard, Receipt, Sheet, ShownItem
from quizapp.domain.reviewed import Result, ReviewedItem
from quizapp.domain.statutes import citation_to_plain
from quizapp.service.saving import Saved
from quizapp.web.pages import label

MAX_BODY = 64 * 1024
MAX_KEYS = 26
MAX_KEY = 200
MAX_AGE_MS = 7 * 86_400_000


# --- in --------------------------------------------------------------------------------------


def read_entries(*, may_be_missing: bool = False) -> list[Entry]:
    """Return the answers of the body, or refuse it with 400 or 413.

    What is read here is the form of JSON alone; whether an answer can be on the paper is a rule.
    """
    request.max_content_length = MAX_BODY
    if (request.content_length or 0) > MAX_BODY:
        raise RequestEntityTooLarge
    raw = request.get_data(cache=False)
    if may_be_missing and not raw.strip():
        return []
    if not request.is_json:
        raise BadRequest
    return parse_entries(raw, may_be_missing=may_be_missing)


def parse_entries(raw: bytes, *, may_be_missing: bool = False) -> list[Entry]:
    """Return the answers of a body. Raises BadRequest."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        raise BadRequest from None
    if not isinstance(body, dict):
        raise BadRequest
    answers = body.get("answers", [] if may_be_missing else None)
    least = 0 if may_be_missing else 1
    if not isinstance(answers, list) or not least <= len(answers) <= MAX_ENTRIES:
        raise BadRequest
    return [_entry(one) for one in answers]


def _entry(plain: Any) -> Entry:
    if not isinstance(plain, dict):
        raise BadRequest
    no, seq, age_ms = plain.get("no"), plain.get("seq"), plain.get("age_ms", 0)
    response, flagged = plain.get("response"), plain.get("flagged", False)
    if not (
        type(no) is int
        and type(seq) is int
        and type(age_ms) is int
        and type(flagged) is bool
        and isinstance(response, list)
        and len(response) <= MAX_KEYS
        and all(isinstance(key, str) and len(key) <= MAX_KEY for key in response)
    ):
        raise BadRequest
    return Entry(no, tuple(response), seq, flagged, min(max(age_ms, 0), MAX_AGE_MS))


# --- out -------------------------------------------------------------------------------------


def reply(body: Any, status: int = 200) -> Response:
    """Return compact JSON."""
    return Response(dump(body), status, mimetype="application/json")


def dump(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def saved(done: Saved) -> dict[str, Any]:
    return {
        "saved": [{"no": no, "seq": seq} for no, seq in done.saved],
        "remaining_s": done.remaining_s,
        "revision": done.revision,
        "state": done.state,
    }


def card(exam: ExamCard) -> dict[str, Any]:
    return {
        "id": exam.id,
        "title": exam.title,
        "opens_at": iso_z(exam.opens_at),
        "closes_at": iso_z(exam.closes_at),
        "duration_s": exam.duration_s,
        "questions": exam.questions,
        "attempts_allowed": exam.attempts_allowed,
        "attempts_used": exam.attempts_used,
        "attempt_id": exam.attempt_id,
        "state": exam.state,
    }


def paper(sheet: Sheet) -> dict[str, Any]:
    return {
        "attempt_id": sheet.attempt_id,
        "exam": {"id": sheet.exam.id, "title": sheet.exam.title},
        "state": sheet.state,
        "server_time": iso_z(sheet.server_time),
        "remaining_s": sheet.remaining_s,
        "revision": sheet.revision,
        "scoring": sheet.scoring,
        "items": [item(one) for one in sheet.items],
    }


def closed_paper(attempt_id: int, closed: AttemptClosed) -> dict[str, Any]:
    return {"attempt_id": attempt_id, "state": "closed", "remaining_s": 0, "items": []} | {
        "submitted_at": closed.facts["submitted_at"]
    }


def item(shown: ShownItem) -> dict[str, Any]:
    plain = {
        "no": shown.no,
        "type": shown.type,
        "stem": shown.stem,
        "options": [{"key": option.key, "text": label(option.text)} for option in shown.options],
        "points_cp": shown.points_cp,
        "response": list(shown.response),
        "seq": shown.seq,
        "flagged": shown.flagged,
    }
    if shown.picture_alt is not None:
        plain["picture_alt"] = shown.picture_alt
    if shown.case_no is not None:
        plain |= {"case_no": shown.case_no, "material": shown.material}
    return plain


def receipt(done: Receipt) -> dict[str, Any]:
    return {
        "receipt": done.receipt,
        "submitted_at": iso_z(done.submitted_at),
        "answered": done.answered,
        "score_cp": done.score_cp,
    }


def verified(done: Receipt | None) -> dict[str, Any]:
    if done is None:
        return {"valid": False}
    return {
        "valid": True,
        "receipt": done.receipt,
        "exam": done.exam.title,
        "submitted_at": iso_z(done.submitted_at),
        "answered": done.answered,
        "questions": done.total,
    }


def result(found: Result) -> dict[str, Any]:
    return {
        "attempt_id": found.attempt_id,
        "exam": {"id": found.exam.id, "title": found.exam.title},
        "receipt": found.receipt,
        "submitted_at": iso_z(found.submitted_at),
        "duration_s": found.duration_s,
        "answered": found.answered,
        "questions": found.total,
        "max_cp": found.max_cp,
        "score_cp": found.score_cp,
        "right": found.right_count,
        "grade": found.grade,
        "rank": found.rank,
        "per_type": [
            {
                "type": row.type,
                "questions": row.count,
                "right": row.right,
                "score_cp": row.score_cp,
                "max_cp": row.max_cp,
            }
            for row in found.per_type
        ],
        "items": [reviewed(one) for one in found.items],
    }


def reviewed(one: ReviewedItem) -> dict[str, Any]:
    plain = item(one.item) | {
        "key": list(one.key),
        "score_cp": one.score_cp,
        "explanation": one.explanation,
        "citations": [citation_to_plain(citation) for citation in one.citations],
    }
    if one.ruling is not None:
        plain["ruling"] = {
            "ruling": one.ruling.ruling,
            "reason": one.ruling.reason,
            "at": iso_z(one.ruling.at),
            "old_key": list(one.ruling.old_key),
            "accepted": [list(key) for key in one.ruling.accepted],
        }
    return plain
