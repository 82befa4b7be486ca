"""Pictures for those who share a link: the outline on paper, 1200 × 630, PNG."""

from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from states import geometry
from states.atlas import Atlas, Unit

WIDTH, HEIGHT, SCALE = 1200, 630, 2  # drawn twice as large, then reduced: smooth edges
PAPER, INK, SOFT, HERE, LAND = "#fbf6ec", "#1f1c33", "#5a5470", "#b02a1f", "#ecc179"


def of_state(india: Atlas, unit: Unit) -> bytes:
    """The state on the map of India, its name and its line."""
    return _picture([(other, LAND) for other in india.units], unit, unit.name, unit.tagline)


def of_india(india: Atlas) -> bytes:
    line = _("36 states and union territories: figures with their source, places, food and crafts")
    return _picture([(unit, LAND) for unit in india.units], None, _("India, state by state"), line)


def _picture(land: list[tuple[Unit, str]], here: Unit | None, title: str, line: str) -> bytes:
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), PAPER)
    draw = ImageDraw.Draw(image)
    for unit, colour in land:
        _draw(draw, unit, HERE if unit is here else colour)
    if here and here.marker_x:
        x, y = _at(here.marker_x, here.marker_y)
        draw.ellipse((x - 20, y - 20, x + 20, y + 20), fill=HERE, outline=PAPER, width=4)

    left = 60 * SCALE
    top = 190 * SCALE
    for words in _wrapped(draw, title, _font(68), 600 * SCALE):
        draw.text((left, top), words, INK, _font(68))
        top += 80 * SCALE
    top += 14 * SCALE
    for words in _wrapped(draw, line, _font(32), 600 * SCALE):
        draw.text((left, top), words, SOFT, _font(32))
        top += 44 * SCALE
    draw.text((left, (HEIGHT - 80) * SCALE), _("Pocket · India in your pocket"), SOFT, _font(26))

    png = BytesIO()
    small = image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    # By coverage, or the few red dots of an island would take the colour of the mainland.
    small.quantize(64, Image.Quantize.MAXCOVERAGE).save(png, "PNG", optimize=True)
    return png.getvalue()


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
