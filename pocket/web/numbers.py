"""Numbers as they are written and read aloud in India, or in millions for who prefers that.

12,34,567 groups by three, then by twos; a lakh is 1,00,000 and a crore 1,00,00,000.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LAKH = 100_000
CRORE = 10_000_000
MILLION = 1_000_000
BILLION = 1_000_000_000
TRILLION = 1_000_000_000_000


class Style(TextChoices):
    LAKH = "lakh", gettext_lazy("12,34,567: lakh and crore")
    MILLION = "million", gettext_lazy("1,234,567: million and billion")


_style: ContextVar[Style] = ContextVar("number style", default=Style.LAKH)


def style() -> Style:
    """The style in which numbers are written now. What is kept of a text must know it."""
    return _style.get()


@contextmanager
def written_in(style: Style) -> Iterator[None]:
    before = _style.set(style)
    try:
        yield
    finally:
        _style.reset(before)


def rounded(value: Decimal, decimals: int) -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def grouped(value: Decimal | int, decimals: int = 0) -> str:
    """Write 1234567 as 12,34,567 (or 1,234,567) and -1234.5 (one decimal) as −1,234.5."""
    number = rounded(Decimal(value), decimals)
    sign = "−" if number < 0 else ""
    whole, _point, fraction = f"{abs(number):f}".partition(".")
    head, tail = whole[:-3], whole[-3:]
    size = 2 if style() == Style.LAKH else 3
    groups = [tail]
    while head:
        groups.insert(0, head[-size:])
        head = head[:-size]
    return sign + ",".join(groups) + (f".{fraction}" if fraction else "")


def short(value: Decimal | int) -> str:
    """Write a large number in words of three figures: 6.11 crore, 3.04 lakh, 8,590."""
    number = Decimal(value)
    if style() == Style.MILLION:
        return _short_in_millions(number)
    if abs(rounded(number, 0)) < LAKH:
        return grouped(number)
    if abs((written := _three_figures(number, LAKH))[0]) < CRORE // LAKH:
        return _("%s lakh") % grouped(*written)
    if abs((written := _three_figures(number, CRORE))[0]) < LAKH:
        return _("%s crore") % grouped(*written)
    return _("%s lakh crore") % grouped(*_three_figures(number, LAKH * CRORE))


def _short_in_millions(number: Decimal) -> str:
    if abs(rounded(number, 0)) < MILLION:
        return grouped(number)
    if abs((written := _three_figures(number, MILLION))[0]) < 1_000:
        return _("%s million") % grouped(*written)
    if abs((written := _three_figures(number, BILLION))[0]) < 1_000:
        return _("%s billion") % grouped(*written)
    return _("%s trillion") % grouped(*_three_figures(number, TRILLION))


def spoken(value: Decimal | int) -> str:
    """Say 12345678 as "1 crore 23 lakh 45 thousand 678": what a screen reader gets right."""
    left = int(rounded(Decimal(value), 0))
    words = [_("minus")] if left < 0 else []
    left = abs(left)
    if style() == Style.MILLION:
        units = ((TRILLION, _("trillion")), (BILLION, _("billion")), (MILLION, _("million")))
    else:
        units = ((CRORE, _("crore")), (LAKH, _("lakh")))
    for unit, name in (*units, (1_000, _("thousand"))):
        count, left = divmod(left, unit)
        if count:
            words.append(f"{spoken(count)} {name}")
    if left or not words:
        words.append(str(left))
    return " ".join(words)


def _three_figures(number: Decimal, unit: int) -> tuple[Decimal, int]:
    """Count in a unit, and say with how many decimals: rounded up, 9.996 is 10.0, not 10.00."""
    count = number / unit
    decimals = 2 if abs(rounded(count, 2)) < 10 else 1 if abs(rounded(count, 1)) < 100 else 0
    return rounded(count, decimals), decimals
