"""How often somebody may try, and how many mails an address gets. Shared by all processes.

**Guessing a code** needs the password first. A try hits one of three codes of the app (its half
minute and the two beside it) of 10^6, or one of ten recovery codes of 10^8: 3.1 in a million.

- One client has five tries in five minutes at one account.
- All networks together from which the person did not log in lately have 50 a day, then one in ten
  minutes, 194 in all: one chance in 1 660 a day. On the third wrong code the owner gets a mail.
- One network from which they did has ten in five minutes, whatever goes on elsewhere, so that
  nobody keeps the owner out: 2 880, one chance in 112 a day, for a neighbour with the password.

All is counted for the password of now. An owner who is slowed down on the road takes a new one by
mail: they begin anew, and the guesser does not know it. A passkey is a signature; nobody guesses
it, and only tries of one client are counted, as for all of the log-in.
"""

import hashlib
import time
import unicodedata
from datetime import timedelta

from allauth.core.internal.ratelimit import truncate_ip
from django.core.cache import cache, caches
from django.http import HttpRequest
from django.utils import timezone

from audit.models import Entry
from pocket.web.client import client_address, shortened

# (number, seconds): from one client to one recipient, and from all clients together.
MAILS_OF_ONE = (5, 15 * 60)
MAILS_OF_ALL = (30, 24 * 60 * 60)

PASSWORDS_OF_ONE = {"login_failed": "5/5m/key"}  # as allauth writes it
CODES_OF_ONE = (5, 5 * 60)
CODES_OF_KNOWN = (10, 5 * 60)
CODES_OF_STRANGERS = (50, 24 * 60 * 60)
CODES_WHEN_SLOW = (1, 10 * 60)
LATELY = timedelta(days=30)
WRONG_CODES_TILL_MAIL = 3


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


def may_try_code(request: HttpRequest, person) -> bool:
    """Count one try of a second proof, and say whether it may be made."""
    whose = _of_password(person)
    if not _counted(f"codes {client_of(request)} {whose}", *CODES_OF_ONE):
        return False
    network = shortened(client_address(request))
    if _logged_in_lately(person, network):
        return _counted(f"codes {network} {whose}", *CODES_OF_KNOWN)
    return _counted(f"codes {whose}", *CODES_OF_STRANGERS) or _counted(
        f"codes slow {whose}", *CODES_WHEN_SLOW
    )


def forget_tries(request: HttpRequest, person) -> None:
    """After a right code: five wrong ones, then, are none of the next five minutes."""
    cache.delete(_key(f"codes {client_of(request)} {_of_password(person)}", CODES_OF_ONE[1]))


def is_time_to_warn(person) -> bool:
    """Count one wrong code, and say, once a day, that the owner should hear of them."""
    wrong = f"wrong codes {_of_password(person)}"
    return not _counted(wrong, WRONG_CODES_TILL_MAIL - 1, 24 * 60 * 60) and _counted(
        f"{wrong} told", 1, 24 * 60 * 60
    )


def _of_password(person) -> str:
    return f"{person.pk} {person.get_session_auth_hash()}"


def _logged_in_lately(person, network: str) -> bool:
    entries = Entry.objects.about(person).of_action("accounts.logged_in")
    since = timezone.now() - LATELY
    return bool(network) and entries.filter(detail__address=network, time__gt=since).exists()


def is_first_use(code: str, whose: object, seconds: int) -> bool:
    """Whether this one-time code is used for the first time; asked twice, the second says no.

    Kept in the database, so that a code does not count once more when Redis goes or comes back.
    """
    return caches["spare"].add(f"used:{whose}:{code}", 1, seconds)


def _counted(key: str, most: int, seconds: int) -> bool:
    key = _key(key, seconds)
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:  # it ran out between the two lines
        return True


def _key(words: str, seconds: int) -> str:
    window = int(time.time()) // seconds
    return f"limit:{window}:{hashlib.sha256(words.encode()).hexdigest()}"
