"""The outermost layer: a request id, one line of log, and a page when all else broke."""

import logging
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterable

from django.conf import settings

from pocket.web import errors
from pocket.web.security import fixed_headers

logger = logging.getLogger("pocket.request")
PROPER_ID = re.compile(r"[A-Za-z0-9-]{8,64}").fullmatch


class RequestLog:
    """WSGI middleware that writes one JSON line per request and returns `X-Request-ID`.

    The line names the route, never the address that was asked for: addresses carry search words,
    names and codes. An id from outside is kept only from a proxy of ours.
    """

    def __init__(self, app: Callable) -> None:
        self.app = app

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        started = time.perf_counter()
        request_id = environ["pocket.request_id"] = _request_id(environ)
        answered = ""

        def respond(status, headers, exc_info=None):
            nonlocal answered
            answered = status
            return start_response(status, [*headers, ("X-Request-ID", request_id)], exc_info)

        try:
            body = self.app(environ, respond)
        except Exception:  # the last to see it: logged whole, answered with our own page
            logger.exception("failed outside of Django", extra={"fields": {"id": request_id}})
            body = _broken(environ, respond)
        bare = environ["REQUEST_METHOD"] == "HEAD"
        return _Logged(body, lambda: _write(environ, answered, started), bare)


def _request_id(environ: dict) -> str:
    given = environ.get("HTTP_X_REQUEST_ID", "")
    if settings.TRUSTED_PROXIES and PROPER_ID(given):
        return given
    return secrets.token_hex(8)


def _broken(environ: dict, respond: Callable) -> list[bytes]:
    body = errors.broken_page(environ["pocket.request_id"]).encode()
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        *fixed_headers().items(),
    ]
    respond("500 Internal Server Error", headers, sys.exc_info())
    return [body]


def _write(environ: dict, status: str, started: float) -> None:
    fields = {
        "id": environ["pocket.request_id"],
        "method": environ["REQUEST_METHOD"][:10],
        "status": int(status[:3] or 0),
        "ms": round((time.perf_counter() - started) * 1000, 2),
        **environ.get("pocket.notes", {"route": None, "queries": 0}),
    }
    logger.info("request", extra={"fields": fields})


class _Logged:
    """The body, unless only the headers were asked for, with something to do when it is sent."""

    def __init__(self, body: Iterable[bytes], done: Callable[[], None], bare: bool) -> None:
        self._body = body
        self._done = done
        self._bare = bare

    def __iter__(self):
        return iter(() if self._bare else self._body)

    def close(self) -> None:
        try:
            if hasattr(self._body, "close"):
                self._body.close()
        finally:
            self._done()
