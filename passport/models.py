"""What a member marked: the states they visited and wish for, and who else may look at it.

All of it is private. Every read starts from the person, but for the one that starts from the
unguessable code of a passport that its owner shares.
"""

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from states.models import State

FIRST_YEAR = 1900
LONGEST_NOTE = 280


def this_year() -> int:
    """The year that it is in India."""
    return timezone.localdate().year


class StampQuerySet(models.QuerySet):
    def of(self, person) -> "StampQuerySet":
        return self.filter(person=person)

    def on(self, slug: str) -> "StampQuerySet":
        return self.filter(state__slug=slug)

    @transaction.atomic
    def mark(self, person, state: State, kind: str) -> "Stamp":
        """Mark a state visited or wished for. Marking it twice so changes nothing.

        A visit takes the place of the wish and the other way round. The note stays; the year
        belongs to the visit and goes with it.
        """
        stamp, is_new = self.select_for_update().get_or_create(
            person=person, state=state, defaults={"kind": kind}
        )
        if not is_new and stamp.kind != kind:
            stamp.kind = kind
            stamp.year = stamp.year if stamp.is_visited else None
            stamp.save(update_fields=["kind", "year", "changed_at"])
        return stamp

    @transaction.atomic
    def write(self, person, state: State, kind: str, *, year: int | None, note: str) -> "Stamp":
        """Mark a state, and write year and note anew. Writing the same twice changes nothing."""
        stamp = self.mark(person, state, kind)
        if (stamp.year, stamp.note) != (year, note):
            stamp.year, stamp.note = year, note
            stamp.save(update_fields=["year", "note", "changed_at"])
        return stamp

    def clear(self, person, state: State) -> bool:
        """Forget a state with its year and note; whether there was something to forget."""
        cleared, _by_model = self.of(person).filter(state=state).delete()
        return bool(cleared)


class Stamp(models.Model):
    """A state in a person's passport: visited or wished for. No row: neither."""

    class Kind(models.TextChoices):
        VISITED = "visited", _("visited")
        WISHED = "wished", _("wished for")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # Protected: a load of the states leaves alone what somebody marked.
    state = models.ForeignKey(State, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    year = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(FIRST_YEAR)]
    )
    note = models.TextField(blank=True, validators=[MaxLengthValidator(LONGEST_NOTE)])
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = StampQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "state"], name="passport_stamp_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["visited", "wished"]), name="passport_stamp_kind"
            ),
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(kind="visited", year__gte=FIRST_YEAR),
                name="passport_stamp_year_of_a_visit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state_id}: {self.get_kind_display()}"

    @property
    def is_visited(self) -> bool:
        return self.kind == self.Kind.VISITED


class PassportQuerySet(models.QuerySet):
    def of(self, person) -> "Passport":
        """The person's passport; one that was never shared is made up, not saved."""
        return self.filter(person=person).first() or Passport(person=person)

    def shared_as(self, code: str) -> "PassportQuerySet":
        owners = get_user_model().living.filter(is_active=True)
        return self.filter(code=code, person__in=owners).select_related("person")

    @transaction.atomic
    def share(self, person, *, with_notes: bool) -> "Passport":
        """Let everybody in who knows the link. Sharing twice keeps the link."""
        passport, _is_new = self.select_for_update().get_or_create(person=person)
        if not passport.is_shared:
            passport.code = secrets.token_urlsafe(16)
        passport.with_notes = with_notes
        passport.save()
        return passport

    def unshare(self, person) -> None:
        """Let nobody in any more: the link is dead for good, sharing again makes another."""
        self.filter(person=person).update(code=None, with_notes=False)


class Passport(models.Model):
    """Whether and how a person shares their stamps. Made when it is first shared."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    code = models.CharField(max_length=32, unique=True, null=True, blank=True, editable=False)
    with_notes = models.BooleanField(default=False)

    objects = PassportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code__isnull=True) | ~Q(code=""), name="passport_passport_code"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)

    @property
    def is_shared(self) -> bool:
        return bool(self.code)

    @property
    def address(self) -> str:
        """The link to share, with the site's own host."""
        return settings.SITE_URL + reverse("passport:shared", args=[self.code])

    @property
    def owner(self) -> str:
        """The name that whoever has the link sees."""
        return self.person.display_name
