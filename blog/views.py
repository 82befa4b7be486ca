"""Stories as everybody reads them. All pages are the same for all and say so: `@public_page`."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from blog import feeds, images, lists, pages
from blog.comments import thread
from blog.lists import MovedError, StoryList
from blog.posts import STORIES, FormerSlug, Post
from pocket.web.errors import Missing
from pocket.web.http import Request, render_page
from pocket.web.keyset import AFTER, BEFORE
from pocket.web.pagecache import kept_until, made_of, public_page
from pocket.web.slugs import slug_of
from states import finding, labels, pictures
from states.atlas import atlas
from states.views import unit_or_404

A_YEAR = "public, max-age=31536000, immutable"


def of_stories(view: Callable) -> Callable:
    """Note that the page is made of stories, and stays true until the next one comes out."""

    @wraps(view)
    def noted(request: Request, *args, **kwargs) -> HttpResponse:
        made_of(request, STORIES)
        kept_until(request, Post.objects.next_appearance())
        return view(request, *args, **kwargs)

    return noted


# --- Lists --------------------------------------------------------------------------------------


@require_safe
@public_page(free=(AFTER, BEFORE))
@of_stories
def post_list(request: Request) -> HttpResponse:
    return listed(request, lists.everything())


@require_safe
@public_page(free=(AFTER, BEFORE))
@of_stories
def tag(request: Request, slug: str) -> HttpResponse:
    return found(lists.tagged, slug, lambda stories: listed(request, stories))


@require_safe
@public_page(free=(AFTER, BEFORE))
@of_stories
def state(request: Request, slug: str) -> HttpResponse:
    return found(about, slug, lambda stories: listed(request, stories))


@require_safe
@public_page(free=(AFTER, BEFORE))
@of_stories
def by(request: Request, username: str) -> HttpResponse:
    return found(lists.written_by, username, lambda stories: listed(request, stories))


@require_safe
@public_page(free=(AFTER, BEFORE))
@of_stories
def year(request: Request, year: int) -> HttpResponse:
    return listed(request, lists.of_year(year))


def listed(request: Request, stories: StoryList) -> HttpResponse:
    """A page of the list; htmx gets the few newest, to unfold them in another page."""
    page = stories.page(request.GET)
    context = {
        "stories": stories,
        "page": page,
        "years": lists.years() if stories.unit is None and page.is_first else [],
    }
    return render_page(request, "blog/post_list.html", context, partial="newest")


def found(make: Callable[[str], StoryList], name: str, show: Callable) -> HttpResponse:
    try:
        return show(make(name))
    except MovedError as moved:
        return redirect(moved.to, permanent=moved.for_good)


def about(slug: str) -> StoryList:
    india = atlas()
    if slug not in india.by_slug and (unit := finding.called(india, slug)):
        raise MovedError(lists.about(unit).path)
    return lists.about(unit_or_404(india, slug))


# --- Feeds --------------------------------------------------------------------------------------


@require_safe
@public_page(neutral=True)
@of_stories
def feed(request: Request) -> HttpResponse:
    return feeds.answer(lists.everything())


@require_safe
@public_page(neutral=True)
@of_stories
def tag_feed(request: Request, slug: str) -> HttpResponse:
    return found(lists.tagged, slug, feeds.answer)


@require_safe
@public_page(neutral=True)
@of_stories
def state_feed(request: Request, slug: str) -> HttpResponse:
    return found(about, slug, feeds.answer)


@require_safe
@public_page(neutral=True)
@of_stories
def by_feed(request: Request, username: str) -> HttpResponse:
    return found(lists.written_by, username, feeds.answer)


# --- One story ----------------------------------------------------------------------------------


@require_safe
@public_page("after", "before")
@of_stories
def post(request: Request, slug: str) -> HttpResponse:
    shown = Post.objects.public().filter(slug=slug).select_related("author").first()
    if shown is None:
        return elsewhere(slug)
    made_of(request, shown.topic)
    talk = thread(shown, request.GET)
    kept_until(request, talk.until)
    context = pages.story(shown) | {"thread": talk}
    return TemplateResponse(request, "blog/post_detail.html", context)


@require_safe
@public_page(cache_control=A_YEAR, neutral=True)
@of_stories
def qr(request: Request, slug: str) -> HttpResponse:
    svg = labels.qr_svg(settings.SITE_URL + post_or_404(slug).get_absolute_url())
    return HttpResponse(svg, content_type="image/svg+xml")


@require_safe
@public_page(neutral=True)
@of_stories
def picture(request: Request, slug: str) -> HttpResponse:
    shown = post_or_404(slug)
    here = set(shown.states.values_list("slug", flat=True))
    cover = images.cover_file(shown.cover)
    png = pictures.of_story(atlas(), shown.title, shown.dek, here, cover=cover)
    return HttpResponse(png, content_type="image/png")


def post_or_404(slug: str) -> Post:
    shown = Post.objects.public().filter(slug=slug).first()
    if shown is None:
        raise Missing(_("There is no story at this address."))
    return shown


def elsewhere(slug: str) -> HttpResponse:
    """Send on from an address that the story had, or one that is written otherwise."""
    public = Post.objects.public()
    left = FormerSlug.objects.filter(slug=slug).values("post")
    moved = public.filter(pk__in=left).first() or public.filter(slug=slug_of(slug)).first()
    if moved is None:
        raise Missing(_("There is no story at this address."), pages.suggested(slug))
    return redirect(moved, permanent=True)
