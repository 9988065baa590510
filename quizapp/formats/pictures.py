"""Pictures for stems: PNG or JPEG in, encoded anew so that nothing else travels along."""

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from quizapp.domain.sheets import FileRefused

LARGEST = 1024 * 1024
"""Bytes of a picture that is accepted."""
SMALL = 20 * 1024
"""Bytes of a picture as it is kept: it travels to thousands of phones at once."""
WIDEST, LEAST_WIDE = 800, 240
MOST_PIXELS = 40_000_000
_QUALITIES = (85, 75, 65, 55, 45, 35)


def encode_anew(content: bytes) -> tuple[str, bytes]:
    """Return media type and bytes of the same picture in at most SMALL bytes, without metadata.

    Raises FileRefused("picture_too_large" | "picture_unreadable").
    """
    if len(content) > LARGEST:
        raise FileRefused("picture_too_large")
    picture = _decode(content)
    width = WIDEST
    while width >= LEAST_WIDE:
        smaller = picture.copy()
        smaller.thumbnail((width, width))
        found = _fit(smaller)
        if found:
            return found
        width = width * 3 // 4
    raise FileRefused("picture_too_large")


def _decode(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
            if opened.width * opened.height > MOST_PIXELS:
                raise FileRefused("picture_too_large")
            upright = ImageOps.exif_transpose(opened)
            has_alpha = "A" in upright.getbands() or "transparency" in upright.info
            coloured = upright.convert("RGBA" if has_alpha else "RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError,
            Image.DecompressionBombWarning, Image.DecompressionBombError) as error:  # fmt: skip
        raise FileRefused("picture_unreadable") from error
    if not has_alpha:
        return coloured
    ground = Image.new("RGB", coloured.size, "white")
    ground.paste(coloured, mask=coloured.getchannel("A"))
    return ground


def _fit(picture: Image.Image) -> tuple[str, bytes] | None:
    """Return a PNG of few colours if that is small enough, else a JPEG, else None."""
    drawing = io.BytesIO()
    picture.quantize(64).save(drawing, "PNG", optimize=True)
    if drawing.tell() <= SMALL:
        return "image/png", drawing.getvalue()
    for quality in _QUALITIES:
        photo = io.BytesIO()
        picture.save(photo, "JPEG", quality=quality, optimize=True)
        if photo.tell() <= SMALL:
            return "image/jpeg", photo.getvalue()
    return None
