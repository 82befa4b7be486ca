"""The pages of the states. All are the same for every reader and say so: `@public_page`."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pocket.web.errors import Missing
from pocket.web.http import Request, render_page
from pocket.web.pagecache import public_page
from states import finding, labels, pages, pictures, structured
from states.atlas import Atlas, Unit, atlas
from states.models import Source
from states.rankings import ways

A_YEAR = "public, max-age=31536000, immutable"


@require_safe
@public_page("indicator", "view")
def home(request: Request) -> HttpResponse:
    india = atlas()
    if not india.units:
        return TemplateResponse(request, "states/empty.html")
    chart, notices = pages.chart(india, request.GET)
    month = timezone.localdate().month
    context = {
        "chart": chart,
        "notices": notices,
        "units": india.units,
        "indicators": india.indicators,
        "season": india.in_season(month)[:6],
        "structured": structured.site(),
        "month": month,
    }
    return render_page(request, "states/home.html", context, partial="chart")


@require_safe
@public_page("region", "kind", "tag", "sort", "show", free=("q",))
def state_list(request: Request) -> HttpResponse:
    context = pages.listing(atlas(), request.GET)
    return render_page(request, "states/state_list.html", context, partial="results")


@require_safe
@public_page()
def state(request: Request, slug: str) -> HttpResponse:
    india = atlas()
    unit = india.by_slug.get(slug)
    if unit is None:
        return elsewhere(india, slug)
    return TemplateResponse(request, "states/state_detail.html", pages.state(india, unit))


@require_safe
@public_page()
def card(request: Request, slug: str) -> HttpResponse:
    india = atlas()
    unit = unit_or_404(india, slug)
    context = {
        "unit": unit,
        "figures": pages.headlines(india, unit),
        "path": reverse("states:card", args=[slug]),
        "address": settings.SITE_URL + unit.get_absolute_url(),
    }
    return TemplateResponse(request, "states/card.html", context)


@require_safe
@public_page(cache_control=A_YEAR, neutral=True)
def qr(request: Request, slug: str) -> HttpResponse:
    unit = unit_or_404(atlas(), slug)
    svg = labels.qr_svg(settings.SITE_URL + reverse("states:state", args=[unit.slug]))
    return HttpResponse(svg, content_type="image/svg+xml")


@require_safe
@public_page(neutral=True)
def picture(request: Request, slug: str) -> HttpResponse:
    india = atlas()
    png = pictures.of_state(india, unit_or_404(india, slug))
    return HttpResponse(png, content_type="image/png")


@require_safe
@public_page(neutral=True)
def home_picture(request: Request) -> HttpResponse:
    return HttpResponse(pictures.of_india(atlas()), content_type="image/png")


@require_safe
@public_page("s", free=("add",))
def compare(request: Request) -> HttpResponse:
    india = atlas()
    context = pages.comparison(india, request.GET)
    return render_page(request, "states/compare.html", context, partial="comparison")


@require_safe
@public_page()
def ranking_list(request: Request) -> HttpResponse:
    context = {"themes": pages.themes(atlas())}
    return TemplateResponse(request, "states/ranking_list.html", context)


@require_safe
@public_page("per", "sort", "view")
def ranking(request: Request, slug: str) -> HttpResponse:
    india = atlas()
    indicator = india.indicator(slug)
    if indicator is None:
        if better := india.indicator(slugify(slug).replace("_", "-")):
            return redirect(better, permanent=True)
        raise Missing(
            _("There is no ranking at this address."),
            [(_("All rankings"), reverse("states:rankings"))],
        )
    chart, notices = pages.chart(india, request.GET, indicator)
    context = {
        "chart": chart,
        "notices": notices,
        "indicator": indicator,
        "indicators": india.indicators,
        "ways": ways(indicator),
        "units": india.units,
        "structured": structured.dataset(indicator),
    }
    return render_page(request, "states/ranking_detail.html", context, partial="chart")


@require_safe
@public_page()
def sources(request: Request) -> HttpResponse:
    context = {"sources": Source.objects.prefetch_related("indicators")}
    return TemplateResponse(request, "states/source_list.html", context)


# --- Finding the state that an address names ----------------------------------------------------


def unit_or_404(india: Atlas, slug: str) -> Unit:
    unit = india.by_slug.get(slug)
    if unit is None:
        raise no_such_state(india, slug)
    return unit


def elsewhere(india: Atlas, slug: str) -> HttpResponse:
    """Send a capital letter, a code or another name (KA, IN-KA, orissa) to the right address."""
    if unit := finding.called(india, slug):
        return redirect(unit.state, permanent=True)
    raise no_such_state(india, slug)


def no_such_state(india: Atlas, slug: str) -> Http404:
    return Missing(
        _("There is no state or union territory at this address."),
        [(unit.name, unit.get_absolute_url()) for unit in finding.suggested(india, slug)],
    )
