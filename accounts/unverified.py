"""Accounts whose address nobody ever verified: they keep a name and an address from others.

Where mail leaves, such an account opens for nobody, so after UNVERIFIED_DAYS it goes. Its name had
no page that anybody could have linked to, and is free at once. Till then the owner of the address
is not kept out: signing up sends them a mail that leads to a new password, which verifies the
address and leaves whoever began the account outside.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from audit import trail
from audit.models import Entry


def overdue() -> QuerySet:
    """Nobody who verified an address, is staff, holds a group or a right, or was ever let in."""
    if not settings.VERIFY_EMAIL:
        return User.objects.none()
    verified = EmailAddress.objects.filter(verified=True)
    return User.objects.filter(
        date_joined__lte=timezone.now() - timedelta(days=settings.UNVERIFIED_DAYS),
        last_login=None,
        is_staff=False,
        is_superuser=False,
        groups=None,
        user_permissions=None,
    ).exclude(pk__in=verified.values("user_id"))


def forget_overdue() -> int:
    return sum(expire(person) for person in list(overdue()))


@transaction.atomic
def expire(person: User) -> bool:
    """Delete an account that nobody ever opened; say whether it was one.

    Only who signed up by themselves: an account that staff made waits for its person. In the log
    stays that it happened, and no name.
    """
    User.objects.select_for_update().filter(pk=person.pk).first()
    list(person.emailaddress_set.select_for_update())  # so that nobody verifies it meanwhile
    signed_up = Entry.objects.about(person).of_action("accounts.signed_up")
    if not (signed_up.exists() and overdue().filter(pk=person.pk).exists()):
        return False
    key = person.pk
    trail.record("accounts.expired", target=person, actor=None)
    person.delete()
    trail.forget(key, reason="Never verified.")
    return True
