from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import User
from blog.content import Content
from blog.models import Post


class EditorFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"editor{n}")
    email = factory.LazyAttribute(lambda person: f"{person.username}@pocket.example")


def content(slug: str = "monsoon", **values) -> Content:
    return Content(
        **{"title": slug.replace("-", " ").title(), "slug": slug, "body": "It rains."} | values
    )


def draft(slug: str = "monsoon", *, by=None, byline: str = "", **values) -> Post:
    author = None if byline else by or EditorFactory()
    return Post.start(content(slug, **values), by=author, byline=byline)


def story(slug: str = "monsoon", *, days_ago: float = 1, **values) -> Post:
    """A story that is out since some days, or comes out in -days_ago."""
    post = draft(slug, **values)
    at = timezone.now() - timedelta(days=days_ago)
    post.publish(version=post.version, by=post.author, at=at)
    return post


def rows(number: int) -> list[Post]:
    """Many published stories as bare rows, without their deeds: on no shelf, in no search."""
    now = timezone.now()
    return Post.objects.bulk_create(
        Post(
            slug=f"story-{at}",
            title=f"Story {at}",
            status=Post.Status.PUBLISHED,
            published_at=now - timedelta(days=at + 1),
        )
        for at in range(number)
    )
