"""The same facts as CSV and JSON, with unit, year and source beside every figure."""

from decimal import Decimal

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pocket.web.errors import Missing
from pocket.web.http import Request
from pocket.web.pagecache import public_page
from pocket.web.spreadsheet import csv_lines
from states.atlas import Atlas, Unit, atlas
from states.models import Indicator
from states.rankings import Ranking, ways
from states.views import unit_or_404

FIELDS = ("code", "state", "indicator", "label", "value", "unit", "as_of", "source", "note")


@require_safe
@public_page(neutral=True)
def data_csv(request: Request) -> HttpResponse:
    """Every published value, a row each."""
    india = atlas()
    rows = (
        (unit.code, unit.name, *_facts(india.ranking(indicator), unit.values[indicator.slug]))
        for indicator in india.indicators
        for unit in india.units
        if indicator.slug in unit.values
    )
    return csv_answer("pocket-india.csv", FIELDS, rows)


@require_safe
@public_page(neutral=True)
def data_json(request: Request) -> HttpResponse:
    india = atlas()
    return json_answer(
        {
            "title": _("Pocket: the 36 states and union territories of India"),
            "home": settings.SITE_URL + reverse("states:home"),
            "indicators": [_indicator(indicator) for indicator in india.indicators],
            "states": [
                {
                    **_names(unit),
                    "values": {
                        indicator.key: number(unit.values.get(indicator.slug))
                        for indicator in india.indicators
                    },
                }
                for unit in india.units
            ],
        }
    )


@require_safe
@public_page(neutral=True)
def state_json(request: Request, slug: str) -> HttpResponse:
    india = atlas()
    unit = unit_or_404(india, slug)
    return json_answer(
        {
            **_names(unit),
            "tagline": unit.tagline,
            "summary": unit.state.paragraphs,
            "capitals": [
                {"name": c.name, "role": c.detail, "native_name": c.line, "lang": c.tag}
                for c in unit.capitals
            ],
            "formed": {"date": unit.formed_on.isoformat(), "what": unit.formed_what},
            "languages": {
                "official": [language.name for language in unit.official_languages],
                "other": [language.name for language in unit.other_languages],
            },
            "neighbours": [other.slug for other in unit.neighbours],
            "borders": unit.borders,
            "figures": [
                {
                    **_indicator(indicator),
                    "value": number(unit.values.get(indicator.slug)),
                    "rank": row.rank if row else None,
                    "of": ranking.count,
                    "india": number(ranking.national),
                }
                for indicator in india.indicators
                for ranking in [india.ranking(indicator)]
                for row in [ranking.row_of.get(unit.slug)]
            ],
            "places": [
                {
                    "name": place.name,
                    "latitude": float(place.latitude),
                    "longitude": float(place.longitude),
                    "line": place.line,
                }
                for place in unit.places
            ],
            "produce": [
                {"name": p.name, "gi": p.flag, "months": list(p.season) if p.season else None}
                for p in unit.produce
            ],
            "dishes": [{"name": dish.name, "line": dish.line} for dish in unit.dishes],
            "crafts": [{"name": craft.name, "gi": craft.flag} for craft in unit.crafts],
            "festivals": [
                {"name": f.name, "when": f.detail, "line": f.line} for f in unit.festivals
            ],
            "heritage": [
                {"name": site.name, "year": int(site.tag), "kind": site.detail}
                for site in unit.heritage
            ],
            "national_parks": [park.name for park in unit.parks],
            "notes": unit.notes.split("\n\n") if unit.notes else [],
        }
    )


@require_safe
@public_page("per", neutral=True)
def ranking_csv(request: Request, slug: str) -> HttpResponse:
    ranking = _ranking_or_404(atlas(), slug, request.GET.get("per", ""))
    rows = (
        (row.rank, row.unit.code, row.unit.name, *_facts(ranking, row.value))
        for row in ranking.rows
    )
    name = f"pocket-{slug}-per-{ranking.per}.csv" if ranking.per else f"pocket-{slug}.csv"
    return csv_answer(name, ("rank", *FIELDS), rows)


@require_safe
@public_page("per", neutral=True)
def ranking_json(request: Request, slug: str) -> HttpResponse:
    ranking = _ranking_or_404(atlas(), slug, request.GET.get("per", ""))
    return json_answer(
        {
            **_indicator(ranking.indicator),
            "unit": ranking.unit_words,
            "per": ranking.per or None,
            "india": number(ranking.national),
            "of": ranking.count,
            "ranks": [
                {"rank": row.rank, **_names(row.unit), "value": number(row.value)}
                for row in ranking.rows
            ],
            "not_published": [unit.slug for unit in ranking.missing],
        }
    )


def _ranking_or_404(india: Atlas, slug: str, per: str) -> Ranking:
    """The ranking as published, or per person or km² where the page offers that."""
    indicator = india.indicator(slug)
    if indicator is None:
        raise Missing(
            _("There is no ranking at this address."),
            [(_("All rankings"), reverse("states:rankings"))],
        )
    return india.ranking(indicator, per if per in ways(indicator) else "")


def _names(unit: Unit) -> dict:
    return {
        "code": unit.code,
        "slug": unit.slug,
        "name": unit.name,
        "also_known_as": unit.also_known_as or None,
        "kind": unit.kind,
        "region": unit.region,
        "native_names": [{"lang": name.tag, "name": name.name} for name in unit.native_names],
        "url": settings.SITE_URL + unit.get_absolute_url(),
    }


def _indicator(indicator: Indicator) -> dict:
    return {
        "indicator": indicator.key,
        "label": indicator.label,
        "unit": indicator.unit,
        "as_of": indicator.as_of,
        "higher_is": indicator.higher_is,
        "source": str(indicator.source),
        "note": indicator.note or None,
    }


def _facts(ranking: Ranking, value: Decimal) -> tuple:
    indicator = ranking.indicator
    return (
        indicator.key,
        indicator.label,
        number(value),
        ranking.unit_words,
        indicator.as_of,
        str(indicator.source),
        indicator.note,
    )


def number(value) -> int | float | None:
    """A JSON number as exact as it was published; None: not published."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def csv_answer(name: str, header: tuple[str, ...], rows) -> HttpResponse:
    """A CSV file in UTF-8 that no spreadsheet takes for formulas."""
    text = "".join(csv_lines(header, rows))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def json_answer(data: dict) -> JsonResponse:
    return JsonResponse(data, json_dumps_params={"ensure_ascii": False})
