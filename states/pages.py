"""What each page shows, put together from the atlas."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from math import log10

from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from search.words import MAX_LENGTH
from states import finding, structured, wording
from states.atlas import Atlas, Unit
from states.models import Indicator, State
from states.rankings import Ranking, Row, ways

FIRST_CHART = "literacy-rate-2011"
HEADLINES = (
    "population-2011",
    "area-km2",
    "literacy-rate-2011",
    "nsdp-per-capita",
    "density-per-km2",
    "forest-share",
)
FEWEST, MOST = 2, 4  # states side by side
DOT = 11  # half the room of a dot on the strip


# --- Map, legend and table of one indicator -----------------------------------------------------


@dataclass
class Spot:
    """A state on the map: its class (0: not published) and what it says when reached."""

    unit: Unit
    step: int
    label: str


@dataclass
class Chart:
    ranking: Ranking
    view: str  # "map" or "tiles"
    sort: str  # "high", "low" or "name"
    spots: list[Spot]
    rows: list[Row]
    dots: list[dict]

    @property
    def strip_height(self) -> int:
        return max(dot["y"] for dot in self.dots) + DOT + 8

    @property
    def is_logarithmic(self) -> bool:
        return logarithmic(self.ranking)

    @property
    def indicator(self) -> Indicator:
        return self.ranking.indicator


def chart(
    india: Atlas, asked: QueryDict, indicator: Indicator | None = None
) -> tuple[Chart, list[str]]:
    """Build the chart that the address asks for, and say what of it made no sense."""
    notices = []
    if indicator is None:
        slug = asked.get("indicator", "") or FIRST_CHART
        indicator = india.indicator(slug)
        if indicator is None:
            notices.append(_("There is no such indicator; this map shows another one."))
            indicator = india.indicator(FIRST_CHART) or india.indicators[0]
    per = choice(asked, "per", ways(indicator), notices, _("This indicator is not shown that way."))
    view = choice(asked, "view", ["map", "tiles"], notices, _("There are a map and tiles."))
    sort = choice(
        asked, "sort", ["high", "low", "name"], notices, _("This table cannot be sorted that way.")
    )
    ranking = india.ranking(indicator, per)
    rows = list(ranking.rows)
    if sort == "low":
        rows.reverse()
    elif sort == "name":
        rows.sort(key=lambda row: row.unit.name)
    spots = [spot(unit, ranking) for unit in india.units]
    return Chart(ranking, view, sort, spots, rows, dots(ranking)), notices


def choice(
    asked: QueryDict, name: str, choices: list[str], notices: list[str], complaint: str
) -> str:
    """Read one of a few words from the address; the first is the default, another gets a word."""
    value = asked.get(name, "")
    if value in choices:
        return value
    if value:
        notices.append(complaint)
    return choices[0]


def spot(unit: Unit, ranking: Ranking) -> Spot:
    row = ranking.row_of.get(unit.slug)
    if row is None:
        return Spot(unit, 0, _("%(state)s: not published") % {"state": unit.name})
    if ranking.per:
        said = f"{wording.plain(row.value, ranking.decimals)} {ranking.unit_words}"
    else:
        said = wording.with_unit(row.value, ranking.indicator)
    return Spot(unit, row.step, f"{unit.name}: {said}")


def logarithmic(ranking: Ranking) -> bool:
    """Whether the highest is over 40 times the lowest: even steps would crowd all but a few."""
    low, high = ranking.rows[-1].value, ranking.rows[0].value
    return low > 0 and high / low > 40


def dots(ranking: Ranking, width: int = 1000, radius: int = DOT) -> list[dict]:
    """Place a dot per state along the scale, pushed upwards where dots would overlap."""
    if not ranking.rows:
        return []
    low, high = float(ranking.rows[-1].value), float(ranking.rows[0].value)
    by_size = logarithmic(ranking)

    def along(value: Decimal) -> int:
        number = float(value)
        if high == low:
            return width // 2
        if by_size:
            share = (log10(number) - log10(low)) / (log10(high) - log10(low))
        else:
            share = (number - low) / (high - low)
        return round(radius + share * (width - 2 * radius))

    placed: list[tuple[int, int]] = []
    found = []
    for row in reversed(ranking.rows):
        x, level = along(row.value), 0
        while any(at == level and abs(x - other) < 2 * radius for other, at in placed):
            level += 1
        placed.append((x, level))
        found.append({"row": row, "x": x, "level": level})
    height = (max(level for _x, level in placed) + 1) * 2 * radius
    for dot in found:
        dot["y"] = height - radius - dot["level"] * 2 * radius
    return found


# --- One state ----------------------------------------------------------------------------------


def headlines(india: Atlas, unit: Unit) -> list[dict]:
    """The few figures that stand first on a state's page; one not published is left out."""
    found = []
    for slug in HEADLINES:
        indicator = india.indicator(slug)
        if indicator and slug in unit.values:
            row = india.ranking(indicator).row_of[unit.slug]
            found.append(figure(india, indicator, row))
    return found


