"""The gunicorn worker: threads, and answers of our own where no request reaches Django."""

import logging
import ssl
from http import HTTPStatus

from gunicorn import util
from gunicorn.http import errors
from gunicorn.workers.gthread import ThreadWorker

from pocket.web.security import fixed_headers

log = logging.getLogger("pocket.web.worker")

STATUS = {
    errors.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    errors.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    errors.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    errors.ForbiddenProxyRequest: HTTPStatus.FORBIDDEN,
}
OUR_FAULT = (
    errors.ConfigurationProblem,
    errors.InvalidResponseHeader,
    errors.InvalidResponseHeaderName,
)

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>{reason} – Pocket</title>
<h1>{reason}</h1>
<p>{words}</p>
<p><a href="/">To the map of India</a></p>
</html>
"""


class Worker(ThreadWorker):
    """gunicorn's own error answers carry none of our headers, and repeat what was sent to them."""

    def handle_request(self, req, conn):
        # RFC 9112, 3.2: a server must refuse these. gunicorn would take the machine's own name
        # for a missing host and join two with a comma.
        hosts = sum(name == "HOST" for name, _ in req.headers)
        if hosts > 1 or (not hosts and req.version >= (1, 1)):
            raise errors.InvalidHeader("HOST", req=req)
        return super().handle_request(req, conn)

    def handle_error(self, req, client, addr, exc) -> None:
        status = status_of(exc)
        fields = {"status": status.value, "reason": type(exc).__name__}
        if status.is_server_error:
            log.error("No answer from Django.", exc_info=exc, extra={"fields": fields})
        else:
            log.info("Refused before Django.", extra={"fields": fields})
        try:
            util.write_nonblock(client, answer(status))
        except OSError:
            log.debug("The client was gone before the answer.")


def status_of(error: Exception) -> HTTPStatus:
    """A request that cannot be read is its sender's fault, whatever is wrong with it."""
    if isinstance(error, OUR_FAULT) or not isinstance(error, errors.ParseException | ssl.SSLError):
        return HTTPStatus.INTERNAL_SERVER_ERROR
    return STATUS.get(type(error), HTTPStatus.BAD_REQUEST)


def answer(status: HTTPStatus) -> bytes:
    if status.is_server_error:
        words = "Something went wrong on our side. Please try again in a moment."
    else:
        words = "The request could not be read, so nothing was done. Please check the address."
    page = PAGE.format(reason=status.phrase, words=words).encode()
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": len(page),
        "Cache-Control": "no-store",
        "Connection": "close",
        **fixed_headers(),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status.value} {status.phrase}\r\n{head}\r\n".encode("latin-1") + page
