from datetime import timedelta
from itertools import count
from uuid import UUID

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import User
from blog.models import Comment, Post
from pocket.web.keys import uuid7

_numbers = count()


class MemberFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"member{n}")
    email = factory.LazyAttribute(lambda person: f"{person.username}@pocket.example")


def say(post: Post, body: str = "Well said.", *, by, to=None) -> Comment:
    """As a form does; whether it waits is for the site to say."""
    return Comment.say(Post.objects.get(pk=post.pk), body, by=by, to=to)


def believe(person, post: Post) -> Comment:
    """Let a first comment of theirs be approved, so that later ones are shown at once."""
    first = say(post, f"Greetings from {person.username}.", by=person)
    first.approve(version=first.version, by=None)
    return first


def shown(post: Post, body: str = "Well said.", *, by, to=None) -> Comment:
    """A comment that all see, whoever says it."""
    comment = say(post, body, by=by, to=to)
    if comment.is_waiting:
        comment.approve(version=comment.version, by=None)
    return comment


def many(post: Post, number: int, *, by, to=None) -> list[Comment]:
    """Comments that all see, made fast; the oldest first."""
    made = []
    for at in range(number):
        # In order also within a millisecond.
        key = UUID(int=uuid7().int >> 76 << 76 | 2 << 62 | next(_numbers))
        made.append(
            Comment(
                id=key,
                post=post,
                parent=to,
                thread=to.pk if to else key,
                author=by,
                body=f"Number {at}.",
                html=f"<p>Number {at}.</p>",
                fingerprint=str(at),
                status=Comment.Status.SHOWN,
                shown_at=timezone.now(),
            )
        )
    Comment.objects.bulk_create(made)
    if to:
        Comment.objects.filter(pk=to.pk).update(answers=number)
    return made


def minutes_pass(comment: Comment, minutes: float) -> None:
    made_at = comment.made_at - timedelta(minutes=minutes)
    Comment.objects.filter(pk=comment.pk).update(made_at=made_at)
    comment.refresh_from_db()
