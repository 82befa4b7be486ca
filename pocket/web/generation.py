"""The generation of what the public pages show: a token for the whole site, and one per topic.

Everything kept from an earlier generation is stale. Whoever changes public data calls `bump()`
once, or `bump("story:monsoon", "stories")` where only the pages made of these topics changed; it
acts when the transaction is committed, so nobody keeps a page of half a change.

Topics share a few thousand tokens, so that there are never more of them: now and then a page is
made anew because of another's topic.
"""

import logging
import math
import os
import secrets
import time
import zlib
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

logger = logging.getLogger("pocket.web.generation")
KEY = "generation"  # in the cache, or the name of a file
AWAY = "away"  # the token of a process that never reached the server
AGE = 1.0  # seconds for which a generation read from a server is believed
TOKENS = 4096  # of topics

# Not 0: the clock that is compared with may count from the start of the machine.
UNREAD = (-math.inf, "")
_seen: dict[str, tuple[float, str]] = {}  # by key: when the server was read, and what it said


def current(topic: str = "") -> str:
    """Return the token of now. One stat() on SQLite; on servers, one read a second."""
    if _on_this_host():
        return _of_file(_file(_key(topic)))
    return _of_cache(_key(topic))


def bump(*topics: str) -> None:
    """Start a new generation once the current transaction is committed (at once outside one)."""
    for key in sorted({_key(topic) for topic in topics or [""]}):
        transaction.on_commit(partial(_bump_now, key))


def _key(topic: str) -> str:
    return f"{KEY}-{zlib.crc32(topic.encode()) % TOKENS}" if topic else KEY


def _bump_now(key: str = KEY) -> None:
    if _on_this_host():
        file = Path(_file(key))
        fresh = file.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
        fresh.parent.mkdir(exist_ok=True)
        fresh.touch()
        # A time of chance: two files of one moment, the second in the first one's place on the
        # disk, would look the same.
        moment = secrets.randbelow(2**31 * 10**9)
        os.utime(fresh, ns=(moment, moment))
        fresh.replace(file)
    else:
        _seen.pop(key, None)
        try:
            cache.set(key, secrets.token_hex(8), None)
        except Exception:  # the change itself is saved; pages show it when they are too old
            logger.exception("the generation cannot be written; kept pages stay for minutes")


def _on_this_host() -> bool:
    return connection.vendor == "sqlite" and not settings.CACHE_URL


def _file(key: str) -> str:
    """As text: a page asks often, and a Path costs more than the stat()."""
    return f"{settings.VAR_DIR}/{key}" if key == KEY else f"{settings.VAR_DIR}/generations/{key}"


def _of_file(path: str) -> str:
    try:
        stat = os.stat(path)
    except FileNotFoundError:
        return "none"
    return f"{stat.st_mtime_ns}.{stat.st_ino}"


def _of_cache(key: str) -> str:
    read_at, token = _seen.get(key, UNREAD)
    if time.monotonic() - read_at < AGE:
        return token
    try:
        token = cache.get(key) or cache.get_or_set(key, secrets.token_hex(8), None)
    except Exception:  # the server is away, which each says in its own way: kept pages stay good
        logger.warning("the generation cannot be read; kept pages stay")
        # Asked outside of a request, nobody but us would let go of a connection that broke. Within
        # a transaction it stays: its owner is told by the next query, and closes it.
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        token = token or AWAY
    _seen[key] = (time.monotonic(), token)
    return token
