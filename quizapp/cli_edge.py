"""The upper edge of every command: what went wrong becomes one line of advice."""

import os
from typing import Any

import click

from quizapp.domain.errors import Refusal
from quizapp.domain.import_findings import REFUSAL_WORDS

HINTS = (
    ("disk is full", "the disk is full: free some space, then run it again"),
    ("No space left", "the disk is full: free some space, then run it again"),
    ("unable to open database", "the database file cannot be opened: check folder and rights"),
    ("readonly database", "the database file may not be written: check its owner and rights"),
    ("is not a database", "the database file is damaged: `flask --app wsgi restore FILE`"),
    ("no such table", "the database has no tables yet: `flask --app wsgi migrate` first"),
    ("does not exist", "not in the database: `flask --app wsgi migrate` first"),
    ("onnection", "the database does not answer: check DATABASE_URL and that it is running"),
)


REFUSALS = {
    "use_pg_dump": "this is PostgreSQL: use pg_dump and pg_restore, see docs/operations.md",
    "damaged_database": "this file is not a sound backup of this product",
    "places_missing": "no units yet: `flask --app wsgi prepare --without-demo` first",
    "law_file_unknown": "no known format of a law's text: .docx, .txt or .md",
    "database_in_use": "the database is in use: stop the server first",
    "law_known": "this text is in the library already; nothing was changed",
    "law_fact_missing": "the text does not say it: give --full, --short, --version or --effective",
    "law_unreadable": "no 第…条 and no （一） found: this is no official text",
    "law_compared_already": "this version has been compared with another; its text stays",
}


class Command(click.Command):
    """The upper edge of every command: one line and status 1 instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Refusal as refusal:
            raise click.ClickException(words_of(refusal)) from None
        except Exception as error:
            if os.environ.get("FLASK_DEBUG"):
                raise
            raise click.ClickException(explain(error)) from None


def words_of(refusal: Refusal) -> str:
    """Return why a command was refused: its words, else its code, with all facts."""
    if refusal.name in REFUSAL_WORDS:
        return REFUSAL_WORDS[refusal.name].en.format(**refusal.facts)
    facts = ", ".join(f"{name}={value}" for name, value in refusal.facts.items())
    words = REFUSALS.get(refusal.name, refusal.name)
    return f"{words} ({facts})" if facts else words


def explain(error: Exception) -> str:
    """Return one line that says what is wrong and, where known, what to do."""
    text = str(error).strip()
    hint = next((hint for sign, hint in HINTS if sign in text), "")
    first_line = text.splitlines()[0] if text else ""
    return f"{hint} ({first_line})" if hint else f"{type(error).__name__}: {first_line}"
