"""The application: `flask --app wsgi …` and gunicorn both find it here."""

import gc

# what is loaded stays: to look for garbage in it takes a fifth of the start, and time of requests
gc.disable()

from quizapp.app import create_app  # noqa: E402
from quizapp.config import ConfigError, read_settings  # noqa: E402

try:
    app = create_app(read_settings())
except ConfigError as error:
    raise SystemExit(f"quizapp does not start: {error}") from None
gc.freeze()
gc.enable()
