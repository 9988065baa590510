"""A picture is kept small and clean, or refused with a reason."""

import io
import random

import pytest
from PIL import Image

from quizapp.domain.sheets import FileRefused
from quizapp.formats.pictures import LARGEST, SMALL, encode_anew


def drawn(
    form: str, size: tuple[int, int] = (640, 480), mode: str = "RGB", **more: object
) -> bytes:
    picture = Image.new(mode, size, "white")
    picture.paste((200, 30, 30, 255)[: len(picture.getbands())], (20, 20, 200, 120))
    out = io.BytesIO()
    picture.save(out, form, **more)  # type: ignore[arg-type]
    return out.getvalue()


def noisy(size: tuple[int, int]) -> bytes:
    dots = random.Random(7).randbytes(size[0] * size[1] * 3)
    out = io.BytesIO()
    Image.frombytes("RGB", size, dots).resize((1600, 1200)).save(out, "JPEG", quality=60)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        drawn("PNG"),
        drawn("JPEG"),
        drawn("PNG", mode="RGBA"),
        drawn("PNG", mode="L", size=(3000, 40)),
        noisy((160, 120)),
    ],
)
def test_a_picture_becomes_small(content: bytes) -> None:
    mimetype, small = encode_anew(content)
    assert len(small) <= SMALL
    with Image.open(io.BytesIO(small)) as kept:
        assert kept.get_format_mimetype() == mimetype
        assert max(kept.size) <= 800


def test_what_the_camera_wrote_down_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    _, small = encode_anew(drawn("JPEG", exif=exif))
    assert b"secret" not in small


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "picture_unreadable"),
        (b"<svg onload=alert(1)>", "picture_unreadable"),
        (drawn("GIF"), "picture_unreadable"),
        (drawn("PNG")[:200], "picture_unreadable"),
        (drawn("PNG") + b"\0" * LARGEST, "picture_too_large"),
        (drawn("PNG", size=(9000, 9000), mode="1"), "picture_too_large"),
    ],
)
def test_anything_else_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        encode_anew(content)
    assert refusal.value.name == code
