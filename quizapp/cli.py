"""The commands of `flask --app wsgi …`; each calls one service function."""

import click
from flask import Flask

from quizapp.service import upkeep


def init_cli(app: Flask) -> None:
    """Register the commands."""
    for command in COMMANDS:
        app.cli.add_command(command)


@click.command("migrate")
def migrate() -> None:
    """Create the tables, or bring them up to date."""
    upkeep.migrate()


@click.command("make-migration")
@click.argument("message")
def make_migration(message: str) -> None:
    """Write the next migration from the tables in code (for developers)."""
    upkeep.write_migration(message)


COMMANDS: tuple[click.Command, ...] = (migrate, make_migration)
