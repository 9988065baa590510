"""The server's rounds around the application: what a worker does beside answering requests."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask

from quizapp.domain.clock import civil_date
from quizapp.service import amendments, closing, enforcing
from quizapp.service.rounds import run_rounds


def start_rounds(app: Flask, spawn: Callable[..., object]) -> None:
    """Let `spawn` run the rounds beside the requests, unless the settings leave them to a cron."""
    settings = app.extensions["quizapp_settings"]

    def make_round() -> None:
        try:
            with app.app_context():
                now = datetime.now(UTC)
                closing.close_expired(now=now, allowance_s=settings.network_allowance_s)
                amendments.suspend_due(on=civil_date(now), now=now)
                enforcing.resume(now=now)
        except Exception:  # the next round is made all the same
            app.logger.exception("a round failed")

    if settings.upkeep_s > 0:
        lock_file = settings.instance_dir / "upkeep.lock"
        spawn(run_rounds, make_round, every_s=settings.upkeep_s, lock_file=lock_file)
