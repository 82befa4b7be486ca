from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Length, Lower
from django.db.models.lookups import Exact, GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from accounts import usernames
from accounts.names import ShownNameField, is_readable
from pocket.web.keys import uuid7


class LastAdminError(ValidationError):
    """The deed would leave nobody to run the site."""

    def __init__(self) -> None:
        super().__init__(_("Somebody must run the site: first give another person that right."))


@contextmanager
def keeping_an_admin(*, unless: bool = False) -> Iterator[None]:
    """Undo what is done within, and raise LastAdminError, if it leaves nobody to run the site.

    Two who step down at the same moment wait for each other.
    """
    if unless:
        yield
        return
    with transaction.atomic():
        had_one = bool(User.objects.admins().select_for_update().values_list("pk"))
        yield
        if had_one and not User.objects.admins().exists():
            raise LastAdminError


class PersonQuerySet(models.QuerySet):
    def admins(self):
        return self.filter(is_superuser=True, is_active=True)

    def update(self, **kwargs) -> int:
        with keeping_an_admin(unless=not kwargs.keys() & {"is_superuser", "is_active"}):
            return super().update(**kwargs)

    def delete(self):
        with keeping_an_admin():
            return super().delete()

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

    def create_superuser(self, username, email=None, password=None, **extra_fields):
        """Whoever may type commands on the machine vouches for the address."""
        with transaction.atomic():
            person = super().create_superuser(username, email, password, **extra_fields)
            EmailAddress.objects.get_or_create(
                user=person, email=person.email, defaults={"verified": True, "primary": True}
            )
        return person

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

    def save(self, *args, **kwargs) -> None:
        with keeping_an_admin(unless=self._state.adding or self.runs_the_site):
            super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        with keeping_an_admin(unless=not self.runs_the_site):
            return super().delete(*args, **kwargs)

    @property
    def runs_the_site(self) -> bool:
        return self.is_superuser and self.is_active


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
