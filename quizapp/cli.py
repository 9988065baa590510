"""The commands of `flask --app wsgi …`; each calls one service function."""

import json
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app

from quizapp.cli_edge import Command
from quizapp.domain.bank_findings import Finding
from quizapp.domain.bank_summary import summarize, summary_lines
from quizapp.domain.clock import civil_date
from quizapp.domain.import_findings import refused
from quizapp.domain.import_reports import report_to_plain
from quizapp.domain.imports import ImportReport
from quizapp.domain.law_header import Facts
from quizapp.domain.law_text import PROBLEMS
from quizapp.domain.sheets import FileRefused
from quizapp.domain.statutes import cite_in_chinese
from quizapp.service import (
    amendments,
    bank,
    closing,
    demo,
    exposure,
    first_account,
    import_preview,
    law_outlook,
    places,
    seed,
    statutes,
    upkeep,
)
from quizapp.service import backup as copies

STAFF_NO_LENGTH, NAME_LENGTH = 32, 60


def init_cli(app: Flask) -> None:
    """Register the commands."""
    for command in COMMANDS:
        app.cli.add_command(command)


def now() -> datetime:
    """Return the moment of this command; each reads it once."""
    return datetime.now(UTC)


@click.command("migrate", cls=Command)
def migrate() -> None:
    """Create the tables, or bring them up to date."""
    upkeep.migrate()


@click.command("make-migration", cls=Command)
@click.argument("message")
def make_migration(message: str) -> None:
    """Write the next migration from the tables in code (for developers)."""
    upkeep.write_migration(message)


@click.command("load-places", cls=Command)
def load_places() -> None:
    """Load the province, its cities and counties; what is there gets the English name it lacks."""
    done = places.load_places(now())
    click.echo(f"units added: {done.added}, English names filled in: {done.named}")


BANK_FOLDER = click.argument(
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=bank.FOLDER,
)


def print_findings(findings: list[Finding]) -> None:
    """Print one line per finding: where, which question, which check, what is wrong."""
    for each in findings:
        place = f"{each.file}:{each.line}" if each.line else each.file or "-"
        click.echo(f"{place} {each.code or '-'} {each.check} {each.reason()}")


@click.command("check-bank", cls=Command)
@BANK_FOLDER
def check_bank(folder: Path) -> None:
    """Check the question files in FOLDER and count what they hold; status 1 with findings."""
    read, findings = bank.check_folder(folder, on=civil_date(now()))
    print_findings(findings)
    for line in summary_lines(summarize(read)):
        click.echo(line)
    if findings:
        raise click.ClickException(f"{len(findings)} findings")


@click.command("load-bank", cls=Command)
@BANK_FOLDER
def load_bank(folder: Path = bank.FOLDER) -> None:
    """Load the question files in FOLDER; what changed gets a new version, what is gone retires."""
    try:
        loaded = bank.load_folder(folder, now=now())
    except bank.BankFaulty as faulty:
        print_findings(faulty.findings)
        raise click.ClickException(f"{len(faulty.findings)} faults; nothing was loaded") from None
    click.echo(
        f"questions: {loaded.new} new, {loaded.changed} changed, {loaded.unchanged} unchanged, "
        f"{loaded.retired} retired, {loaded.in_review} not yet read twice"
    )


@click.command("preview-import", cls=Command)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="Print questions, problems and skipped rows.")
def preview_import(file: Path, *, as_json: bool) -> None:
    """Say what importing the questions of FILE would find; nothing is written."""
    try:
        report = import_preview.preview_questions(file.name, file.read_bytes())
    except FileRefused as refusal:
        if as_json:
            report = ImportReport((), (refused(file.name, refusal.name, refusal.facts),), ())
            print_json(report)
        raise
    if as_json:
        print_json(report)
        return
    for each in report.problems:
        click.echo(f"{each.place}: {each.message} [{each.code}]")
    click.echo(
        f"{file.name}: {len(report.questions)} questions, {len(report.problems)} problems, "
        f"{len(report.skipped)} skipped"
    )


def print_json(report: ImportReport) -> None:
    """Print a report as UTF-8 whatever the terminal's own encoding."""
    text = json.dumps(report_to_plain(report), ensure_ascii=False)
    click.echo(text.encode())


@click.command("import-law", cls=Command)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--version", type=click.DateTime(["%Y-%m-%d"]), help="Day of the last amendment.")
@click.option("--effective", type=click.DateTime(["%Y-%m-%d"]), help="Day of force.")
@click.option("--full", default="", help="Full name.")
@click.option("--short", default="", help="Short name, as questions cite it.")
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
def import_law(
    file: Path,
    version: datetime | None,
    effective: datetime | None,
    full: str,
    short: str,
    *,
    dry_run: bool,
) -> None:
    """Keep the official text in FILE; a newer version opens the work list of its questions."""
    moment = now()
    told = Facts(full, short, version and version.date(), effective and effective.date())
    read = statutes.read_file(file.name, file.read_bytes(), told)
    if dry_run:
        outlook = law_outlook.preview(read)
    else:
        outlook, _ = amendments.import_law(read, on=civil_date(moment), actor_id=None, now=moment)
    law = read.law
    click.echo(
        f"{law.full} ({law.short}) {law.version}, in force {law.effective_on}: "
        f"{len(read.text.articles)} articles"
    )
    for problem in read.text.problems:
        click.echo(f"line {problem.line}: {problem.words}: {PROBLEMS[problem.key].en}")
    for step in outlook.steps:
        counts = ", ".join(f"{count} {kind}" for kind, count in step.counts.items())
        new = step.new.version if step.new else "its end"
        click.echo(f"{step.old.version} to {new}: {counts or 'no text'}")
        click.echo(f"questions touched: {len(step.touched)}")
        for question, touched in step.touched:
            places = "; ".join(f"{cite_in_chinese(t.citation)} {t.effect}" for t in touched)
            click.echo(f"{question.code} {places}")


