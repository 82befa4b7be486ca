"""Primary keys that sort by the time they were made."""

import os
import time
import uuid
from datetime import datetime


def uuid7() -> uuid.UUID:
    """Make a version 7 UUID (RFC 9562): 48 bits of Unix milliseconds, 12 of their fraction, 62 of

    chance. The fraction (method 3 of section 6.2) lets keys of one millisecond sort as well.
    """
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    fraction = nanoseconds * 4096 // 1_000_000
    chance = int.from_bytes(os.urandom(8)) >> 2
    value = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | chance
    return uuid.UUID(int=value)


def first_of(moment: datetime) -> uuid.UUID:
    """The least key that could be made at this moment: those from then on are not below it."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)
