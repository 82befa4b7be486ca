"""The end of an account, a week after its owner left."""

import logging

from django.db import transaction

from accounts.models import User
from audit import trail
from privacy.holdings import holders

logger = logging.getLogger("pocket.privacy")


def losses(person: User) -> list[str]:
    """What goes for good with the account, in words for its owner."""
    return [
        line for holder in holders() for line in getattr(holder, "losses", list_of_none)(person)
    ]


@transaction.atomic
def erase(person: User) -> bool:
    """Erase the account with all that the apps hold of it; no if the person came back meanwhile.

    The audit log keeps that something happened, without a name, a network or a word of it.
    """
    gone = User.objects.select_for_update(of=("self",)).filter(pk=person.pk).first()
    if gone is None or not gone.is_due:
        return False
    for holder in reversed(list(holders())):  # the upper floors stand on the lower ones
        if forget := getattr(holder, "erase", None):
            forget(gone, keeps_words=gone.keeps_words)
    key = gone.pk
    gone.delete()
    trail.forget(key)
    return True


def erase_due() -> int:
    """Erase every account whose week is over, and return of how many."""
    erased = 0
    for person in User.objects.due():
        try:
            erased += erase(person)
        except Exception:  # one that cannot go today must not keep the others here
            logger.exception("an account could not be erased")
    return erased


def list_of_none(person: User) -> list[str]:
    return []
