"""Who may not take part for a while: nobody sees a word of theirs, and no row of it is touched."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from audit import trail
from blog.posts import STORIES
from pocket.web import generation

MODERATE = "blog.moderate_comment"


class AlreadyBannedError(Exception):
    """Another moderator was faster; `ban` is theirs."""

    def __init__(self, ban: "Ban") -> None:
        super().__init__(f"ban {ban.pk}")
        self.ban = ban


class BanQuerySet(models.QuerySet):
    def in_force(self) -> "BanQuerySet":
        is_on = Q(until__isnull=True) | Q(until__gt=timezone.now())
        return self.filter(is_on, lifted_at__isnull=True)

    def on(self, person) -> "Ban | None":
        """The ban that holds for a person now."""
        return self.in_force().filter(person=person).first() if person and person.pk else None

    def next_end(self) -> datetime | None:
        """When the next one ends by itself: until then no page changes because of it."""
        return self.in_force().aggregate(at=models.Min("until"))["at"]


class Ban(models.Model):
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reason = models.TextField(_("reason"), max_length=500)
    imposed_at = models.DateTimeField(default=timezone.now)
    imposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    until = models.DateTimeField(_("until"), null=True, blank=True)  # for good, where empty
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = BanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(lifted_at__isnull=True),
                name="blog_ban_one_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="blog_ban_has_reason"),
        ]

    def __str__(self) -> str:
        return f"ban {self.pk}"

    @property
    def words(self) -> str:
        """What the person is told when they try to say something."""
        told = {"reason": self.reason}
        if self.until is None:
            return _("You may not comment here any more. Reason: %(reason)s") % told
        day = date_format(timezone.localtime(self.until), "d M Y, H:i")
        words = _("You may not comment here until %(day)s (India). Reason: %(reason)s")
        return words % {**told, "day": day}

    # --- Deeds ----------------------------------------------------------------------------------

    @classmethod
    @transaction.atomic
    def impose(cls, person, *, by, reason: str, days: int | None) -> "Ban":
        """Ban for so many days, for good if None. Raises AlreadyBannedError, PermissionDenied."""
        get_user_model().objects.select_for_update(no_key=True).get(pk=person.pk)  # one at a time
        if person == by or person.has_perm(MODERATE):
            raise PermissionDenied("Nobody bans themselves or another moderator.")
        if standing := cls.objects.on(person):
            raise AlreadyBannedError(standing)
        # What ran out by itself makes room for the next.
        cls.objects.filter(person=person, lifted_at__isnull=True).update(lifted_at=F("until"))
        until = None if days is None else timezone.now() + timedelta(days=days)
        ban = cls.objects.create(person=person, imposed_by=by, reason=reason, until=until)
        generation.bump(STORIES)
        trail.record(
            "blog.person_banned", target=person, actor=by, reason=reason, after={"until": until}
        )
        return ban

    @transaction.atomic
    def lift(self, *, by) -> bool:
        """End it now, and show all that was hidden. Returns whether it was in force."""
        mine = Ban.objects.in_force().filter(pk=self.pk)
        if not mine.update(lifted_at=timezone.now(), lifted_by=by):
            return False
        self.refresh_from_db()
        generation.bump(STORIES)
        trail.record("blog.person_unbanned", target=self.person, actor=by)
        return True
