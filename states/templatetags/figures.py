"""Figures, months and ranks in templates."""

from django import template
from django.utils.dates import MONTHS
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pocket.web.words import kept_by_language
from states import wording
from states.fields import in_calendar_order
from states.models import HeritageSite, Symbol

register = template.Library()

register.filter("brief", wording.brief)
register.filter("with_unit", wording.with_unit)
register.filter("aloud", wording.aloud)
register.filter("plain", wording.plain)
register.filter("distance", wording.distance)


@register.filter
def month(number: int) -> str:
    return MONTHS[number]


@register.filter
def months_in_words(months: tuple[int, ...]) -> str:
    """November to February for (11, 12, 1, 2); single months and gaps are listed."""
    if len(months) == 12:
        return _("all year")
    spans: list[list[int]] = []
    for number in in_calendar_order(months):
        if spans and spans[-1][-1] % 12 + 1 == number:
            spans[-1].append(number)
        else:
            spans.append([number])
    return ", ".join(
        str(MONTHS[span[0]])
        if len(span) == 1
        else _("%(first)s to %(last)s") % {"first": MONTHS[span[0]], "last": MONTHS[span[-1]]}
        for span in spans
    )


@register.simple_tag
@kept_by_language
def season_strip(season: tuple[int, ...], now: int) -> SafeString:
    """Twelve letters, those of the season filled, this month outlined; said in words as well."""
    letters = format_html_join(
        "",
        '<i class="{}">{}</i>',
        (
            (" ".join(["in"] * (n in season) + ["now"] * (n == now)), MONTHS[n][:1])
            for n in range(1, 13)
        ),
    )
    words = _("In season: %s") % months_in_words(season)
    return format_html('<span class="months" role="img" aria-label="{}">{}</span>', words, letters)


@register.filter
def symbol_kind(kind: str) -> str:
    return Symbol.Kind(kind).label


@register.filter
def heritage_kind(kind: str) -> str:
    return HeritageSite.Kind(kind).label
