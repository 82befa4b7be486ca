from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Length, Lower
from django.db.models.lookups import Exact, GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from accounts import former, usernames
from accounts.agreements import Agreement
from accounts.former import FormerName
from accounts.leaver import Leaver
from accounts.names import ShownNameField, is_readable, show_anew
from accounts.people import LastAdminError, LivingPeople, PersonManager, keeping_an_admin
from accounts.preferences import Preferences, Theme
from accounts.profiles import Profile
from accounts.role_holder import RoleHolder
from accounts.standing import Standing
from audit import trail
from pocket.web.keys import uuid7
from pocket.web.numbers import Style

__all__ = ["Agreement", "FormerName", "Founder", "LastAdminError", "Profile", "User"]


def stripped(text, signs: str) -> models.Func:
    """A text without these signs at its ends, alike on SQLite and Postgres."""
    for name in ("LTRIM", "RTRIM"):
        text = models.Func(
            text, models.Value(signs), function=name, output_field=models.CharField()
        )
    return text


class User(Leaver, Preferences, RoleHolder, Standing, AbstractUser):
    """A person with an account. Log-in, roles and profile stand on this."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    username = usernames.UsernameField(
        _("user name"),
        max_length=usernames.LONGEST,
        unique=True,
        validators=[usernames.is_well_formed, usernames.is_long_enough],
        help_text=_("3 to 30 English letters and digits; in between also . - and _"),
        error_messages={"unique": _("Someone has this user name. Choose another.")},
    )
    shown_name = ShownNameField(
        _("shown name"),
        max_length=80,
        blank=True,
        default="",
        db_default="",
        validators=[is_readable],
        help_text=_("What others see instead of the user name, in any script."),
    )
    email = models.EmailField(_("email address"))

    # Who left has the name and the address until they are erased, and may log in to come back:
    # Django and allauth ask `objects` for both.
    objects = PersonManager()
    living = LivingPeople()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="accounts_user_email_once",
                violation_error_message=_("Someone with this e-mail address has an account."),
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="accounts_user_username_once",
                violation_error_message=_("Someone has this user name. Choose another."),
            ),
            # Without a regular expression, which only Django's own SQLite connections know.
            models.CheckConstraint(
                condition=models.Q(
                    Exact(stripped("username", usernames.LETTERS + usernames.INSIDE), ""),
                    Exact(stripped("username", usernames.INSIDE), models.F("username")),
                    GreaterThanOrEqual(Length("username"), usernames.SHORTEST),
                ),
                name="accounts_user_username_form",
                violation_error_message=usernames.is_well_formed.message,
            ),
            models.CheckConstraint(
                condition=models.Q(theme__in=Theme.values), name="accounts_user_theme_known"
            ),
            models.CheckConstraint(
                condition=models.Q(number_style__in=Style.values),
                name="accounts_user_number_style_known",
            ),
        ]

    @property
    def display_name(self) -> str:
        return self.shown_name or self.username

    @property
    def may_be_seen(self) -> bool:
        """Whether the person has a page: where mail leaves, an address of theirs was verified."""
        return not self.is_removed and (not settings.VERIFY_EMAIL or self.is_verified())

    # First and last name are the person's own business; what is shown is the shown name. As text
    # a person is the user name: in the log and the back room nobody can pass for somebody else.
    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    def rename(self, new: str, *, by) -> None:
        """Take another user name. The old one leads here for 90 days, and nobody else gets it.

        Raises ValidationError, in words for the person, if the name cannot be had.
        """
        if new == self.username:
            return
        try:
            self._rename(usernames.chosen(new), by=by)
        except IntegrityError as error:  # somebody was quicker by a moment
            raise _taken() from error

    @transaction.atomic
    def _rename(self, new: str, *, by) -> None:
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
        show_anew(self)
        before = {"username": here.username}
        trail.record(
            "accounts.renamed", target=self, actor=by, before=before, after={"username": new}
        )

    def save(self, *args, **kwargs) -> None:
        is_sure = self._state.adding or (self.is_superuser and self.is_active)
        with keeping_an_admin(unless=is_sure):
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with keeping_an_admin():
            return super().delete(*args, **kwargs)


def _taken() -> ValidationError:
    return ValidationError(_("That user name is taken."), code="taken")


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
