"""Stories at the desk: the list, its file, tags for several at once, and what comes out when."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from blog.editing_deeds import ticked
from blog.posts import OutdatedError, Post
from dashboard import sections
from dashboard.files import as_csv
from dashboard.sections import desk_only
from dashboard.story_list import STORIES
from pocket.web.http import Request

MOST_SCHEDULED = 200


@require_safe
@desk_only(sections.STORIES)
def stories(request: Request) -> HttpResponse:
    shown = STORIES.of(request)
    page = shown.page(request)
    context = {"shown": shown, "page": page, "rows": shown.cells(page)}
    return TemplateResponse(request, "dashboard/stories.html", context)


@require_safe
@desk_only(sections.STORIES)
def stories_csv(request: Request) -> HttpResponse:
    return as_csv(request, STORIES.of(request), field="id", untold=("author",))


@require_POST
@desk_only(sections.STORIES)
def tag(request: Request) -> HttpResponse:
    """Tag all that are ticked, each or not: what somebody changed meanwhile is named."""
    name, chosen = request.POST.get("tag", "").strip(), ticked(request)
    if not name or not chosen:
        messages.error(request, _("Nothing was done: tick at least one story, and say which tag."))
        return redirect("dashboard:stories")
    done, others = 0, []
    for post in Post.everything.filter(pk__in=chosen).order_by("pk"):
        try:
            with transaction.atomic():
                post.add_tag(name, version=chosen[str(post.pk)], by=request.user)
        except OutdatedError:
            others.append(_("“%(title)s” was changed meanwhile.") % {"title": post.title})
        except ValidationError as error:
            others.append(f"{post.title}: {' '.join(error.messages)}")
        else:
            done += 1
    if done:
        words = ngettext("%(count)s story is tagged.", "%(count)s stories are tagged.", done)
        messages.success(request, words % {"count": done})
    for words in others:
        messages.error(request, words)
    return redirect("dashboard:stories")


@require_safe
@desk_only(sections.STORIES)
def calendar(request: Request) -> HttpResponse:
    """What is scheduled, day by day, the next first."""
    found = Post.objects.scheduled().order_by("published_at", "pk").select_related("author")
    coming = list(found.defer("body", "html", "text", "headings")[: MOST_SCHEDULED + 1])
    days = groupby(coming[:MOST_SCHEDULED], lambda post: timezone.localdate(post.published_at))
    context = {
        "days": [(day, list(posts)) for day, posts in days],
        "has_more": len(coming) > MOST_SCHEDULED,
    }
    return TemplateResponse(request, "dashboard/calendar.html", context)