@click.command("exposure-report", cls=Command)
@click.option("--papers", type=click.IntRange(1, 100_000), default=1000, show_default=True)
def exposure_report(papers: int) -> None:
    """Draw papers of every preset from the bank and say how often one question is shown."""
    for key, found in exposure.report_exposure(papers=papers, on=civil_date(now())):
        if found is None:
            click.echo(f"{key}: the bank is too small for this paper")
            continue
        click.echo(
            f"{key}: {found.papers} papers show {found.shown} questions; {found.most_shown} is in "
            f"{found.most_shown_bp / 100:.1f} %; difficulty differs by at most "
            f"{found.difficulty_off_bp / 100:.1f} %"
        )


@click.command("prepare", cls=Command)
@click.option("--demo/--without-demo", default=True, help="With the demo province.")
@click.pass_context
def prepare(ctx: click.Context, *, demo: bool) -> None:
    """Bring the database up to date and load places, bank and demo; repeating changes nothing."""
    names = ["migrate", "load-places", "load-bank"] + (["demo"] if demo else [])
    known = {command.name: command for command in COMMANDS}
    for name in names:
        if name in known:
            ctx.invoke(known[name])


@click.command("backup", cls=Command)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Copy the running SQLite database to FILE; officers notice nothing."""
    size = copies.back_up(file)
    click.echo(f"{file}: {size / 1_000_000:.1f} MB, checked")


@click.command("restore", cls=Command)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.confirmation_option(prompt="This replaces the whole database. Is the server stopped?")
def restore(file: Path) -> None:
    """Replace the SQLite database by the backup FILE; what was there stays beside it."""
    kept = copies.restore(file, now=now())
    click.echo(f"restored; the former database is kept as {kept}" if kept else "restored")


@click.command("verify", cls=Command)
def verify() -> None:
    """Check the journal's chain and every receipt; status 1 when something does not fit."""
    found = upkeep.verify()
    click.echo(f"journal: {found.entries} entries, receipts: {found.receipts}")
    if found.broken_entry is not None:
        raise click.ClickException(f"the journal breaks at entry {found.broken_entry}")
    if found.wrong_attempts:
        wrong = ", ".join(map(str, found.wrong_attempts[:20]))
        raise click.ClickException(f"receipts do not fit their answers: attempts {wrong}")


@click.command("create-admin", cls=Command)
@click.argument("staff_no")
@click.argument("name")
def create_admin(staff_no: str, name: str) -> None:
    """Make STAFF_NO called NAME an administrator of the province; print a one-time code."""
    staff_no, name = staff_no.strip(), name.strip()
    if not (0 < len(staff_no) <= STAFF_NO_LENGTH and 0 < len(name) <= NAME_LENGTH):
        raise click.ClickException("staff number (up to 32 characters) and name (up to 60) needed")
    code = first_account.create_administrator(staff_no, name, now=now())
    click.echo(f"first sign-in of {staff_no} at /activate with this code, once: {code}")


@click.command("close-expired", cls=Command)
def close_expired() -> None:
    """Close and mark every attempt whose time is over; the server does it by itself as well."""
    settings = current_app.extensions["quizapp_settings"]
    closed = closing.close_expired(now=now(), allowance_s=settings.network_allowance_s)
    click.echo(f"closed: {closed}")


@click.command("seed", cls=Command)
@click.option("--officers", "count", type=click.IntRange(1, 200_000), default=500, help="How many.")
@click.option("--seed", "word", default="rehearsal", help="The same word makes the same people.")
@click.option(
    "--credentials", type=click.Path(path_type=Path, dir_okay=False), help="CSV to write."
)
@click.option("--exam-open", is_flag=True, help="Leave one competition open now for all of them.")
@click.option("--started", type=click.IntRange(min=0), default=0, help="So many attempts run.")
@click.pass_context
def seed_people(
    ctx: click.Context,
    count: int,
    word: str,
    credentials: Path | None,
    *,
    exam_open: bool,
    started: int,
) -> None:
    """Fill the database with invented officers for a rehearsal; never where real ones work."""
    ctx.invoke(prepare, demo=False)
    made = seed.seed(count, seed=word, now=now(), exam_open=exam_open, started=started)
    if credentials is not None:
        seed.write_credentials(credentials, made.credentials)
        click.echo(f"{credentials}: {len(made.credentials)} sign-ins")
    if made.exam_id is not None:
        click.echo(f"open competition: {made.exam_id}, attempts begun: {made.started}")


@click.command("demo", cls=Command)
def demo_province() -> None:
    """Make the demo province unless it is there, and print one sign-in of each role."""
    instance = current_app.extensions["quizapp_settings"].instance_dir
    made = demo.make_demo(instance / "demo-sign-ins.txt", now=now())
    if not made.has_competitions:
        click.echo("demo: too few published questions for a competition yet")
    for sign_in in made.sign_ins:
        password = sign_in.password or "(the password that was chosen)"
        click.echo(f"demo {sign_in.role:<13} {sign_in.staff_no}  {password}  {sign_in.name}")


COMMANDS: tuple[click.Command, ...] = (
    migrate,
    make_migration,
    load_places,
    check_bank,
    load_bank,
    preview_import,
    import_law,
    exposure_report,
    prepare,
    create_admin,
    close_expired,
    seed_people,
    demo_province,
    backup,
    restore,
    verify,
)
