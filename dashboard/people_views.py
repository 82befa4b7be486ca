"""Everybody who has an account: the list, and its file."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from dashboard import sections
from dashboard.files import as_csv
from dashboard.people_list import PEOPLE
from dashboard.sections import desk_only
from pocket.web.http import Request


@require_safe
@desk_only(sections.PEOPLE)
def people(request: Request) -> HttpResponse:
    shown = PEOPLE.of(request)
    page = shown.page(request)
    context = {"shown": shown, "page": page, "rows": shown.cells(page)}
    return TemplateResponse(request, "dashboard/people.html", context)


@require_safe
@desk_only(sections.PEOPLE)
def people_csv(request: Request) -> HttpResponse:
    # What was searched for may be a name, and the log would not know whose to forget.
    return as_csv(request, PEOPLE.of(request), field="id", untold=("words",))
