"""The rooms of the desk, and who may enter which. A view asks for the permission of its room."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pocket.web.http import Request


@dataclass(frozen=True)
class Section:
    title: str
    address: str  # name of its first page
    permission: str = ""  # none: for all staff
    or_permission: str = ""  # opens it as well

    @property
    def url(self) -> str:
        return reverse(self.address)

    def is_open_to(self, person) -> bool:
        asked = [each for each in (self.permission, self.or_permission) if each]
        return any(map(person.has_perm, asked)) if asked else person.is_staff


OVERVIEW = Section(_("Overview"), "dashboard:overview")
STORIES = Section(_("Stories"), "dashboard:stories", "blog.change_post")
REVIEW = Section(_("Review"), "dashboard:review", "blog.moderate_comment", "contact.answer_message")
INBOX = Section(_("Inbox"), "contact:inbox", "contact.answer_message")
PEOPLE = Section(_("People"), "dashboard:people", "accounts.view_user")
LOG = Section(_("Audit log"), "dashboard:log", "audit.view_entry")
SEARCHES = Section(_("Searches"), "dashboard:searches", "search.view_missedsearch")
HEALTH = Section(_("Health"), "dashboard:health", "dashboard.view_health")
BACK_ROOM = Section(_("Back room"), "admin:index", "states.view_state")
SECTIONS = (
    OVERVIEW,
    STORIES,
    REVIEW,
    INBOX,
    PEOPLE,
    LOG,
    SEARCHES,
    HEALTH,
    BACK_ROOM,
)


def open_to(person) -> list[Section]:
    return [section for section in SECTIONS if section.is_open_to(person)]


def desk_only(section: Section) -> Callable:
    """Send strangers to log in; for whom the section is closed there is none.

    A stranger's POST leads to the section's first page, as its own address may know no GET.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: Request, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                is_page = request.method != "POST"
                return redirect_to_login(request.get_full_path() if is_page else section.url)
            if not section.is_open_to(request.user):
                raise Http404
            request.section, request.desk = section, open_to(request.user)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
