from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.http import HttpRequest

from accounts.models import User


class NameOrAddress(AuthenticationBackend):
    """Log in by user name or e-mail address: one password is checked, whatever was typed.

    allauth's own tries the address twice, so that a known one takes twice the time of others.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials) -> AbstractBaseUser | None:
        login = credentials.get("email") or credentials.get("username") or ""
        return self._check_password(person_called(login), credentials["password"])


def person_called(login: str) -> User | None:
    """Find the person by user name, main address or another one that was verified."""
    others = EmailAddress.objects.filter(email__iexact=login, verified=True).values("user_id")
    found = Q(username__iexact=login) | Q(email__iexact=login) | Q(pk__in=others)
    return User.objects.filter(found).order_by("date_joined").first() if login else None
