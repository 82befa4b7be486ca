"""Where the deed at hand comes from: the id of the request and its shortened address.

No person in it: who does something is handed to a deed as `by=`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from django.http import HttpRequest

from pocket.web.client import client_address, shortened


class Origin(NamedTuple):
    request_id: str = ""
    address: str = ""


NOWHERE = Origin()
_origin = ContextVar("origin", default=NOWHERE)


def origin() -> Origin:
    """Return the request being answered; empty in commands, tasks and streams."""
    return _origin.get()


def origin_of(request: HttpRequest) -> Origin:
    request_id = request.META.get("pocket.request_id", "")
    return Origin(request_id, shortened(client_address(request)))


@contextmanager
def during(request: HttpRequest) -> Iterator[None]:
    token = _origin.set(origin_of(request))
    try:
        yield
    finally:
        _origin.reset(token)
