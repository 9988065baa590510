"""Sign-in, officers, units, roster."""

from quizapp.domain.people import Viewer


def find_viewer(officer_id: int, epoch: int, sign_in: str) -> Viewer | None:
    """Return the person of a session, or None when the session has ended."""
    raise NotImplementedError
