"""Pictures that people send: looked at before they are decoded, and made anew before they are kept.

What comes out holds pixels and nothing else: no place, no camera, no comment, no second file in
the tail of the first. Nothing here knows of requests or models.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import ExifTags, Image

logger = logging.getLogger("accounts.pictures")

FORMATS = ("JPEG", "PNG", "WEBP")
MIME_TYPES = ("image/jpeg", "image/png", "image/webp")
MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 40_000_000
QUALITY = 80

# What each EXIF orientation asks for, to stand upright.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
LYING = {5, 6, 7, 8}
Box = tuple[int, int, int, int]

_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """A WebP: `size` is the width that was asked for, `width` what it has, never more."""

    size: int
    width: int
    height: int
    data: bytes


def reencoded(file: BinaryIO, sizes: Sequence[int], *, square: bool = False) -> list[Picture]:
    """Make a WebP of each width (of the middle square, if asked) from a file of anybody's.

    Raises ValidationError, in words for the person. 40 megapixels of PNG or WebP take a second or
    two and up to 600 MB, so a process makes one at a time; never call it inside a transaction.
    """
    if _length(file) > MAX_BYTES:
        raise ValidationError(
            _("That picture is larger than %(most)s MB. Please choose a smaller one."),
            code="too_large",
            params={"most": MAX_BYTES // 1024 // 1024},
        )
    with _one_at_a_time, _opened(file) as image:
        if image.width * image.height > MAX_PIXELS:
            raise _too_many_pixels()
        orientation = _orientation(image)
        # A JPEG is decoded at a half, a quarter or an eighth where that is still large enough.
        image.draft(None, (max(sizes), max(sizes)))
        _load(image)
        whole = _plain(image)
        # Still one at a time: it is the whole bitmap that takes the memory, until it is let go.
        part = _middle(whole) if square else (0, 0, *whole.size)
        made = [_made(whole, part, size, orientation) for size in sizes]
        del whole
    return made


def _length(file: BinaryIO) -> int:
    file.seek(0, 2)
    length = file.tell()
    file.seek(0)
    return length


def _opened(file: BinaryIO) -> Image.Image:
    """Read the header. What a file is called and what it says of itself counts for nothing."""
    try:
        return Image.open(file, formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:  # decoders trip over broken files in every way there is
        raise _unreadable() from error


def _load(image: Image.Image) -> None:
    """Decode the (first) picture; a file that ends too early is refused."""
    try:
        image.load()
    except MemoryError:
        raise
    except Exception as error:
        raise _unreadable() from error


def _orientation(image: Image.Image) -> int:
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # decoders trip over broken notes in every way there is
        logger.info("EXIF that cannot be read; the picture stays as it lies")
        return 1


def _plain(image: Image.Image) -> Image.Image:
    """The pixels alone, in a mode that WebP has."""
    if image.mode == "I;16":
        image = image.point(lambda value: value / 256).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    plain = image if image.mode == mode else image.convert(mode)
    plain.info = {}
    return plain


def _middle(image: Image.Image) -> Box:
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    return left, top, left + side, top + side


def _made(whole: Image.Image, part: Box, size: int, orientation: int) -> Picture:
    """Cut and scale in one step and turn then: a copy of the whole would cost its memory again."""
    width, height = part[2] - part[0], part[3] - part[1]
    scale = min(1, size / (height if orientation in LYING else width))
    to = (max(1, round(width * scale)), max(1, round(height * scale)))
    image = whole.resize(to, Image.Resampling.LANCZOS, box=part, reducing_gap=2)
    if orientation in TURNS:
        image = image.transpose(TURNS[orientation])
    out = BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=4, exif=b"", xmp=b"", icc_profile=b"")
    return Picture(size, image.width, image.height, out.getvalue())


def _unreadable() -> ValidationError:
    return ValidationError(
        _("That file cannot be read as a picture. Please send a JPEG, PNG or WebP."),
        code="unreadable",
    )


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        _("That picture has more than %(most)s megapixels. Please choose a smaller one."),
        code="too_many_pixels",
        params={"most": MAX_PIXELS // 1_000_000},
    )
