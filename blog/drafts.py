"""What an editor typed and did not save yet: kept apart from the story and its history.

Every open form has a row of its own, so that two windows never overwrite each other. Saving the
form removes its row; what is left is offered when the editor opens the story again.
"""

import re
from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils import timezone

from blog.content import Content
from blog.images import PATH, keys_in
from blog.posts import Post
from once.forms import KEY
from once.models import Key, unspent
from pocket.web.keys import uuid7
from pocket.web.slugs import slug_of

WORDS = ("title", "slug", "dek", "body", "language", "tags", "cover", "cover_alt", "name")
TICKS = ("is_for_later", "drops_cover")
MOST = 400_000  # characters of a field: a text that is too long to be saved is kept all the same
OFFERED = 5
RECENT = 10  # revisions
ONE_PICTURE = re.compile(rf"\s*!\[[^\]]*\]\({PATH.pattern}\)").fullmatch
BETWEEN_TAGS = re.compile("[,،]")


def typed(data: QueryDict) -> dict:
    """The words of a form as they came, right or wrong, without its files."""
    words = {name: _storable(data.get(name, "")) for name in WORDS}
    ticks = {name: name in data for name in TICKS}
    return {**words, **ticks, "states": [_storable(it) for it in data.getlist("states")[:50]]}


def typed_of(content: Content) -> dict:
    """What the form of this content says."""
    return {
        **content.as_data(),
        "tags": ", ".join(content.tags),
        "name": "",
        **dict.fromkeys(TICKS, False),
    }


def version_in(data: QueryDict) -> int:
    """The version that a form was made of; 0, which no story has, where it says none."""
    text = data.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _storable(text: str) -> str:
    return text[:MOST].replace("\0", "\ufffd").replace("\r\n", "\n")


def says_the_same(typed: dict, saved: Content) -> bool:
    """Whether all that was typed is in what was saved, apart from files that came along."""
    added = saved.body.removeprefix(typed["body"].rstrip()) if typed["body"] else saved.body
    names = ("title", "dek", "cover_alt", "language")
    return (
        all(typed[name].strip() == getattr(saved, name).strip() for name in names)
        and (saved.body == typed["body"].rstrip() or bool(ONE_PICTURE(added)))
        and (not typed["slug"].strip() or slug_of(typed["slug"]) == saved.slug)
        and {slug_of(it) for it in BETWEEN_TAGS.split(typed["tags"])} - {""}
        == {slug_of(it) for it in saved.tags}
        and set(typed["states"]) == set(saved.states)
    )


def is_saved_in(post: Post, typed: dict) -> bool:
    recent = post.revisions.all()[:RECENT]
    return any(says_the_same(typed, Content.of(it.content)) for it in recent)


def saved_with(form: str) -> Post | None:
    """The story that the form of this key was saved as, if it was."""
    if not KEY(form):
        return None
    answer = Key.objects.filter(pk=form).values_list("answer", flat=True).first()
    if not answer:
        return None
    try:
        slug = resolve(answer).kwargs.get("slug", "")
    except Resolver404:
        return None
    return Post.everything.at(slug)


class DraftQuerySet(models.QuerySet):
    def of(self, editor) -> Self:
        return self.filter(editor=editor)

    def about(self, post: Post | None) -> Self:
        return self.filter(post=post)


class Draft(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, models.CASCADE, null=True, related_name="drafts")
    form = models.CharField(max_length=32)  # the key of the form that it was typed into
    typed = models.JSONField()
    version = models.PositiveIntegerField(default=0)  # of the story, when the form was made
    saved_at = models.DateTimeField(default=timezone.now)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["editor", "form"], name="blog_draft_once")]

    def __str__(self) -> str:
        return self.typed.get("title") or str(self.pk)

    @classmethod
    @transaction.atomic
    def keep(cls, post: Post | None, *, by, form: str, typed: dict, version: int) -> Self | None:
        """Keep what stands in a form now. None if the form was saved meanwhile with these words:

        an answer that comes late must not offer them again. What was typed since then, because
        the answer to saving never came, is kept.
        """
        if saved := saved_with(form):
            if is_saved_in(saved, typed):
                return None
            post = saved
        form = unspent(form)
        values = {"post": post, "typed": typed, "version": version, "saved_at": timezone.now()}
        return cls.objects.update_or_create(editor=by, form=form, defaults=values)[0]


def keys_in_drafts() -> set[str]:
    """The pictures that somebody has in a text which is not saved yet."""
    kept = Draft.objects.values_list("typed__body", "typed__cover")
    return {key for body, cover in kept.iterator() for key in [cover, *keys_in(body or "")]}
