"""A form that is sent twice acts once.

Every form that makes something carries a key of its own. The key is spent in the transaction of
the deed, so either both are there or neither; whoever sends the form again gets the first answer.
"""

import hashlib
import secrets
from datetime import timedelta

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.encoding import uri_to_iri

KEPT = timedelta(days=7)  # nobody sends a form again after that


class AlreadySpentError(Exception):
    """The form was sent before; `answer` is where the first sending led, if it said so."""

    def __init__(self, answer: str) -> None:
        super().__init__(answer)
        self.answer = answer


class Key(models.Model):
    key = models.CharField(primary_key=True, max_length=32)
    spent_at = models.DateTimeField(default=timezone.now, db_index=True)
    answer = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.key


def new_key() -> str:
    return secrets.token_urlsafe(16)


def spend(key: str, answer: str = "") -> None:
    """Use up a key within the caller's transaction, or raise AlreadySpentError.

    While another request with the same key is under way, this waits for its end.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A key is spent in the transaction of the deed, or it proves nothing.")
    try:
        with transaction.atomic():
            # Unquoted: an Indian letter takes nine characters of an address.
            Key.objects.create(key=key, answer=uri_to_iri(answer))
    except IntegrityError:
        found = Key.objects.filter(key=key).values_list("answer", flat=True).first()
        raise AlreadySpentError(found or "") from None


def unspent(key: str) -> str:
    """This key; where it is spent, the one that comes after it, for what was added since.

    It is the same whenever it is asked for.
    """
    while Key.objects.filter(pk=key).exists():
        key = hashlib.sha256(key.encode()).hexdigest()[:32]
    return key


def forget_old() -> int:
    """Remove the keys that nobody will send again, and say how many they were."""
    return Key.objects.filter(spent_at__lt=timezone.now() - KEPT).delete()[0]
