"""Files to keep: tables as attachments with names people can read."""

import io
import re

from flask import Response, send_file

from quizapp.service.uploads import mimetype_of


def attachment(kind: str, title: str, content: bytes) -> Response:
    """Return a table of that kind as a download; the title may be Chinese and may be anything."""
    return file_of(f"{title}.{kind}", mimetype_of(kind), content)


def file_of(file_name: str, mimetype: str, content: bytes) -> Response:
    """Return a file as a download; its name may be Chinese and may be anything."""
    name = re.sub(r"[\s\x00-\x1f\x7f/\\:*?\"<>|]+", " ", file_name).strip() or "download"
    return send_file(
        io.BytesIO(content),
        mimetype=mimetype,
        as_attachment=True,
        download_name=name,
        max_age=0,
    )
