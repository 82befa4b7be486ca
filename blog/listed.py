from typing import Self

from django.db import connection, models
from django.db.models import Prefetch
from django.utils import timezone

from states.models import State

# Of a story, what no list shows.
HEAVY = ("body", "html", "text", "headings")
NAMED = ("slug", "name")  # of a state, all that stories show of it


class ListedQuerySet(models.QuerySet):
    def on(self, shelf: str) -> Self:
        """What everybody may read now of a shelf."""
        return self.filter(shelf=shelf, published_at__lte=timezone.now())

    def for_cards(self) -> Self:
        light = self.select_related("post__author").defer(*(f"post__{name}" for name in HEAVY))
        states = Prefetch("post__states", State.objects.only(*NAMED))
        return light.prefetch_related("post__tags", states)


class Listed(models.Model):
    """A story on the shelf of a tag or a state, with its date.

    One index then reads a page of a shelf; through tags and states the database would collect all
    that the shelf has, and sort it. Only what is published stands here, also what is yet to come.
    """

    shelf = models.CharField(max_length=40)
    published_at = models.DateTimeField()
    post = models.ForeignKey("blog.Post", models.CASCADE, related_name="+")

    objects = ListedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shelf", "post"], name="blog_listed_once"),
        ]
        indexes = [
            models.Index(fields=["shelf", "-published_at", "-post"], name="blog_listed_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.shelf}: {self.post_id}"

    @classmethod
    def refresh(cls, post) -> None:
        """Put a story on its shelves, or off them, as it is now."""
        wanted = set(shelves_of(post)) if post.is_published else set()
        rows = list(cls.objects.filter(post=post))
        right = {
            it.shelf for it in rows if it.shelf in wanted and it.published_at == post.published_at
        }
        cls.objects.filter(pk__in=[it.pk for it in rows if it.shelf not in right]).delete()
        cls.objects.bulk_create(
            cls(shelf=shelf, published_at=post.published_at, post=post)
            for shelf in sorted(wanted - right)
        )

    @classmethod
    def rebuild(cls) -> None:
        """Put all stories on their shelves, of whoever wrote them past `Post`'s deeds."""
        cls.objects.all().delete()
        with connection.cursor() as cursor:
            for kind in ("tag", "state"):
                cursor.execute(REBUILD.format(kind=kind))


REBUILD = """
    INSERT INTO blog_listed (shelf, published_at, post_id)
    SELECT '{kind}:' || link.{kind}_id, post.published_at, post.id
    FROM blog_post_{kind}s link JOIN blog_post post ON post.id = link.post_id
    WHERE post.status = 'published' AND post.removed_at IS NULL
"""


def shelf_of(thing: models.Model) -> str:
    """The shelf of a tag or a state."""
    return f"{thing._meta.model_name}:{thing.pk}"


def shelves_of(post) -> list[str]:
    return [shelf_of(thing) for thing in (*post.tags.all(), *post.states.all())]
