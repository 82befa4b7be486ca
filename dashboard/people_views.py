"""Everybody who has an account: the list, and its file."""

from django.http import HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit import trail
from dashboard import sections
from dashboard.people_list import PEOPLE
from dashboard.sections import desk_only
from pocket.web.http import Request
from pocket.web.spreadsheet import csv_lines


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
    shown = PEOPLE.of(request)
    # What was searched for may be a name, and the log would not know whose to forget.
    asked = {name: str(value) for name, value in shown.form.cleaned_data.items() if value}
    if "words" in asked:
        asked["words"] = "…"
    trail.record("accounts.exported", target=None, actor=request.user, form="csv", filters=asked)
    lines = csv_lines([column.name for column in PEOPLE.columns], shown.everything("id"))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"pocket-people-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
