"""Links by which somebody without an account may read a draft, until a day."""

import secrets
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from audit import trail
from blog.posts import Post

DAYS = 7


def new_code() -> str:
    return secrets.token_urlsafe(16)


class ShareLinkQuerySet(models.QuerySet):
    def valid(self) -> Self:
        return self.filter(until__gt=timezone.now(), post__removed_at__isnull=True)


class ShareLink(models.Model):
    post = models.ForeignKey(Post, models.CASCADE, related_name="share_links")
    code = models.CharField(max_length=22, unique=True, default=new_code)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.post} until {self.until:%d %b %Y}"

    @property
    def address(self) -> str:
        return settings.SITE_URL + reverse("blog:shared", args=[_signer().sign(self.code)])

    @classmethod
    @transaction.atomic
    def make(cls, post: Post, *, by) -> Self:
        link = cls.objects.create(
            post=post, made_by=by, until=timezone.now() + timedelta(days=DAYS)
        )
        trail.record("blog.draft_shared", target=post, actor=by, until=link.until)
        return link

    @classmethod
    @transaction.atomic
    def revoke_all(cls, post: Post, *, by) -> int:
        """Let every link to this story lead nowhere from now on."""
        gone, _ = post.share_links.all().delete()
        if gone:
            trail.record("blog.draft_unshared", target=post, actor=by, links=gone)
        return gone

    @classmethod
    def opened_by(cls, token: str) -> Self | None:
        """The link of this token; what we did not sign is not even looked up."""
        try:
            code = _signer().unsign(token)
        except BadSignature:
            return None
        return cls.objects.valid().select_related("post__author").filter(code=code).first()


def _signer() -> Signer:
    return Signer(sep="~", salt="blog.share")
