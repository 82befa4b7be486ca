from datetime import timedelta
from functools import partial
from typing import IO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import trail
from pocket.web.keys import uuid7
from privacy import exports, mails

KEPT = timedelta(days=7)  # the file
REMEMBERED = timedelta(days=90)  # that there was one
WEEK = timedelta(days=7)
MOST_A_WEEK = 5
STRANDED = timedelta(hours=1)  # whoever was making it is not any more


class ExportQuerySet(models.QuerySet):
    def of(self, person) -> "ExportQuerySet":
        return self.filter(person=person)

    def in_the_making(self) -> "ExportQuerySet":
        return self.filter(ready_at=None, failed_at=None)

    def ready(self) -> "ExportQuerySet":
        return self.filter(failed_at=None, expires_at__gt=timezone.now())

    def newest(self) -> "ExportQuerySet":
        return self.order_by("-asked_at", "-pk")

    def give_up_stranded(self) -> None:
        now = timezone.now()
        self.in_the_making().filter(asked_at__lte=now - STRANDED).update(failed_at=now)

    @transaction.atomic
    def ask(self, person) -> "Export":
        """Begin an export; the caller puts the work into the queue in the same transaction.

        Raises ValidationError, in words for the person, if there are enough of them.
        """
        # One at a time, or two at one moment would count the same week.
        get_user_model().objects.select_for_update(no_key=True).get(pk=person.pk)
        theirs = self.of(person)
        theirs.give_up_stranded()
        if theirs.in_the_making().exists():
            raise ValidationError(_("One is being made already. It will not be long."))
        lately = theirs.filter(failed_at=None, asked_at__gt=timezone.now() - WEEK)
        if len(moments := sorted(lately.values_list("asked_at", flat=True))) >= MOST_A_WEEK:
            again = timezone.localtime(moments[-MOST_A_WEEK] + WEEK)
            raise ValidationError(
                _("You had %(times)s in a week, which is the most. You can ask again on %(when)s."),
                params={"times": MOST_A_WEEK, "when": date_format(again, "d M Y, H:i")},
            )
        export = self.create(person=person)
        trail.record("privacy.export_asked", target=person, actor=person)
        return export


class Export(models.Model):
    """A zip of everything of one person: being made, ready for a week, expired, or failed."""

    class State(models.TextChoices):
        MAKING = "making", gettext_lazy("being made")
        READY = "ready", gettext_lazy("ready")
        EXPIRED = "expired", gettext_lazy("expired")
        FAILED = "failed", gettext_lazy("failed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    size = models.PositiveBigIntegerField(null=True, blank=True)  # of the file, in bytes
    failed_at = models.DateTimeField(null=True, blank=True)  # made in vain, or lost later

    objects = ExportQuerySet.as_manager()

    class Meta:
        default_permissions = []
        indexes = [models.Index(fields=["person", "asked_at"], name="privacy_export_of_person")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ready_at=None, failed_at=None),
                name="privacy_export_one_in_the_making",
            ),
            models.CheckConstraint(
                condition=Q(ready_at=None, expires_at=None, size=None)
                | Q(ready_at__isnull=False, expires_at__isnull=False, size__isnull=False),
                name="privacy_export_whole_when_ready",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.state.label}"

    @property
    def state(self) -> State:
        now = timezone.now()
        if self.failed_at:
            return self.State.FAILED
        if self.ready_at is None:
            return self.State.FAILED if self.asked_at <= now - STRANDED else self.State.MAKING
        return self.State.READY if self.expires_at > now else self.State.EXPIRED

    @property
    def is_in_the_making(self) -> bool:
        return self.state == self.State.MAKING

    @property
    def is_ready(self) -> bool:
        return self.state == self.State.READY

    @property
    def has_failed(self) -> bool:
        return self.state == self.State.FAILED

    # --- Deeds ----------------------------------------------------------------------------------

    def make(self) -> None:
        """Make the file and tell the person. Doing it twice, also at once, changes nothing."""
        if self.ready_at or self.failed_at:
            return
        try:
            with exports.draft(self.pk) as file:
                exports.write(file, self.person, moment=timezone.now())
                self._keep(file)
        except Exception:  # whatever it was, the person is told; the queue gets it all the same
            self._give_up()
            raise

    @transaction.atomic
    def _keep(self, file: IO[bytes]) -> None:
        now = timezone.now()
        mine = Export.objects.in_the_making().filter(pk=self.pk)
        if not mine.update(ready_at=now, expires_at=now + KEPT, size=file.tell()):
            return  # somebody else made it, or the person is gone
        self.refresh_from_db()
        mails.send(self.person, "export_ready", {"export": self})
        exports.keep(file, self.pk)

    @transaction.atomic
    def _give_up(self) -> None:
        mine = Export.objects.in_the_making().filter(pk=self.pk)
        if mine.update(failed_at=timezone.now()):
            mails.send(self.person, "export_failed", {})

    def opened(self) -> IO[bytes] | None:
        """Open the file to read; None if it is gone, which is noted: it can only be made anew."""
        try:
            return exports.path_of(self.pk).open("rb")
        except FileNotFoundError:
            Export.objects.filter(pk=self.pk, failed_at=None).update(failed_at=timezone.now())
            return None

    @transaction.atomic
    def hand_over(self, *, by, device: str, network: str) -> None:
        """Note that the person took the file, and tell them, in case that it was not them."""
        context = {"timestamp": timezone.now(), "device": device, "network": network}
        mails.send(self.person, "export_downloaded", context)
        trail.record("privacy.export_downloaded", target=self.person, actor=by)


def tidy_exports() -> None:
    """Give up what stranded, forget what is long past, and remove every file nobody can get."""
    Export.objects.give_up_stranded()
    Export.objects.filter(asked_at__lt=timezone.now() - REMEMBERED).delete()
    exports.sweep({str(key) for key in Export.objects.ready().values_list("pk", flat=True)})


def drop_exports(person) -> None:
    """Remove rows and files in the caller's transaction: the files go when it is sure."""
    theirs = Export.objects.of(person)
    keys = list(theirs.values_list("pk", flat=True))
    theirs.delete()
    transaction.on_commit(partial(exports.remove, keys))
