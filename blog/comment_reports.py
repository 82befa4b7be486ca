from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ReportQuerySet(models.QuerySet):
    def open(self) -> "ReportQuerySet":
        return self.filter(settled_at__isnull=True)

    def settle(self, *, by) -> int:
        return self.open().update(settled_at=timezone.now(), settled_by=by)


class Report(models.Model):
    """Somebody says that a comment should not be there; once for each person and comment."""

    class Reason(models.TextChoices):
        INSULT = "insult", _("It attacks or insults somebody")
        ADVERT = "advert", _("It is advertising")
        FALSE = "false", _("It says something false that does harm")
        PRIVATE = "private", _("It tells what is somebody's private matter")
        OTHER = "other", _("Something else")

    comment = models.ForeignKey(
        "blog.Comment", models.CASCADE, related_name="reports", db_index=False
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    words = models.TextField(_("in your words"), max_length=500, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "person"], name="blog_report_once"),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"
