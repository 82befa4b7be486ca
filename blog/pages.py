"""What the page of a story shows beside its text."""

from collections import Counter

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from blog import facts, structured
from blog.listed import HEAVY, NAMED, Listed, shelf_of
from blog.posts import NEWEST, Post
from search import index
from search.kinds import Kind
from search.words import fold

RELATED = 3
LOOKED_AT = 6  # of each shelf, for stories that are related
TOC_LEVELS = (2, 3)
TOC_LEAST = 2


def story(post: Post) -> dict:
    tags, states = list(post.tags.all()), list(post.states.only(*NAMED))
    newer, older = neighbours(post)
    path = post.get_absolute_url()
    return {
        "post": post,
        "tags": tags,
        "states": states,
        "html": facts.filled(post.html),
        "contents": contents(post),
        "newer": newer,
        "older": older,
        "related": related(post, [*tags, *states]),
        "path": path,
        "address": settings.SITE_URL + path,
        "picture": reverse("blog:picture", args=[post.slug]),
        "structured": structured.story(post, tags, states),
    }


def contents(post: Post) -> list[tuple[int, str, str]]:
    """The headings for a list of them; nothing where one look is enough."""
    found = [
        (level, name, text) for level, name, text in post.headings if level in TOC_LEVELS and text
    ]
    return found if len(found) >= TOC_LEAST else []


def neighbours(post: Post) -> tuple[Post | None, Post | None]:
    """The stories that came out next and last before this one."""
    light = Post.objects.public().defer(*HEAVY)
    at, pk = post.published_at, post.pk
    # The bound alone first: the database begins there, by the index of the order.
    later = Q(published_at__gte=at) & (Q(published_at__gt=at) | Q(pk__gt=pk))
    before = Q(published_at__lte=at) & (Q(published_at__lt=at) | Q(pk__lt=pk))
    newer = light.filter(later).order_by("published_at", "pk").first()
    return newer, light.filter(before).order_by(*NEWEST).first()


def related(post: Post, things: list) -> list[Post]:
    """Of the newest of each of its tags and states, those that share most of them. Two queries."""
    if not things:
        return []
    # One after the other: joined by OR, Postgres would rather read every shelf there is.
    first, *others = (_newest(Listed.objects.on(shelf_of(thing)), post) for thing in things)
    rows = first.union(*others, all=True)
    shared = Counter(rows)
    best = sorted(shared, key=lambda row: (shared[row], row[1], row[0]), reverse=True)[:RELATED]
    found = Post.objects.public().defer(*HEAVY).in_bulk([pk for pk, _at in best])
    return [found[pk] for pk, _at in best if pk in found]


def _newest(shelf, post: Post):
    newest = shelf.exclude(post=post).order_by("-published_at", "-post_id").values("pk")
    return Listed.objects.filter(pk__in=newest[:LOOKED_AT]).values_list("post_id", "published_at")


def suggested(slug: str) -> list[tuple[str, str]]:
    """Where an address of no story may have been meant to lead: by its words, typos forgiven."""
    results = index.find(" ".join(fold(slug)), kinds=[Kind.STORY], per_kind=3)
    keys = [hit.key for group in results.groups for hit in group.hits]
    found = {str(post.pk): post for post in Post.objects.public().filter(pk__in=keys).defer(*HEAVY)}
    return [(found[key].title, found[key].get_absolute_url()) for key in keys if key in found]
