"""What the site tells a person: a line with a link, read or not yet."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notices import kinds

READ_KEPT = timedelta(days=90)
KEPT = timedelta(days=365)
MOST_COUNTED = 99
NEWEST = ("-made_at", "-id")


class NoticeQuerySet(models.QuerySet):
    def of(self, person) -> "NoticeQuerySet":
        return self.filter(person=person)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)

    def outdated(self) -> "NoticeQuerySet":
        now = timezone.now()
        return self.filter(Q(read_at__lt=now - READ_KEPT) | Q(made_at__lt=now - KEPT))

    def count_for_header(self, person) -> int:
        """How many are unread, counted no further than a header shows; one cheap query."""
        return self.of(person).unread()[: MOST_COUNTED + 1].count()

    def tell(self, person, kind: str, *, link: str, by=None, **words: str) -> "Notice":
        """Tell a person something, in the transaction of the deed that it is about."""
        if kinds.kind(kind) is None:
            raise ValueError(f"Nobody registered notices of the kind {kind!r}.")
        return self.create(person=person, kind=kind, link=link, by=by, words=words)

    def mark_read(self) -> int:
        """Reading twice changes nothing: the first time counts."""
        return self.unread().update(read_at=timezone.now())


class Notice(models.Model):
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=40)
    link = models.CharField(max_length=2_000)  # a path of ours; 9 characters for an Indian letter
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    words = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["person", "-made_at", "-id"], name="notices_newest"),
            models.Index(
                fields=["person"], condition=Q(read_at__isnull=True), name="notices_unread"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(link__startswith="/"), name="notices_link_is_ours")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_read(self) -> bool:
        return self.read_at is not None

    @property
    def who(self) -> str:
        return self.by.display_name if self.by and not self.by.is_removed else _("a deleted member")

    @property
    def line(self) -> str:
        """Plain text; what people wrote is in it."""
        known = kinds.kind(self.kind)
        try:
            return str(known.text) % {**self.words, "who": self.who}
        except (AttributeError, KeyError):  # of a kind that the site knew once
            return str(_("Something happened here."))
