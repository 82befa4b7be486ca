"""Pictures for those who share a link: the outline on paper, 1200 × 630, PNG."""

from collections.abc import Collection
from io import BytesIO
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont, ImageOps

from states import geometry
from states.atlas import Atlas, Unit

WIDTH, HEIGHT, SCALE = 1200, 630, 2  # drawn twice as large, then reduced: smooth edges
PAPER, INK, SOFT, HERE, LAND = "#fbf6ec", "#1f1c33", "#5a5470", "#b02a1f", "#ecc179"


ROOM = 600 * SCALE  # for words, left of the map
BESIDE = 690 * SCALE  # where the picture of a story begins
TITLES = (68, 56, 46, 38)  # sizes; a long title takes a smaller one
LAST_LINE = 500 * SCALE


def of_state(india: Atlas, unit: Unit) -> bytes:
    """The state on the map of India, its name and its line."""
    return _picture(india, {unit.slug}, unit.name, unit.tagline)


def of_india(india: Atlas) -> bytes:
    line = _("36 states and union territories: figures with their source, places, food and crafts")
    return _picture(india, set(), _("India, state by state"), line)


def of_story(
    india: Atlas,
    title: str,
    line: str,
    here: Collection[str],
    *,
    cover: BinaryIO | None = None,
) -> bytes:
    """What a story is about: its words as far as we can, and beside them its cover, a picture of

    our own. Without one, its states (by slug) on the map.

    The one font that we have knows Latin letters. Of a title in another script the states are
    named instead.
    """
    if not _is_drawable(title):
        title = ", ".join(unit.name for unit in india.units if unit.slug in here) or _("A story")
    line = line if _is_drawable(line) else ""
    if cover is None:
        return _picture(india, here, title, line)
    image = _paper()
    with Image.open(cover, formats=["WEBP"]) as photo:
        size = (WIDTH * SCALE - BESIDE, HEIGHT * SCALE)
        fitted = ImageOps.fit(photo.convert("RGBA"), size)
    image.paste(fitted, (BESIDE, 0), fitted)
    _write(image, title, line)
    small = _reduced(image)
    return _png(small.quantize(256))


def _is_drawable(text: str) -> bool:
    return all(sign < "\u0180" or "\u2010" <= sign <= "\u2027" or sign == "₹" for sign in text)


def _picture(india: Atlas, here: Collection[str], title: str, line: str) -> bytes:
    image = _paper()
    draw = ImageDraw.Draw(image)
    for unit in india.units:
        _draw(draw, unit, HERE if unit.slug in here else LAND)
    for unit in india.units:
        if unit.slug in here and unit.marker_x:
            x, y = _at(unit.marker_x, unit.marker_y)
            draw.ellipse((x - 20, y - 20, x + 20, y + 20), fill=HERE, outline=PAPER, width=4)
    _write(image, title, line)
    # By coverage, or the few red dots of an island would take the colour of the mainland.
    return _png(_reduced(image).quantize(64, Image.Quantize.MAXCOVERAGE))


def _paper() -> Image.Image:
    return Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), PAPER)


def _write(image: Image.Image, title: str, line: str) -> None:
    draw = ImageDraw.Draw(image)
    size, lines = _fitted(draw, title)
    top = (190 if len(lines) < 3 else 80) * SCALE
    left = 60 * SCALE
    for words in lines:
        draw.text((left, top), words, INK, _font(size))
        top += round(size * 1.18) * SCALE
    top += 14 * SCALE
    for words in _wrapped(draw, line, _font(32), ROOM):
        if top > LAST_LINE:
            break
        draw.text((left, top), words, SOFT, _font(32))
        top += 44 * SCALE
    draw.text((left, (HEIGHT - 80) * SCALE), _("Pocket · India in your pocket"), SOFT, _font(26))


def _reduced(image: Image.Image) -> Image.Image:
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _png(image: Image.Image) -> bytes:
    png = BytesIO()
    image.save(png, "PNG", optimize=True)
    return png.getvalue()


def _fitted(draw: ImageDraw.ImageDraw, title: str) -> tuple[int, list[str]]:
    """The largest size in which a title has room, and its lines; what has none is left out."""
    for size in TITLES:
        lines = _wrapped(draw, title, _font(size), ROOM)
        most = 330 // size
        if len(lines) <= most and all(draw.textlength(it, _font(size)) <= ROOM for it in lines):
            break
    return size, lines[:most]


def _at(x: float, y: float) -> tuple[float, float]:
    """From map units to the right-hand half of the picture."""
    factor = (HEIGHT - 40) / 2307
    return (WIDTH - 2000 * factor - 30 + x * factor) * SCALE, (20 + y * factor) * SCALE


def _draw(draw: ImageDraw.ImageDraw, unit: Unit, colour: str) -> None:
    for ring in geometry.rings(unit.outline):
        draw.polygon([_at(*point) for point in ring], fill=colour, outline=PAPER, width=2)


def _font(size: int):
    return ImageFont.load_default(size * SCALE)


def _wrapped(draw: ImageDraw.ImageDraw, text: str, font, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and draw.textlength(f"{lines[-1]} {word}", font) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
