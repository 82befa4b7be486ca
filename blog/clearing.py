"""What nobody needs any more: stories long in the bin, pictures of no story."""

import logging
from datetime import timedelta
from functools import partial

from django.db import models, transaction
from django.utils import timezone

from blog.drafts import keys_in_drafts
from blog.images import Image, remove_files
from blog.posts import Post

logger = logging.getLogger("blog.clearing")

UNUSED = timedelta(days=30)  # how long a picture waits to be put into a story


def empty_bin() -> int:
    """Delete for good what lay in the bin long enough, and return how many stories."""
    gone = 0
    for post in Post.everything.due_to_go():
        try:
            erase(post, by=None)
            gone += 1
        except Exception:  # one that cannot go today must not keep the others here
            logger.exception("a story could not be deleted for good")
    return gone


@transaction.atomic
def erase(post: Post, *, by) -> None:
    """Delete a story for good, with the pictures that no other story ever had."""
    keys = list(post.images.values_list("pk", flat=True))
    post.erase(by=by)
    _drop_unused(Image.objects.filter(pk__in=keys))


@transaction.atomic
def drop_forgotten_images() -> int:
    """Delete what was uploaded long ago and is in no story."""
    return _drop_unused(Image.objects.filter(made_at__lt=timezone.now() - UNUSED))


def _drop_unused(images: models.QuerySet) -> int:
    typed = keys_in_drafts()
    unused = [image for image in images.filter(posts__isnull=True) if image.pk not in typed]
    Image.objects.filter(pk__in=[image.pk for image in unused]).delete()
    files = [path for image in unused for path in image.files]
    transaction.on_commit(partial(remove_files, files))
    return len(unused)
