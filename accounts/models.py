from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.keys import uuid7


class User(AbstractUser):
    """A person with an account. Log-in, roles and profile stand on this."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(_("email address"))

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_once",
                violation_error_message=_("Someone with this e-mail address has an account."),
            ),
        ]


class Founder(models.Model):
    """The person who made the first account: one row at most, whoever comes at the same moment."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    person = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="accounts_one_founder")
        ]

    def __str__(self) -> str:
        return str(self.person)
