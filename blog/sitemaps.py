from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from blog.posts import NEWEST, STORIES, Post
from states.models import State

MOST = 20_000  # a sitemap may have 50,000 addresses; older stories are found through the lists


class Stories(Sitemap):
    topics = (STORIES,)

    def items(self):
        stories = Post.objects.public().order_by(*NEWEST).values_list("slug", "changed_at")
        return stories[:MOST].iterator(chunk_size=2_000)

    def location(self, item: tuple[str, datetime]) -> str:
        return reverse("blog:post", args=[item[0]])

    def lastmod(self, item: tuple[str, datetime]) -> datetime:
        return item[1]

    def until(self) -> datetime | None:
        return Post.objects.next_appearance()


class Lists(Sitemap):
    topics = (STORIES,)

    def items(self) -> list[str]:
        states = State.objects.values_list("slug", flat=True)
        return [reverse("blog:list"), *(reverse("blog:state", args=[slug]) for slug in states)]

    def location(self, item: str) -> str:
        return item


SITEMAPS = {"story-lists": Lists, "stories": Stories}
