"""When a form was opened, and about which figure: signed, so that what comes back is ours.

Programs fill in all there is, and at once. Whoever trips over that is held for a look, never lost.
"""

import time
from dataclasses import dataclass

from django.core import signing

SALT = "contact.opening"
LEAST = 3  # seconds that a person takes at least
MOST = 7 * 24 * 60 * 60
LONGEST = 3_000  # characters


@dataclass(frozen=True)
class Opening:
    """`suspicion` is a value of Message.Suspicion, or ""."""

    fact: dict | None
    suspicion: str


def signed(fact: dict | None = None, *, at: float | None = None) -> str:
    return signing.dumps({"at": time.time() if at is None else at, "fact": fact}, salt=SALT)


def read(text: str) -> Opening:
    if len(text) > LONGEST:
        return Opening(None, "unsigned")
    try:
        said = signing.loads(text, salt=SALT)
    except signing.BadSignature:
        return Opening(None, "unsigned")
    age = time.time() - said["at"]
    if age < LEAST:  # or a time that is yet to come
        return Opening(said["fact"], "fast")
    return Opening(said["fact"], "old" if age > MOST else "")
