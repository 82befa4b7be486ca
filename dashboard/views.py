"""What all lists of the desk share."""

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from dashboard import sections
from dashboard.log_list import LOG
from dashboard.search_list import SEARCHES
from dashboard.sections import desk_only
from pocket.web.errors import Missing
from pocket.web.http import Request

LISTS = {each.name: each for each in (LOG, SEARCHES)}


@require_POST
@desk_only(sections.OVERVIEW)
def columns(request: Request, name: str) -> HttpResponse:
    """Keep which columns of a list somebody wants, and go back to it."""
    if name not in LISTS:
        raise Missing("")
    LISTS[name].keep_columns(request)
    asked = QueryDict(request.POST.get("query", "")[:2000])
    return redirect(f"{reverse(LISTS[name].address)}?{asked.urlencode()}")
