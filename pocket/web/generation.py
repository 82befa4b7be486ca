"""The generation of what the public pages show: one token for the whole site.

Everything kept from an earlier generation is stale. Whoever changes public data calls `bump()`
once; it acts when the transaction is committed, so nobody keeps a page of half a change.
"""

import logging
import math
import os
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

logger = logging.getLogger("pocket.web.generation")
KEY = "generation"  # in the cache, or the name of a file
AWAY = "away"  # the token of a process that never reached the server
AGE = 1.0  # seconds for which a generation read from a server is believed

# Not 0: the clock that is compared with may count from the start of the machine.
UNREAD = (-math.inf, "")
_seen: tuple[float, str] = UNREAD  # when the server was read, and what it said


def current() -> str:
    """Return the token of now. One stat() on SQLite; on servers, one read a second."""
    if _on_this_host():
        return _of_file()
    return _of_cache()


def bump() -> None:
    """Start a new generation once the current transaction is committed (at once outside one)."""
    transaction.on_commit(_bump_now)


def _bump_now() -> None:
    global _seen
    if _on_this_host():
        fresh = _file().with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
        fresh.touch()
        # A time of chance: two files of one moment, the second in the first one's place on the
        # disk, would look the same.
        moment = secrets.randbelow(2**31 * 10**9)
        os.utime(fresh, ns=(moment, moment))
        fresh.replace(_file())
    else:
        _seen = UNREAD
        try:
            cache.set(KEY, secrets.token_hex(8), None)
        except Exception:  # the change itself is saved; pages show it when they are too old
            logger.exception("the generation cannot be written; kept pages stay for minutes")


def _on_this_host() -> bool:
    return connection.vendor == "sqlite" and not settings.CACHE_URL


def _file() -> Path:
    return settings.VAR_DIR / KEY


def _of_file() -> str:
    try:
        # As text: a page asks often, and a Path costs more than the stat().
        stat = os.stat(f"{settings.VAR_DIR}/{KEY}")
    except FileNotFoundError:
        return "none"
    return f"{stat.st_mtime_ns}.{stat.st_ino}"


def _of_cache() -> str:
    global _seen
    read_at, token = _seen
    if time.monotonic() - read_at < AGE:
        return token
    try:
        token = cache.get(KEY) or cache.get_or_set(KEY, secrets.token_hex(8), None)
    except Exception:  # the server is away, which each says in its own way: kept pages stay good
        logger.warning("the generation cannot be read; kept pages stay")
        # Asked outside of a request, nobody but us would let go of a connection that broke. Within
        # a transaction it stays: its owner is told by the next query, and closes it.
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        token = token or AWAY
    _seen = (time.monotonic(), token)
    return token
