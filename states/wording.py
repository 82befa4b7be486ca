"""Figures in words: how a value, a rank and a difference are said to a reader."""

from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pocket.web import numbers
from pocket.web.words import kept_by_language
from states.models import Indicator

RUPEES_CRORE = "₹ crore"


def plain(value: Decimal, decimals: int) -> str:
    """Write a value as the tables do: 6,10,95,297 or 75.36; one decimal only below 100."""
    if decimals == 1 and value >= 100:
        decimals = 0
    return numbers.grouped(value, decimals)


def brief(value: Decimal, indicator: Indicator) -> str:
    """Write a value with its unit as a headline: 6.11 crore, 75.4 %, ₹ 22.7 lakh crore."""
    if indicator.unit.startswith("%"):
        return f"{numbers.grouped(value, 1)} %"
    if indicator.unit.startswith(RUPEES_CRORE):
        return f"₹ {numbers.short(value * numbers.CRORE)}"
    if indicator.unit.startswith("₹"):
        return f"₹ {numbers.short(value)}"
    if indicator.unit.endswith("per km²"):
        return _("%s per km²") % plain(value, indicator.decimals)
    if indicator.unit.startswith("km²"):
        return f"{plain(value, indicator.decimals)} km²"
    if value >= numbers.LAKH:
        return numbers.short(value)
    return plain(value, indicator.decimals)


def with_unit(value: Decimal, indicator: Indicator, decimals: int | None = None) -> str:
    """Write a value for a label or a sentence: 75.36 %, 319 persons per km²."""
    written = plain(value, indicator.decimals if decimals is None else decimals)
    if indicator.unit.startswith("%"):
        return f"{written} %"
    if indicator.unit.startswith(RUPEES_CRORE):
        return f"₹ {written} crore"
    if indicator.unit.startswith("₹"):
        return f"₹ {written}"
    if indicator.unit in ("number", "index 0–1"):
        return written
    return f"{written} {indicator.unit}"


@kept_by_language
def aloud(value: Decimal, decimals: int) -> SafeString | str:
    """The value of a table cell, with words for screen readers from a lakh up."""
    written = plain(value, decimals)
    if abs(numbers.rounded(value, decimals)) < numbers.LAKH:
        return written
    return format_html(
        '<span aria-hidden="true">{}</span><span class="visually-hidden">{}</span>',
        written,
        numbers.spoken(value),
    )


def ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return _("%dth") % number
    return {1: _("%dst"), 2: _("%dnd"), 3: _("%drd")}.get(number % 10, _("%dth")) % number


def standing(rank: int, count: int, *, tied: bool) -> str:
    """Say "8th of 36", or "joint 8th of 36" where others have the same value."""
    words = _("joint %(rank)s of %(count)s") if tied else _("%(rank)s of %(count)s")
    return words % {"rank": ordinal(rank), "count": count}


def difference(
    high: Decimal, high_name: str, low: Decimal, low_name: str, indicator: Indicator
) -> str:
    """Say by how much the higher of two values is higher: in points, or in times."""
    if high == low:
        return _("The same in both.")
    names = {"high": high_name, "low": low_name}
    if indicator.unit.startswith("%"):
        points = numbers.grouped(high - low, _visible(high - low, 1))
        return _("%(high)s is %(points)s percentage points above %(low)s.") % {
            **names,
            "points": points,
        }
    if indicator.unit.startswith("index"):
        gap = numbers.grouped(high - low, _visible(high - low, indicator.decimals))
        return _("%(high)s is %(gap)s above %(low)s.") % {**names, "gap": gap}
    if low > 0 and high / low >= 2:
        times = numbers.grouped(high / low, 1 if high / low < 100 else 0)
        return _("%(high)s has %(times)s times the figure of %(low)s.") % {**names, "times": times}
    decimals = _visible(high - low, indicator.decimals)
    if indicator.unit.startswith("₹"):
        gap = with_unit(high - low, indicator, decimals)
        return _("%(high)s is %(gap)s above %(low)s.") % {**names, "gap": gap}
    # The unit apart: "1 elected seats" would be wrong, and every language counts differently.
    gap = plain(high - low, decimals)
    return _("%(high)s is %(gap)s above %(low)s (%(unit)s).") % {
        **names,
        "gap": gap,
        "unit": indicator.unit,
    }


def _visible(gap: Decimal, decimals: int) -> int:
    """How many decimals it takes, these at least, for a small difference not to read as none."""
    return next((n for n in range(decimals, 3) if numbers.rounded(gap, n)), max(decimals, 3))


def distance(standard_deviations: float) -> str:
    return numbers.grouped(Decimal(standard_deviations), 2)
