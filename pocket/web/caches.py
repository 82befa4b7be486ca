"""Redis that may go away without taking the site along.

While it is away, limits and other small things are kept in the database, as on a site without
Redis: what guards the log-in is slower then, never open. At the moment of the change counts begin
anew, once there and once back, so a guesser gains one allowance by it and no more.

Sessions have a row in the database anyway; there Redis is left out meanwhile. It may come back
with what it knew before: a session that was ended in between. So it keeps them for minutes only.
"""

import logging
import time
from functools import wraps

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger("pocket.web.caches")
PAUSE = 5.0  # seconds until it is asked again: each question may cost half a second
LONGEST_SESSION = 5 * 60
_away: dict[str, float] = {}  # until when a server is left alone, for all threads


def steady(name: str):
    of_redis = getattr(RedisCache, name)

    @wraps(of_redis)
    def method(self, *args, **kwargs):
        if time.monotonic() >= _away.get(self.server, 0.0):
            try:
                return of_redis(self, *args, **kwargs)
            except RedisError as problem:
                _away[self.server] = time.monotonic() + PAUSE
                reason = type(problem).__name__  # its words may hold the address
                logger.warning("Redis is away.", extra={"fields": {"reason": reason}})
        return getattr(self.instead, name)(*args, **kwargs)

    return method


class SteadyRedis(RedisCache):
    def __init__(self, server: str, params: dict) -> None:
        super().__init__(server, params)
        self.server = server

    @property
    def instead(self):
        return caches["spare"]

    add = steady("add")
    get = steady("get")
    set = steady("set")
    touch = steady("touch")
    delete = steady("delete")
    get_many = steady("get_many")
    has_key = steady("has_key")
    incr = steady("incr")
    set_many = steady("set_many")
    delete_many = steady("delete_many")
    clear = steady("clear")


class SessionRedis(SteadyRedis):
    instead = DummyCache("", {})

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        super().set(key, value, min(self.get_backend_timeout(timeout), LONGEST_SESSION), version)
