"""How often somebody may do something, counted for all processes together."""

import hashlib
import math
import time
from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class Limit:
    """At most `most` in any `seconds`: `COMMENTS = Limit("comment", 10, 600)`.

    Two windows stand side by side, and the older one counts for as much of it as is within reach:
    nobody gets twice as many at the border of two windows.
    """

    name: str
    most: int
    seconds: int

    def take(self, *whose: object) -> int:
        """Count one for a person or a client; return 0, or how many seconds to wait.

        What is refused does not count, so that whoever goes on trying does not wait for ever.
        """
        now = time.time()
        window, gone = divmod(now, self.seconds)
        last, this = (self._key(int(window) - back, whose) for back in (1, 0))
        cache.add(this, 0, 2 * self.seconds)
        try:
            count = cache.incr(this)
        except ValueError:  # it ran out between the two lines
            return 0
        before = cache.get(last, 0)
        if before * (1 - gone / self.seconds) + count <= self.most:
            return 0
        cache.decr(this)
        return self._wait(before, count - 1, gone)

    def _wait(self, before: int, count: int, gone: float) -> int:
        """Seconds until enough of the older window is out of reach."""
        room = self.most - 1 - count
        if room < 0 or not before:
            return math.ceil(self.seconds - gone)
        return max(1, math.ceil(self.seconds - self.seconds * room / before - gone))

    def _key(self, window: int, whose: tuple) -> str:
        words = " ".join(map(str, whose))
        return f"limit:{self.name}:{window}:{hashlib.sha256(words.encode()).hexdigest()}"
