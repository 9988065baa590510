"""The application: `flask --app wsgi …` and gunicorn both find it here."""

from quizapp.app import create_app
from quizapp.config import read_settings

app = create_app(read_settings())
