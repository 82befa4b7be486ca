from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Length, Lower
from django.db.models.lookups import Exact, GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from accounts import usernames
from accounts.keys import uuid7
from accounts.names import ShownNameField, is_readable


class PersonQuerySet(models.QuerySet):
    def by_login(self, text: str):
        """Whoever logs in with this e-mail address or user name, in any case: one or nobody.

        A user name has no "@", so what is typed says which of the two it is.
        """
        text = text.strip()
        field = self.model._meta.get_field("email" if "@" in text else "username")
        if len(text) > 254 or not text.isprintable():  # longer than both; a database may choke
            return self.none()
        asked = Lower(models.Value(text, output_field=field))
        return self.alias(login=Lower(field.name)).filter(login=asked)


class PersonManager(UserManager.from_queryset(PersonQuerySet)):
    use_in_migrations = False

    def get_by_natural_key(self, username):
        return self.by_login(username).get()

    async def aget_by_natural_key(self, username):
        return await self.by_login(username).aget()


def stripped(text, signs: str) -> models.Func:
    """A text without these signs at its ends, alike on SQLite and Postgres."""
    for name in ("LTRIM", "RTRIM"):
        text = models.Func(
            text, models.Value(signs), function=name, output_field=models.CharField()
        )
    return text


class User(AbstractUser):
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

    objects = PersonManager()

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
        ]

    @property
    def display_name(self) -> str:
        return self.shown_name or self.username

    # First and last name are the person's own business; what is shown is the shown name. As text
    # a person is the user name: in the log and the back room nobody can pass for somebody else.
    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name
