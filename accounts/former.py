"""User names that somebody had until lately: they lead to the person and are not given away."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(days=90)
MONTH = timedelta(days=30)
MOST_A_MONTH = 3


class FormerNameQuerySet(models.QuerySet):
    def kept(self):
        return self.filter(until__gt=timezone.now())

    def expired(self):
        return self.filter(until__lte=timezone.now())

    def called(self, name: str):
        return self.alias(lower=Lower("name")).filter(lower=name.lower())

    def left_lately(self):
        return self.filter(left_at__gt=timezone.now() - MONTH)


class FormerName(models.Model):
    name = models.CharField(_("name"), max_length=150)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="former_names"
    )
    left_at = models.DateTimeField(_("left"))
    until = models.DateTimeField(_("kept until"))
    times = models.PositiveSmallIntegerField(default=1)  # that the person left it in this month

    objects = FormerNameQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="accounts_former_name_once")]

    def __str__(self) -> str:
        return self.name


def is_free(name: str, for_person=None) -> bool:
    """Whether nobody else has this name in any case of letters, nor had it in the last 90 days.

    Two who ask at one moment may both hear yes; the database then lets one of them in.
    """
    # In this order: whoever leaves a name meanwhile is found by one of the two.
    people = get_user_model().objects.alias(lower=Lower("username")).filter(lower=name.lower())
    former = FormerName.objects.kept().called(name)
    if for_person is not None:
        people = people.exclude(pk=for_person.pk)
        former = former.exclude(person=for_person)
    return not people.exists() and not former.exists()


def leave(person, name: str) -> None:
    """Keep a name that the person leaves now, in the caller's transaction."""
    now = timezone.now()
    left = FormerName.objects.called(name).select_for_update().first() or FormerName(times=0)
    if left.person_id != person.pk or left.left_at <= now - MONTH:
        left.times = 0
    left.name, left.person, left.left_at, left.until = name, person, now, now + KEPT
    left.times += 1
    left.save()


def times_lately(person) -> int:
    """How often the person was renamed in the last month."""
    lately = person.former_names.left_lately()
    return lately.aggregate(times=models.Sum("times", default=0))["times"]
