"""A member's passport. All is private and answers `no-store`, the default of the house."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from passport import pages
from passport.forms import SharingForm, StampForm
from passport.models import Passport, Stamp
from pocket.web.errors import Missing
from pocket.web.http import Request, render_page
from states import finding, labels
from states.atlas import Atlas, Unit, atlas


def members_only(view: Callable) -> Callable:
    """Send strangers to log in, and from there to a page: the address of a deed is none."""

    @wraps(view)
    def guarded(request: Request, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method != "POST":
            return redirect_to_login(request.get_full_path())
        page = reverse("passport:stamp", kwargs=kwargs) if kwargs else reverse("passport:passport")
        return redirect_to_login(page)

    return guarded


@require_safe
@members_only
def passport(request: Request) -> HttpResponse:
    context = pages.passport(atlas(), request.user, request.GET)
    return render_page(request, "passport/passport.html", context, partial="passport")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def stamp(request: Request, slug: str) -> HttpResponse:
    unit = unit_or_404(atlas(), slug)
    marked = pages.stamp_of(unit, request.user)
    written = marked and {"kind": marked.kind, "year": marked.year, "note": marked.note}
    form = StampForm(
        request.POST if request.method == "POST" else None, initial=written, label_suffix=""
    )

    if form.is_valid():
        Stamp.objects.write(request.user, unit.state, **form.cleaned_data)
        messages.success(request, said(unit, form.cleaned_data["kind"]))
        return redirect(reverse("passport:passport", fragment=f"stamp-{unit.slug}"))

    context = {"slot": pages.Slot.of(unit, marked), "unit": unit, "units": [unit], "form": form}
    status = 422 if form.is_bound else 200
    return render_page(
        request, "passport/stamp_form.html", context, partial="stamp-form", status=status
    )


@require_POST
@members_only
def visited(request: Request, slug: str) -> HttpResponse:
    unit = unit_or_404(atlas(), slug)
    Stamp.objects.mark(request.user, unit.state, Stamp.Kind.VISITED)
    return marked(request, unit, said(unit, Stamp.Kind.VISITED))


@require_POST
@members_only
def wished(request: Request, slug: str) -> HttpResponse:
    unit = unit_or_404(atlas(), slug)
    Stamp.objects.mark(request.user, unit.state, Stamp.Kind.WISHED)
    return marked(request, unit, said(unit, Stamp.Kind.WISHED))


@require_POST
@members_only
def clear(request: Request, slug: str) -> HttpResponse:
    unit = unit_or_404(atlas(), slug)
    Stamp.objects.clear(request.user, unit.state)
    words = _("%(state)s is not in your passport any more.") % {"state": unit.name}
    return marked(request, unit, words)


@require_POST
@members_only
def share(request: Request) -> HttpResponse:
    form = SharingForm(request.POST)
    form.is_valid()  # a tick or none: there is no wrong answer
    Passport.objects.share(request.user, **form.cleaned_data)
    messages.success(request, _("Whoever has the link can see your passport now."))
    return redirect(reverse("passport:passport", fragment="sharing"))


@require_POST
@members_only
def unshare(request: Request) -> HttpResponse:
    Passport.objects.unshare(request.user)
    messages.success(request, _("Your passport is yours alone again; the link is dead."))
    return redirect(reverse("passport:passport", fragment="sharing"))


@require_safe
@members_only
def qr(request: Request) -> HttpResponse:
    """The QR code of the link that the person shares at the moment."""
    mine = Passport.objects.of(request.user)
    if not mine.is_shared:
        raise Http404
    return HttpResponse(labels.qr_svg(mine.address), content_type="image/svg+xml")


@require_safe
def shared(request: Request, code: str) -> HttpResponse:
    """What whoever knows the code may see. A link that died looks as if it had never been."""
    found = Passport.objects.shared_as(code).first()
    if found is None:
        raise Missing(_("Nobody shares a passport at this address, or not any more."))
    context = {**pages.whole(atlas(), found.person), "passport": found}
    if not found.with_notes:
        del context["noted"]
    response = TemplateResponse(request, "passport/shared.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


# --- What the deeds answer ----------------------------------------------------------------------


def marked(request: Request, unit: Unit, words: str) -> HttpResponse:
    """Answer a mark with the part of the page that it was made on, or lead back to that page."""
    messages.success(request, words)
    on_state_page = request.POST.get("on") == "state"
    if request.htmx.request_type != "partial":
        if on_state_page:
            return redirect(unit)
        filters = pages.passport(atlas(), request.user, request.GET)["filters"]
        fragment = f"stamp-{unit.slug}"
        return redirect(reverse("passport:passport", query=filters, fragment=fragment))
    if on_state_page:
        context = {"slot": pages.slot_of(unit, request.user), "on": "state"}
        return TemplateResponse(request, "passport/_marks.html", context)
    context = pages.passport(atlas(), request.user, request.GET, kept=unit)
    return TemplateResponse(request, "passport/passport.html#passport", context)


def said(unit: Unit, kind: str) -> str:
    if kind == Stamp.Kind.VISITED:
        return _("%(state)s is marked as visited.") % {"state": unit.name}
    return _("%(state)s is marked as wished for.") % {"state": unit.name}


def unit_or_404(india: Atlas, slug: str) -> Unit:
    if unit := india.by_slug.get(slug):
        return unit
    raise Missing(
        _("There is no state or union territory at this address."),
        [
            (unit.name, reverse("passport:stamp", args=[unit.slug]))
            for unit in finding.suggested(india, slug)
        ],
    )
