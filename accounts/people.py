"""How people are found, and the rule that somebody always runs the site."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.models import UserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.roles import ADMIN
from audit.removal import Living, living

UNDO = timedelta(days=7)  # to come back in, for who left


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
        admins = get_user_model().objects.admins()
        had_one = bool(admins.select_for_update().values_list("pk"))
        yield
        if had_one and not admins.exists():
            raise LastAdminError


class PersonQuerySet(models.QuerySet):
    def admins(self):
        """Those who can let others in and make them admins: by the role, or as superuser."""
        role = self.model.groups.through.objects.filter(group__name=ADMIN)
        by_role = models.Q(pk__in=role.values("user_id"))
        return self.filter(models.Q(is_superuser=True) | by_role, living, is_active=True)

    def due(self):
        """Those who left, and whose time to come back is over."""
        return self.filter(removed_at__lte=timezone.now() - UNDO)

    def update(self, **kwargs) -> int:
        with keeping_an_admin(
            unless=not kwargs.keys() & {"is_superuser", "is_active", "removed_at"}
        ):
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


class LivingPeople(Living.from_queryset(PersonQuerySet)):
    use_in_migrations = False
