"""The first page of the desk: what there is, what waits for me, what colleagues did last."""

from django.db.models import Q
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from accounts.models import User
from audit.models import SYSTEM, VISITOR, Entry
from blog.posts import Post
from contact.models import Message
from dashboard import sections
from dashboard.figures import figures_for
from dashboard.search_list import SEARCHES
from dashboard.sections import desk_only
from dashboard.wording import in_words, target_of
from pocket.web.http import Request

LATEST = 12
LOOKED_AT = 1000  # newest entries among which colleagues' deeds are looked for
LISTED = 5


@require_safe
@desk_only(sections.OVERVIEW)
def overview(request: Request) -> HttpResponse:
    may_read = sections.LOG.is_open_to(request.user)
    context = {
        "figures": figures_for(request.user),
        "messages_of_mine": messages_of(request.user),
        "stories_of_mine": stories_of(request.user),
        "may_read_log": may_read,
        "latest": deeds_of_colleagues(request.user) if may_read else [],
    }
    return TemplateResponse(request, "dashboard/overview.html", context)


@require_safe
@desk_only(sections.SEARCHES)
def searches(request: Request) -> HttpResponse:
    shown = SEARCHES.of(request)
    page = shown.page(request)
    context = {"shown": shown, "page": page, "rows": shown.cells(page)}
    return TemplateResponse(request, "dashboard/searches.html", context)


def messages_of(person) -> list[Message]:
    """The oldest that they take care of."""
    if not sections.INBOX.is_open_to(person):
        return []
    statuses = [Message.Status.NEW, Message.Status.OPEN]
    theirs = Message.objects.filter(assigned_to=person, status__in=statuses)
    return list(theirs.only("subject", "sent_at").order_by("id")[:LISTED])


def stories_of(person) -> list[Post]:
    """Those of theirs that readers do not see yet, or not whole, the newest first."""
    if not sections.STORIES.is_open_to(person):
        return []
    unseen = Q(status=Post.Status.DRAFT) | Q(pk__in=Post.objects.waiting().values("pk"))
    theirs = Post.objects.by(person).filter(unseen)
    light = ("title", "slug", "status", "changed_at", "newest", "live", "published_at")
    return list(theirs.only(*light, "removed_at").order_by("-id")[:LISTED])


def deeds_of_colleagues(person) -> list[tuple[Entry, str, str]]:
    """What other staff did last, in words; looked for among the newest entries alone."""
    newest = Entry.objects.order_by("-number").values_list("number", "actor_id")[:LOOKED_AT]
    numbers = {number: actor for number, actor in newest if actor not in (SYSTEM, VISITOR)}
    others = set(numbers.values()) - {str(person.pk)}
    staff = User.objects.filter(pk__in=others, is_staff=True).values_list("pk", flat=True)
    known = {str(pk) for pk in staff}
    wanted = [number for number, actor in numbers.items() if actor in known][:LATEST]
    found = Entry.objects.in_words().filter(number__in=wanted).order_by("-number")
    return [(entry, in_words(entry), target_of(entry)) for entry in found]
