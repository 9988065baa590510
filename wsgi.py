"""The application: `flask --app wsgi …` and gunicorn both find it here."""

from quizapp.app import create_app
from quizapp.config import ConfigError, read_settings

try:
    app = create_app(read_settings())
except ConfigError as error:
    raise SystemExit(f"quizapp does not start: {error}") from None
