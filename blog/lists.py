"""The lists of stories: all, of a tag, a state, an author, a year."""

from dataclasses import dataclass, replace

from django.db import models
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.former import FormerName
from accounts.profiles import person_at
from blog.images import find_covers
from blog.listed import Listed, ListedQuerySet, shelf_of
from blog.posts import NEWEST, Post, PostQuerySet, Tag
from pocket.web.errors import Missing
from pocket.web.keyset import KeysetPage, keyset_page
from pocket.web.slugs import slug_of
from states.atlas import Unit

PER_PAGE = 20
IN_A_FEED = 20


class MovedError(Exception):
    """The list has another address."""

    def __init__(self, to: str, *, for_good: bool = True) -> None:
        super().__init__(to)
        self.to = to
        self.for_good = for_good


@dataclass(frozen=True)
class StoryList:
    """`rows` are stories, or their places on a shelf; newest first either way."""

    rows: models.QuerySet
    title: str
    path: str
    feed: str = ""
    unit: Unit | None = None  # the state that it is about

    def page(self, asked: QueryDict) -> KeysetPage:
        if self._is_shelf:
            order = ("-published_at", "-post_id")
            page = keyset_page(self.rows.for_cards(), asked, order, size=PER_PAGE)
            page = replace(page, items=[row.post for row in page])
        else:
            page = keyset_page(self.rows.for_cards(), asked, NEWEST, size=PER_PAGE)
        find_covers(page.items)
        return page

    def newest(self) -> list[Post]:
        """The last few, whole: for a feed."""
        if self._is_shelf:
            rows = self.rows.select_related("post__author").prefetch_related("post__tags")
            found = [it.post for it in rows.order_by("-published_at", "-post_id")[:IN_A_FEED]]
        else:
            rows = self.rows.select_related("author").prefetch_related("tags")
            found = list(rows.order_by(*NEWEST)[:IN_A_FEED])
        find_covers(found)
        return found

    @property
    def _is_shelf(self) -> bool:
        return isinstance(self.rows, ListedQuerySet)


def everything() -> StoryList:
    path = reverse("blog:list")
    return StoryList(public(), _("Stories"), path, feed=reverse("blog:feed"))


def public() -> PostQuerySet:
    return Post.objects.public()


def tagged(slug: str) -> StoryList:
    tag = Tag.objects.filter(slug=slug).first()
    if tag is None and (tag := Tag.objects.filter(slug=slug_of(slug)).first()):
        raise MovedError(tag.get_absolute_url())
    rows = tag and Listed.objects.on(shelf_of(tag))
    if rows is None or not rows.exists():
        raise nothing(_("No story has this tag."))
    feed = reverse("blog:tag-feed", args=[tag.slug])
    title = _("Stories on “%(tag)s”") % {"tag": tag.name}
    return StoryList(rows, title, tag.get_absolute_url(), feed)


def about(unit: Unit) -> StoryList:
    path = reverse("blog:state", args=[unit.slug])
    feed = reverse("blog:state-feed", args=[unit.slug])
    title = _("Stories about %(state)s") % {"state": unit.name}
    return StoryList(Listed.objects.on(shelf_of(unit.state)), title, path, feed, unit)


def written_by(username: str) -> StoryList:
    """Raises MovedError where the author has another name now, or it is written otherwise."""
    author = person_at(username)
    if author is None:
        left = FormerName.objects.kept().called(username).select_related("person").first()
        author = left and person_at(left.person.username)
    rows = author and public().signed_by(author)
    if rows is None or not rows.exists():
        raise nothing(_("Nobody of that name has written a story here."))
    path = reverse("blog:by", args=[author.username])
    if author.username != username:
        raise MovedError(path, for_good=False)  # in 90 days the name may be another's
    feed = reverse("blog:by-feed", args=[author.username])
    return StoryList(rows, _("Stories by %(name)s") % {"name": author.display_name}, path, feed)


def of_year(year: int) -> StoryList:
    if year not in years():
        raise nothing(_("No story is of that year."))
    title = _("Stories of %(year)s") % {"year": year}
    return StoryList(public().of_year(year), title, reverse("blog:year", args=[year]))


def years() -> list[int]:
    """From this year back to that of the oldest story; one query, by the index."""
    oldest = public().aggregate(at=models.Min("published_at"))["at"]
    if oldest is None:
        return []
    return list(range(timezone.localdate().year, timezone.localdate(oldest).year - 1, -1))


def nothing(words: str) -> Http404:
    return Missing(words, [(_("All stories"), reverse("blog:list"))])
