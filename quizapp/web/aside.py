"""Work that a request begins and does not wait for longer than a reader likes to."""

import threading
from collections.abc import Callable

from flask import current_app

from quizapp.domain.errors import Refusal

PATIENCE_S = 1.5
"""How long the request waits, so that what is done soon needs no page of its own."""


def begin_aside(name: str, work: Callable[[], object]) -> None:
    """Let `work` go on beside the requests; return when it is done or patience is over.

    Under gevent the thread is a greenlet: while it waits, saves are served.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]

    def in_context() -> None:
        with app.app_context():
            try:
                work()
            except Refusal as refusal:  # the next look begins it again
                app.logger.warning("%s stopped: %s", name, refusal.name)

    worker = threading.Thread(target=in_context, name=name, daemon=True)
    worker.start()
    worker.join(PATIENCE_S)