def figure(india: Atlas, indicator: Indicator, row: Row | None) -> dict:
    ranking = india.ranking(indicator)
    bar = 0.0
    if row and ranking.count > 1:
        bar = 4 + 92 * (ranking.count - row.rank) / (ranking.count - 1)
    return {
        "indicator": indicator,
        "head": indicator_head(india, indicator),
        "row": row,
        "brief": wording.brief(row.value, indicator) if row else "",
        "standing": wording.standing(row.rank, ranking.count, tied=row.tied) if row else "",
        "bar": round(bar),
        "national": ranking.national,
    }


def indicator_head(india: Atlas, indicator: Indicator) -> SafeString:
    """The head of an indicator's row, with unit, year and source: the same on every page."""
    key = (indicator.slug, get_language())
    if key not in india.heads:
        context = {"indicator": indicator}
        india.heads[key] = render_to_string("states/_indicator_head.html", context)
    return india.heads[key]


def themes(india: Atlas) -> list[tuple[str, list[dict]]]:
    """All rankings by theme, each with its first and last."""
    return [
        (
            Indicator.Theme(theme).label,
            [
                {"ranking": ranking, "first": ranking.rows[0], "last": ranking.rows[-1]}
                for ranking in group
                if ranking.rows
            ],
        )
        for theme, group in _by_theme(india)
    ]


def _by_theme(india: Atlas) -> list[tuple[str, list[Ranking]]]:
    order = list(Indicator.Theme.values)
    rankings = sorted(india.rankings(), key=lambda r: order.index(r.indicator.theme))
    return [(theme, list(g)) for theme, g in groupby(rankings, key=lambda r: r.indicator.theme)]


def state(india: Atlas, unit: Unit) -> dict:
    figures = [
        (
            Indicator.Theme(theme).label,
            [figure(india, r.indicator, r.row_of.get(unit.slug)) for r in group],
        )
        for theme, group in _by_theme(india)
    ]
    return {
        "unit": unit,
        "headlines": headlines(india, unit),
        "figures": figures,
        "units": [unit, *unit.neighbours],
        "far": " ".join(
            other.outline
            for other in india.units
            if other is not unit and other not in unit.neighbours
        ),
        "likes": india.most_like(unit),
        "like_by": india.likeness_indicators,
        "month": timezone.localdate().month,
        "formed": unit.formed_on,
        "notes": [note for note in unit.notes.split("\n\n") if note],
        "address": settings.SITE_URL + unit.get_absolute_url(),
        "picture": reverse("states:picture", args=[unit.slug]),
        "stories": f"/blog/state/{unit.slug}/",
        "structured": structured.state(unit),
    }


# --- The list -----------------------------------------------------------------------------------


def listing(india: Atlas, asked: QueryDict) -> dict:
    """Filter and sort the 36 as the address says; what it says wrongly is ignored with a word."""
    notices: list[str] = []
    words = asked.get("q", "").strip()
    nothing = _("There is no such %(what)s; it was ignored.")
    region = choice(
        asked, "region", ["", *State.Region.values], notices, nothing % {"what": _("region")}
    )
    kind = choice(asked, "kind", ["", *State.Kind.values], notices, nothing % {"what": _("kind")})
    tag = choice(
        asked, "tag", ["", *(t.slug for t in india.tags)], notices, nothing % {"what": _("tag")}
    )
    sort = choice(
        asked,
        "sort",
        ["name", *india.indicator_by_slug],
        notices,
        _("The list cannot be sorted that way."),
    )
    show = choice(
        asked, "show", ["stamps", "table"], notices, _("The list is shown as stamps or as a table.")
    )

    units = [
        unit
        for unit in finding.matching(india, words)
        if (not region or unit.region == region)
        and (not kind or unit.kind == kind)
        and (not tag or tag in {t.slug for t in unit.tags})
    ]
    ranking = None
    if sort != "name":
        ranking = india.ranking(india.indicator_by_slug[sort])
        rows = ranking.row_of
        units.sort(key=lambda u: rows[u.slug].rank if u.slug in rows else len(india.units) + 1)
    return {
        "units": units,
        "rows": [(unit, ranking.row_of.get(unit.slug) if ranking else None) for unit in units],
        "ranking": ranking,
        "notices": notices,
        "q": words[:200],
        "region": region,
        "kind": kind,
        "tag": tag,
        "sort": sort,
        "show": show,
        "filtered": bool(words or region or kind or tag),
        "regions": State.Region.choices,
        "kinds": State.Kind.choices,
        "tags": india.tags,
        "indicators": india.indicators,
        "total": len(india.units),
    }


