"""What all lists of the desk share."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard import sections
from dashboard.lists import DeskList
from dashboard.log_list import LOG
from dashboard.models import SavedView
from dashboard.people_list import PEOPLE
from dashboard.search_list import SEARCHES
from dashboard.sections import desk_only
from dashboard.story_list import STORIES
from pocket.web.errors import Missing
from pocket.web.http import Request

LISTS = {each.name: each for each in (LOG, STORIES, PEOPLE, SEARCHES)}
NO_PLACE = ("after", "before")  # a view begins at the beginning


@require_POST
@desk_only(sections.OVERVIEW)
def columns(request: Request, name: str) -> HttpResponse:
    """Keep which columns of a list somebody wants, and go back to it."""
    desk_list = list_or_404(name)
    desk_list.keep_columns(request)
    return redirect(address(desk_list, asked(request)))


@require_POST
@desk_only(sections.OVERVIEW)
def save_view(request: Request, name: str) -> HttpResponse:
    """Keep filters and order under a name; the same name takes the new ones."""
    desk_list, query = list_or_404(name), asked(request)
    called = " ".join(request.POST.get("name", "").split())
    mine = SavedView.objects.filter(person=request.user, desk_list=name)
    if not called or len(called) > 60:
        messages.error(request, _("Nothing was kept: a view needs a name of at most 60 letters."))
    elif mine.exclude(name=called).count() >= SavedView.MOST:
        messages.error(request, _("Nothing was kept: you have 20 views. Remove one first."))
    else:
        mine.update_or_create(
            person=request.user, desk_list=name, name=called, defaults={"query": query}
        )
        messages.success(request, _("The view is kept."))
    return redirect(address(desk_list, query))


@require_POST
@desk_only(sections.OVERVIEW)
def drop_view(request: Request, name: str) -> HttpResponse:
    desk_list = list_or_404(name)
    key = request.POST.get("view", "")
    mine = SavedView.objects.filter(person=request.user, desk_list=name)
    if key.isascii() and key.isdigit() and len(key) < 19:
        mine.filter(pk=key).delete()
    return redirect(address(desk_list, asked(request)))


def list_or_404(name: str) -> DeskList:
    if name not in LISTS:
        raise Missing(_("There is no such list."))
    return LISTS[name]


def asked(request: Request) -> str:
    """The filters and the order that the form was sent from."""
    query = QueryDict(request.POST.get("query", "")[:1000], mutable=True)
    for name in NO_PLACE:
        query.pop(name, None)
    return query.urlencode()[:1000]


def address(desk_list: DeskList, query: str) -> str:
    path = reverse(desk_list.address)
    return f"{path}?{query}" if query else path
