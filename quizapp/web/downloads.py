"""Files to keep: tables as attachments with names people can read."""

import io
import re
from datetime import date

from flask import Response, send_file

from quizapp.service.uploads import mimetype_of

Cell = str | int | float | date | None
Cells = list[Cell]
"""One line of a table that can be taken along."""
Table = tuple[list[str], list[Cells]]
"""The names of its columns, and its lines."""
LONGEST_NAME = 80
"""Without its ending: file systems take 255 bytes, and a Chinese sign has three."""
_SIGNS_OF_PATHS = re.compile(r"[/\\:*?\"<>|;]+")


def attachment(kind: str, title: str, content: bytes) -> Response:
    """Return a table of that kind as a download; the title may be Chinese and may be anything."""
    return file_of(f"{title}.{kind}", mimetype_of(kind), content)


def file_of(file_name: str, mimetype: str, content: bytes) -> Response:
    """Return a file as a download; its name may be Chinese and may be anything."""
    title, dot, suffix = file_name.rpartition(".")
    kept = "".join(char if char.isprintable() else " " for char in title)
    plain = " ".join(_SIGNS_OF_PATHS.sub(" ", kept).split()).lstrip(". ")[:LONGEST_NAME].rstrip()
    return send_file(
        io.BytesIO(content),
        mimetype=mimetype,
        as_attachment=True,
        download_name=f"{plain or 'download'}{dot}{suffix}",
        max_age=0,
    )
