"""Pages for everything that can go wrong, in the site's look and with a way on.

Each also answers htmx: a partial request gets one paragraph, which errors.js shows as a toast.
"""

import logging
import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

logger = logging.getLogger("pocket.web.errors")

PAGES = {
    400: (
        _("That request made no sense to us"),
        _("Part of the address or of what was sent is broken. Nothing was changed."),
    ),
    403: (
        _("You may not do that"),
        _("This page is not open to you, or your form is too old. Go back, reload, try again."),
    ),
    404: (
        _("There is no such page"),
        _("It may have moved, or the address has a slip. The search below knows the whole site."),
    ),
    405: (_("That is not how this page works"), _("Open it by a link or send its form.")),
    413: (
        _("That is too much at once"),
        _("What you sent is larger than this site accepts. Nothing was changed."),
    ),
    415: (
        _("We read UTF-8 only"),
        _("What was sent is in another encoding. Nothing was changed."),
    ),
    422: (_("Something in the form is not right"), _("Go back, correct it, and send it again.")),
    429: (_("That was a little fast"), _("Please wait a moment before you try again.")),
    500: (
        _("Something broke on our side"),
        _("It is noted in the log, and it is not your fault. Please try again in a moment."),
    ),
    503: (_("Back in a moment"), _("A part of the site is resting. Please try again soon.")),
}

LAST_RESORT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>{title} · Pocket</title>
<h1>{title}</h1>
<p class="trouble__message">{explanation}</p>
<p><a href="/">To the map of India</a></p>
<p>If you write to us about this, name this number: <code>{request_id}</code></p>
</html>
"""


def error_page(
    request: HttpRequest,
    status: int,
    *,
    detail: str = "",
    links: list[tuple[str, str]] = (),
    retry_after: int | None = None,
) -> HttpResponse:
    """Answer `status` with its page.

    `detail` takes the place of the general explanation, `links` (words, address) are ways on,
    `retry_after` is in seconds.
    """
    title, explanation = PAGES[status]
    partial = request.headers.get("HX-Request-Type") == "partial"
    context = {
        "status": status,
        "title": title,
        "explanation": explanation,
        "detail": detail,
        "links": links,
        "retry_after": retry_after,
        "request_id": request.META.get("pocket.request_id", ""),
    }
    template = "error.html#message" if partial else "error.html"
    html = render_to_string(template, context, request)
    response = HttpResponse(html, status=status)
    response["Cache-Control"] = "no-store"
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_much = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return error_page(request, 413 if too_much else 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, Missing):
        return error_page(request, 404, detail=exception.words, links=exception.links)
    return error_page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse the form; a view with `after_csrf_failure` shows again what was typed into it."""
    match = request.resolver_match
    again = getattr(match and match.func, "after_csrf_failure", None)
    if again and (page := again(request)):
        return page
    return error_page(
        request,
        403,
        detail=_(
            "The form could not be verified. Allow cookies for this site and reload the form."
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 from a page that needs neither database nor session; 503 if that is what broke."""
    away = isinstance(sys.exception(), OperationalError | InterfaceError | RedisError)
    partial = request.headers.get("HX-Request-Type") == "partial"
    html = broken_page(request.META.get("pocket.request_id", ""), 503 if away else 500, partial)
    response = HttpResponse(html, status=503 if away else 500)
    if away:
        response["Retry-After"] = "5"
    return response


def broken_page(request_id: str, status: int = 500, partial: bool = False) -> str:
    title, explanation = PAGES[status]
    context = {
        "status": status,
        "title": title,
        "explanation": explanation,
        "request_id": request_id,
    }
    try:
        return render_to_string("500.html#message" if partial else "500.html", context)
    except Exception:  # whatever broke, the reader still gets words, and the log the reason
        logger.exception("the page for errors failed", extra={"fields": {"id": request_id}})
        return LAST_RESORT.format(**context)


class Missing(Http404):
    """A 404 that says what is missing and where the reader may have meant to go."""

    def __init__(self, words: str, links: list[tuple[str, str]] | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.links = links or []
