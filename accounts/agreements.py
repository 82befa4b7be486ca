"""What people agreed to: the words of the privacy page, by their version."""

from datetime import date

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from audit import trail
from pocket.web.keys import uuid7

# Every version of the privacy page and what was new in it, the newest last. Words that change what
# people agree to need a new version here.
VERSIONS: dict[date, str | Promise] = {
    date(2026, 11, 21): _("The first."),
    date(2026, 11, 22): _("Words of searches that find nothing are counted."),
}


def newest() -> date:
    return max(VERSIONS)


def version_called(text: str) -> date:
    """Return the version that a form carried: what was shown to the reader; else the newest."""
    return next((version for version in VERSIONS if version.isoformat() == text), newest())


class AgreementQuerySet(models.QuerySet):
    def holding(self):
        return self.filter(withdrawn_at__isnull=True)

    def is_asked(self, person) -> bool:
        """Whether the person has yet to agree to the newest version."""
        return not self.holding().filter(person=person, version=newest()).exists()

    @transaction.atomic
    def agree(self, person, version: date) -> None:
        """Note that the person agrees. Twice changes nothing, and the first time counts."""
        _agreement, is_new = self.get_or_create(person=person, version=version, withdrawn_at=None)
        if is_new:
            words = {"what": version.isoformat()}
            trail.record("accounts.agreed", target=person, actor=person, **words)

    @transaction.atomic
    def withdraw(self, person) -> None:
        if self.holding().filter(person=person).update(withdrawn_at=timezone.now()):
            trail.record("accounts.agreement_withdrawn", target=person, actor=person)


class Agreement(models.Model):
    """Somebody agreed to a version of the privacy page, until they withdrew that."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="agreements")
    version = models.DateField(_("version"))
    agreed_at = models.DateTimeField(_("agreed"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "version"],
                condition=Q(withdrawn_at__isnull=True),
                name="accounts_agreement_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=models.F("agreed_at")),
                name="accounts_agreement_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.version.isoformat()
