"""The first page of the desk: where to go, and what colleagues did last."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from audit.models import Entry
from dashboard import sections
from dashboard.sections import desk_only
from pocket.web.http import Request

LATEST = 12


@require_safe
@desk_only(sections.OVERVIEW)
def overview(request: Request) -> HttpResponse:
    may_read = sections.LOG.is_open_to(request.user)
    latest = Entry.objects.in_words().order_by("-number")[:LATEST] if may_read else []
    return TemplateResponse(request, "dashboard/overview.html", {"latest": latest})
