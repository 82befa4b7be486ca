from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts import former
from accounts.former import FormerName
from accounts.keys import uuid7
from accounts.preferences import Preferences, Theme
from accounts.profiles import Profile
from pocket.web.numbers import Style

__all__ = ["FormerName", "Profile", "User"]


class User(Preferences, AbstractUser):
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
            models.CheckConstraint(
                condition=models.Q(theme__in=Theme.values), name="accounts_user_theme_known"
            ),
            models.CheckConstraint(
                condition=models.Q(number_style__in=Style.values),
                name="accounts_user_number_style_known",
            ),
        ]

    def rename(self, new: str, *, by) -> None:
        """Take another user name. The old one leads here for 90 days, and nobody else gets it.

        Raises ValidationError, in words for the person, if the name cannot be had.
        """
        if new == self.username:
            return
        self._meta.get_field("username").run_validators(new)
        try:
            self._rename(new)
        except IntegrityError as error:  # somebody was quicker by a moment
            raise _taken() from error

    @transaction.atomic
    def _rename(self, new: str) -> None:
        here = User.objects.select_for_update().get(pk=self.pk)  # one renaming at a time
        if not former.is_free(new, for_person=self):
            raise _taken()
        if new.lower() != here.username.lower():
            if former.times_lately(self) >= former.MOST_A_MONTH:
                raise ValidationError(
                    _("You changed your user name %(times)s times in a month. Please wait."),
                    code="too_often",
                    params={"times": former.MOST_A_MONTH},
                )
            former.leave(self, here.username)
        User.objects.filter(pk=self.pk).update(username=new)
        self.username = new


def _taken() -> ValidationError:
    return ValidationError(_("That user name is taken."), code="taken")
