"""What an editor typed and did not save yet: kept apart from the story and its history.

Every open form has a row of its own, so that two windows never overwrite each other. Saving the
form removes its row; what is left is offered when the editor opens the story again.
"""

from typing import Self

from django.conf import settings
from django.db import models, transaction
from django.http import QueryDict
from django.utils import timezone

from blog.content import Content
from blog.images import keys_in
from blog.posts import Post
from once.models import Key
from pocket.web.keys import uuid7

WORDS = ("title", "slug", "dek", "body", "language", "tags", "cover", "cover_alt", "name")
TICKS = ("is_for_later", "drops_cover")
MOST = 400_000  # characters of a field: a text that is too long to be saved is kept all the same
OFFERED = 5


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
        """Keep what stands in a form now. None if the form was saved meanwhile: its words are in

        the story, and an answer that comes late must not offer them again.
        """
        if Key.objects.filter(pk=form).exists():
            return None
        values = {"post": post, "typed": typed, "version": version, "saved_at": timezone.now()}
        return cls.objects.update_or_create(editor=by, form=form, defaults=values)[0]


def keys_in_drafts() -> set[str]:
    """The pictures that somebody has in a text which is not saved yet."""
    kept = Draft.objects.values_list("typed__body", "typed__cover")
    return {key for body, cover in kept.iterator() for key in [cover, *keys_in(body or "")]}
