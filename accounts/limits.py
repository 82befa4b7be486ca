"""How often somebody may try, and how many mails an address gets. Shared by all processes."""

import hashlib
import time
import unicodedata

from allauth.core.internal.ratelimit import truncate_ip
from django.core.cache import cache
from django.http import HttpRequest

from pocket.web.client import client_address

# (number, seconds): from one client to one recipient, and from all clients together.
MAILS_OF_ONE = (5, 15 * 60)
MAILS_OF_ALL = (30, 24 * 60 * 60)


def client_of(request: HttpRequest) -> str:
    """Name the client: its IPv4 address, or the /64 that one IPv6 customer has."""
    address = client_address(request).removeprefix("::ffff:")
    return truncate_ip(address) if address else "nowhere"


def spelled(login: str) -> str:
    """One spelling for all that leads to the same person."""
    return unicodedata.normalize("NFKC", login).casefold().strip()


def may_get_mail(request: HttpRequest | None, recipient: str) -> bool:
    """Count one mail to the recipient, and say whether it may go.

    One client cannot use up the mails that another may ask for; all together cannot flood anyone.
    """
    to = spelled(recipient)
    client = client_of(request) if request else "the site"
    return _counted(f"mails {client} {to}", *MAILS_OF_ONE) and _counted(
        f"mails {to}", *MAILS_OF_ALL
    )


def is_first_use(code: str, whose: object, seconds: int) -> bool:
    """Whether this one-time code is used for the first time; asked twice, the second says no."""
    return cache.add(f"used:{whose}:{code}", 1, seconds)


def _counted(key: str, most: int, seconds: int) -> bool:
    window = int(time.time()) // seconds
    key = f"limit:{window}:{hashlib.sha256(key.encode()).hexdigest()}"
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:  # it ran out between the two lines
        return True
