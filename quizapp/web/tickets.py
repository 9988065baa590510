"""Admission tickets (准考证): the printable page, and the door they open."""

import io

import segno
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from quizapp.domain.people import MANAGERS
from quizapp.service import tickets
from quizapp.web.officers import bp as roster_bp
from quizapp.web.officers import unit_choices
from quizapp.web.pages import now
from quizapp.web.people import address
from quizapp.web.people import bp as people_bp
from quizapp.web.security import PUBLIC, access, find_viewer, open_session, viewer

EXAM = "/manage/exams/<int(max=2147483647):exam_id>/tickets"
TOKEN_LENGTH = 64


@roster_bp.route(EXAM, methods=["GET", "POST"])
@access(MANAGERS)
def print_tickets(exam_id: int) -> ResponseReturnValue:
    if request.method == "POST":
        made = tickets.print_tickets(viewer(), exam_id, request.form.get("unit", ""), now=now())
        return render_template("people/tickets.html", made=made, code=code)
    desk = tickets.open_desk(viewer(), exam_id)
    return render_template(
        "people/ticket_desk.html", exam=desk.exam, most=tickets.MOST,
        units=unit_choices(desk.units, desk.gazetteer),
    )  # fmt: skip


def code(token: str) -> Markup:
    """Return the QR code of a ticket's address as an SVG element."""
    out = io.BytesIO()
    link = url_for("people.ticket", token=token, _external=True)
    segno.make(link, error="m").save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        border=2,
        svgclass="qr",
        lineclass=None,
    )
    return Markup(out.getvalue().decode())  # noqa: S704 — made by the library of a link of ours


@people_bp.route("/ticket/<token>", methods=["GET", "POST"])
@access(PUBLIC)
def ticket(token: str) -> ResponseReturnValue:
    """Sign in by ticket. Whoever only looks ahead (HEAD, prefetch, preview) does not use it up."""
    if request.method != "POST" and only_looks():
        return render_template("people/ticket.html", token=token)
    here = find_viewer()
    if here is not None and here.exam_only is not None and request.method == "GET":
        return redirect(url_for("attempts.start_page", exam_id=here.exam_only), 303)
    opened = tickets.use_ticket(token[:TOKEN_LENGTH], address(), now=now())
    open_session(opened.officer_id, opened.session_epoch, exam_only=opened.exam_id)
    return redirect(url_for("attempts.start_page", exam_id=opened.exam_id), 303)


def only_looks() -> bool:
    """Say whether a request fetches a page ahead of its reader, as previews of links do."""
    names = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
    purpose = " ".join(request.headers.get(name, "") for name in names).lower()
    return request.method == "HEAD" or "prefetch" in purpose or "preview" in purpose
