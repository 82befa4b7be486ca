from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser
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
    if person := User.objects.by_login(login).first():
        return person
    address = login.strip().lower()
    if "@" not in address or len(address) > 254 or not address.isprintable():
        return None
    others = EmailAddress.objects.filter(email=address, verified=True)
    return User.objects.filter(pk__in=others.values("user_id")).first()
