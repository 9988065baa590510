"""The floor of every ratio: a bare Flask page under the shipped gunicorn settings."""

from types import SimpleNamespace

from flask import Flask

app = Flask(__name__)
app.extensions["quizapp_settings"] = SimpleNamespace(upkeep_s=0)


@app.get("/")
def hello() -> str:
    return "hello"
