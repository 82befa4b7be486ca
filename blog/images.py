"""Pictures in stories: made anew in three widths, named by chance, kept beside the avatars."""

import logging
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import BinaryIO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.pictures import Picture, reencoded
from pocket.web import markdown

logger = logging.getLogger("blog.images")

WIDTHS = (480, 960, 1600)
KEY = r"[A-Za-z0-9_-]{22}"
PATH = re.compile(rf"/media/stories/({KEY})(?![\w-])")


class Image(models.Model):
    """A picture that stories may show; in their text it stands as `![alt](/media/stories/<key>)`.

    A story that ever had it in a revision keeps it, so that every revision can come back.
    """

    key = models.CharField(primary_key=True, max_length=22)
    sizes = models.JSONField()  # [name of the file, width, height], from narrow to wide
    posts = models.ManyToManyField("blog.Post", related_name="images")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)

    def __str__(self) -> str:
        return self.key

    @property
    def path(self) -> str:
        return f"/media/stories/{self.key}"

    @property
    def shown(self) -> markdown.Image:
        """For an <img>: the middle width, the others in its srcset."""
        addresses = [(self.address(name), width, height) for name, width, height in self.sizes]
        src, width, height = addresses[min(1, len(addresses) - 1)]
        srcset = ", ".join(f"{address} {wide}w" for address, wide, _ in addresses)
        return markdown.Image(src, width, height, srcset if len(addresses) > 1 else "")

    @property
    def files(self) -> list[str]:
        return [image_path(self.key, name) for name, _, _ in self.sizes]

    def address(self, name: int) -> str:
        return reverse("story-images:image", args=[self.key, name])

    @classmethod
    def take(cls, file: BinaryIO, *, by) -> "Image":
        """Keep a picture that somebody sent. Raises ValidationError, in words for them.

        Never inside a transaction: see accounts/pictures.py.
        """
        return cls.keep(reencoded(file, WIDTHS), by=by)

    @classmethod
    def keep(cls, pictures: Sequence[Picture], *, by) -> "Image":
        """Files come before the row, so that no row lacks its file."""
        widths = {picture.width: picture for picture in reversed(pictures)}
        made = sorted(widths.values(), key=lambda picture: picture.width)
        sizes = [[picture.size, picture.width, picture.height] for picture in made]
        image = cls(key=secrets.token_urlsafe(16), sizes=sizes, made_by=by)
        try:
            for path, picture in zip(image.files, made, strict=True):
                default_storage.save(path, ContentFile(picture.data))
            image.save(force_insert=True)
        except BaseException:
            remove_files(image.files)
            raise
        return image


def image_path(key: str, name: int | str) -> str:
    return f"stories/{key}-{name}.webp"


def keys_in(text: str) -> list[str]:
    return list(dict.fromkeys(PATH.findall(text)))


def finder(text: str) -> Callable[[str], markdown.Image | None]:
    """Look up all pictures that a text shows, in one query; what this returns finds them."""
    keys = keys_in(text)
    found = Image.objects.in_bulk(keys) if keys else {}

    def image(path: str) -> markdown.Image | None:
        match = PATH.fullmatch(path)
        known = found.get(match[1]) if match else None
        return known.shown if known else None

    return image


def cover(key: str) -> markdown.Image | None:
    found = _called(key)
    return found.shown if found else None


def find_covers(posts: Sequence) -> None:
    """Give each story its `shown_cover`, all in one query."""
    keys = {post.cover for post in posts} - {""}
    found = Image.objects.in_bulk(keys) if keys else {}
    for post in posts:
        image = found.get(post.cover)
        post.shown_cover = image and image.shown


def cover_file(key: str) -> BytesIO | None:
    """The widest that there is of a cover."""
    found = _called(key)
    if found is None:
        return None
    try:
        with default_storage.open(found.files[-1]) as file:
            return BytesIO(file.read())
    except OSError:  # what is made of it can do without
        logger.exception("the file of a cover cannot be read")
        return None


def _called(key: str) -> Image | None:
    """None also where this cannot be a key: whoever sends a form may write anything there."""
    return Image.objects.filter(pk=key).first() if re.fullmatch(KEY, key) else None


def remove_files(paths: Iterable[str]) -> None:
    """Delete files; one that cannot be is noted, and keeps nobody from going on."""
    for path in paths:
        try:
            default_storage.delete(path)
        except Exception:  # whatever the storage says, the deed itself is done
            logger.exception("a file that nobody needs any more could not be removed")
