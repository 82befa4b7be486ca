"""What the desk itself keeps: how its checks of the audit log ended, and counts of past days."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import models, transaction
from django.tasks import task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import chain, trail
from dashboard.review_models import Claim, Decision

__all__ = ["ChainCheck", "Claim", "Decision"]

GIVEN_UP = timedelta(hours=1)  # a check that is not done by then never will be


class ChainCheck(models.Model):
    """A walk along the chain of the audit log: asked for by somebody, done by the queue."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    entries = models.PositiveBigIntegerField(_("entries that hold"), default=0)
    seconds = models.FloatField(_("seconds"), default=0)
    problem = models.TextField(_("what is wrong"), blank=True)

    class Meta:
        ordering = ["-asked_at", "-id"]
        default_permissions = []
        permissions = [("view_health", "Can see how the site is doing")]
        verbose_name = _("check of the audit log")
        verbose_name_plural = _("checks of the audit log")

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"

    @classmethod
    def ask(cls, *, by) -> "ChainCheck":
        """Have the log checked; one check at a time is enough."""
        with transaction.atomic():
            recent = timezone.now() - GIVEN_UP
            waiting = cls.objects.filter(done_at=None, asked_at__gte=recent).first()
            if waiting:
                return waiting
            asked = cls.objects.create(asked_by=by)
            trail.record("audit.check_asked", target=asked, actor=by)
            transaction.on_commit(partial(check_chain.enqueue, asked.pk))
        return asked

    def carry_out(self) -> None:
        verdict = chain.verify()
        wrong = [str(verdict.problem)] if verdict.problem else []
        if verdict.missing_guards:
            names = ", ".join(verdict.missing_guards)
            wrong.append(f"The database does not guard the log; missing: {names}.")
        self.entries, self.seconds = verdict.entries, verdict.seconds
        self.problem, self.done_at = "\n".join(wrong), timezone.now()
        self.save()


class SavedView(models.Model):
    """Filters and order of a list that somebody comes back to; nobody else sees it."""

    MOST = 20  # of one list

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    desk_list = models.CharField(max_length=30)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ["name"]
        default_permissions = []
        constraints = [
            models.UniqueConstraint(
                fields=["person", "desk_list", "name"], name="dashboard_savedview_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


@task
def check_chain(pk: int) -> None:
    """Walk along the audit log; a second time does nothing."""
    for asked in ChainCheck.objects.filter(pk=pk, done_at=None):
        asked.carry_out()


class DayCount(models.Model):
    """How many there were of something on a day that is over; see dashboard/counting.py."""

    name = models.CharField(_("of what"), max_length=20)
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("count"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "day"], name="dashboard_day_count_once"),
        ]
        default_permissions = []

    def __str__(self) -> str:
        return f"{self.name}, {self.day}: {self.count}"