# --- Side by side -------------------------------------------------------------------------------


def comparison(india: Atlas, asked: QueryDict) -> dict:
    """Put two to four states side by side; what the address says wrongly is ignored with a word."""
    notices: list[str] = []
    units: list[Unit] = []
    for slug in asked.getlist("s"):
        unit = finding.called(india, slug.strip())
        if unit is None:
            if slug.strip():
                notices.append(_("“%s” is no state that we know.") % slug[:60])
        elif unit in units:
            notices.append(_("%s was named twice.") % unit.name)
        else:
            units.append(unit)

    words = unknown = asked.get("add", "").strip()[:MAX_LENGTH]
    if words:
        found = finding.matching(india, words)[:1]
        if not found:
            notices.append(_("No state was found for “%s”.") % words[:60])
        else:
            unknown = ""
            if not finding.called(india, words):
                named = {"words": words[:60], "state": found[0].name}
                notices.append(_("“%(words)s” was read as %(state)s.") % named)
            if found[0] in units:
                notices.append(_("%s was named twice.") % found[0].name)
            else:
                units += found
    if len(units) > MOST:
        left_out = ", ".join(unit.name for unit in units[MOST:])
        notices.append(_("Four fit side by side; left out: %s.") % left_out)
        units = units[:MOST]

    return {
        "units": units,
        "notices": notices,
        "themes": _compared(india, units) if len(units) >= FEWEST else [],
        "enough": len(units) >= FEWEST,
        "full": len(units) == MOST,
        "picks": [(unit, address_of([u for u in units if u is not unit])) for unit in units],
        "offers": [(other, address_of([*units, other])) for other in _offers(india, units)]
        if len(units) < MOST
        else [],
        "all": india.units,
        "address": address_of(units),
        "add": unknown,
        "asked_to_add": bool(words),
    }


def address_of(units: list[Unit]) -> str:
    query = QueryDict(mutable=True)
    query.setlist("s", [unit.slug for unit in units])
    return (
        f"{reverse('states:compare')}?{query.urlencode()}" if units else reverse("states:compare")
    )


def _offers(india: Atlas, units: list[Unit]) -> list[Unit]:
    """Whom to put beside these: their neighbours and those most like them, six at most."""
    near = [n for unit in units for n in unit.neighbours]
    alike = [other for unit in units for other, _distance in india.most_like(unit, 2)]
    first = [india.by_slug[slug] for slug in ("kerala", "bihar", "goa") if slug in india.by_slug]
    offers = dict.fromkeys([*alike, *near] or first)
    return [unit for unit in offers if unit not in units][:6]


def _compared(india: Atlas, units: list[Unit]) -> list[tuple[str, list[dict]]]:
    return [
        (Indicator.Theme(theme).label, [_compared_by(india, ranking, units) for ranking in group])
        for theme, group in _by_theme(india)
    ]


def _compared_by(india: Atlas, ranking: Ranking, units: list[Unit]) -> dict:
    """One indicator over these units: their values, who is better, the difference in words."""
    indicator = ranking.indicator
    rows = [ranking.row_of.get(unit.slug) for unit in units]
    known = sorted((row for row in rows if row), key=lambda row: -row.value)
    words, judged = "", {}
    if len(known) > 1:
        high, low = known[0], known[-1]
        words = wording.difference(high.value, high.unit.name, low.value, low.unit.name, indicator)
        if high.value == low.value and len(known) > 2:
            words = _("The same in all.")
        if high.value != low.value and indicator.higher_is != Indicator.Higher.NEUTRAL:
            better, worse = (high, low) if indicator.higher_is == "better" else (low, high)
            judged = {
                **{row.unit: "better" for row in known if row.value == better.value},
                **{row.unit: "worse" for row in known if row.value == worse.value},
            }
    cells = [
        {
            "unit": unit,
            "row": row,
            "judged": judged.get(unit, ""),
            "standing": wording.standing(row.rank, ranking.count, tied=row.tied) if row else "",
        }
        for unit, row in zip(units, rows, strict=True)
    ]
    return {
        "indicator": indicator,
        "head": indicator_head(india, indicator),
        "cells": cells,
        "national": ranking.national,
        "words": words,
    }
