"""The first account runs the site, and there is exactly one first.

Where others than the machine itself can reach the site, they may not be quicker than its owner:
then the first sign-up also needs a code that only the owner sees, in the log and in a file.
"""

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import constant_time_compare

from accounts.models import Founder, User
from accounts.roles import ADMIN


def is_open() -> bool:
    """Whether nobody has an account yet."""
    return not User.objects.exists()


def asks_for_code() -> bool:
    """Whether others than this machine can reach the site."""
    return bool(set(settings.ALLOWED_HOSTS) - set(settings.LOOPBACK_HOSTS))


def code_file() -> Path:
    return settings.VAR_DIR / "setup_code"


def ready_code() -> str:
    """Return the set-up code, made once; "" when none is needed (any more)."""
    if not (is_open() and asks_for_code()):
        code_file().unlink(missing_ok=True)
        return ""
    try:
        with open(os.open(code_file(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(8))
    except FileExistsError:
        pass
    return code_file().read_text().strip()


def is_the_code(typed: str) -> bool:
    code = ready_code()
    return bool(code) and constant_time_compare(typed.strip().lower(), code)


def found(person: User) -> bool:
    """Make this person, just saved, run the site if they are the first; say whether they are.

    To be called in the transaction of the sign-up. Of many at once, the one who gets the only
    row of Founder is the first; it waits for others that are half-way. A row that names nobody was
    left by people who are all gone, and is there to be taken.
    """
    if User.objects.exclude(pk=person.pk).exists():
        return False
    try:
        with transaction.atomic():
            Founder.objects.create(person=person)
    except IntegrityError:
        if not Founder.objects.filter(person=None).update(person=person):
            return False
    person.is_superuser = True
    person.save(update_fields=["is_superuser"])
    person.give_role(ADMIN, by=None)
    transaction.on_commit(lambda: code_file().unlink(missing_ok=True))
    return True
