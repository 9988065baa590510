"""Pictures in stems: kept encoded anew; officers see those of their own paper."""

from datetime import datetime
from hashlib import sha256

from quizapp.domain.errors import NotFound
from quizapp.domain.people import Viewer
from quizapp.domain.visibility import Relation, what_is_visible
from quizapp.formats.pictures import LARGEST, encode_anew
from quizapp.service.apart import run_apart
from quizapp.service.attempts import check_own
from quizapp.service.desk import reach_in
from quizapp.service.questions import load_questions
from quizapp.store import exams, journal, pictures, sittings
from quizapp.store.db import reading, transaction

MOST_BYTES = LARGEST


def keep(viewer: Viewer, content: bytes, *, now: datetime) -> int:
    """Keep a picture encoded anew; return its id. The same picture of one trainer is kept once.

    Raises FileRefused("picture_too_large" | "picture_unreadable").
    """
    mimetype, small = run_apart(encode_anew, content)
    digest = sha256(small).hexdigest()
    with transaction() as tx:
        picture_id = pictures.add_picture(
            tx, small, mimetype=mimetype, sha256=digest, created_by=viewer.officer_id, now=now
        )
        journal.add_entry(
            tx, "picture.kept", f"picture:{picture_id}", {"sha256": digest},
            actor_id=viewer.officer_id, now=now,
        )  # fmt: skip
    return picture_id


def get_picture(viewer: Viewer, picture_id: int) -> tuple[str, bytes]:
    """Return media type and content for a trainer who reads a version that shows the picture.

    One that no version shows yet is for whoever brought it. Raises NotFound("picture_not_found").
    """
    with reading() as tx:
        return pictures.get_read(tx, picture_id, reach_in(tx, viewer), viewer.officer_id)


def get_of_paper(viewer: Viewer, attempt_id: int, no: int, *, now: datetime) -> tuple[str, bytes]:
    """Return the picture of an item of the viewer's own paper: while it is sat, or once opened.

    Raises AttemptNotFound, NotYourAttempt, NotFound("picture_not_found").
    """
    with reading() as tx:
        sitting = sittings.get_sitting(tx, attempt_id)
        attempt = sitting.attempt
        check_own(viewer, attempt)
        exam = exams.get_exam(tx, attempt.exam_id)
        is_sat = attempt.closed_at is None
        if not is_sat and not what_is_visible(exam, Relation.SELF, now).answers:
            raise NotFound("picture_not_found")
        if not 1 <= no <= len(sitting.items):
            raise NotFound("picture_not_found")
        version_id = sitting.items[no - 1].version_id
        picture = load_questions(tx, [version_id])[version_id].picture
        if picture is None:
            raise NotFound("picture_not_found")
        return pictures.get_picture(tx, picture.id)
