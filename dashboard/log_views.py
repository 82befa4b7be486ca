"""The audit log: the list, its files, one entry, and whether the chain holds."""

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.models import Entry
from dashboard import sections
from dashboard.files import as_csv, as_json
from dashboard.log_list import LOG, address_of
from dashboard.models import ChainCheck, Decision
from dashboard.sections import desk_only
from pocket.web.errors import Missing
from pocket.web.http import Request

MOST = 2**63 - 1
NAMING = ("person",)  # a filter that would outlive the person in the log of an export


@require_safe
@desk_only(sections.LOG)
def log(request: Request) -> HttpResponse:
    shown = LOG.of(request)
    page = shown.page(request)
    context = {
        "shown": shown,
        "page": page,
        "rows": shown.cells(page),
        "check": ChainCheck.objects.select_related("asked_by").first(),
    }
    return TemplateResponse(request, "dashboard/log.html", context)


@require_POST
@desk_only(sections.LOG)
def check(request: Request) -> HttpResponse:
    asked = ChainCheck.ask(by=request.user)
    if asked.done_at is None:
        messages.success(
            request, _("The log is being checked. Open this page again for the result.")
        )
    return redirect("dashboard:log")


@require_safe
@desk_only(sections.LOG)
def entry(request: Request, number: int) -> HttpResponse:
    found = Entry.objects.in_words().filter(number=number).first() if number <= MOST else None
    if found is None:
        raise Missing(_("There is no entry of this number."))
    detail = found.detail
    decision = Decision.objects.filter(entry=number).first()
    context = {
        "entry": found,
        "detail": detail,
        "address": address_of(found),
        "changes": changes(detail.before, detail.after),
        "more": sorted(detail.more.items()),
        "decision": decision if decision and decision.is_open_to(request.user) else None,
    }
    return TemplateResponse(request, "dashboard/entry.html", context)


def changes(before: dict, after: dict) -> list[tuple[str, object, object]]:
    """Each field that an entry tells of, as it was and as it is."""
    return [(name, before.get(name), after.get(name)) for name in sorted({*before, *after})]


@require_safe
@desk_only(sections.LOG)
def thing(request: Request, kind: str, key: str) -> HttpResponse:
    """Lead to what an entry is about: its page, or the back room's; if it is gone, say so."""
    try:
        model = apps.get_model(kind)
        found = model._base_manager.filter(pk=model._meta.pk.to_python(key)).first()
    except (LookupError, ValueError, OverflowError, ValidationError):
        found = None
    if found is None:
        raise Missing(_("It is not there any more, or never was. What the log says of it stays."))
    if kind == "accounts.user" and sections.PEOPLE.is_open_to(request.user):
        return redirect("dashboard:person", found.pk)
    if hasattr(found, "get_absolute_url"):
        return redirect(found)
    try:
        return redirect(reverse(f"admin:{kind.replace('.', '_')}_change", args=[found.pk]))
    except NoReverseMatch:
        raise Missing(_("It has no page of its own.")) from None


@require_safe
@desk_only(sections.LOG)
def log_csv(request: Request) -> HttpResponse:
    return as_csv(request, LOG.of(request), field="number", untold=NAMING)


@require_safe
@desk_only(sections.LOG)
def log_json(request: Request) -> HttpResponse:
    return as_json(request, LOG.of(request), field="number", untold=NAMING)
