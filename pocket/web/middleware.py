from collections.abc import Callable

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.exceptions import BadRequest
from django.db import connection
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin

from pocket.web import current, errors, packing
from pocket.web.http import Request, accepts_coding
from pocket.web.security import fixed_headers

METHODS = ["GET", "HEAD", "POST", "OPTIONS"]
UTF_8 = {"utf-8", "utf8"}


class SecurityHeaders(MiddlewareMixin):
    """What browsers are told with every answer. First in the list, so that errors carry it too.

    A page that said nothing about caching is nobody else's to keep.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        for name, value in fixed_headers().items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class RequestNotes:
    """Note for the log what only the inside knows: the route, the queries, the person.

    Inside, `pocket.web.current` tells which request is being answered.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        queries = 0

        def count(execute, sql, params, many, context):
            nonlocal queries
            queries += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count), current.during(request):
            response = self.get_response(request)

        match = request.resolver_match
        user = getattr(request, "_cached_user", None)  # only if somebody asked for it already
        request.META["pocket.notes"] = {
            "route": match.route if match else None,
            "queries": queries,
            **({"user": str(user.pk)} if user is not None and user.pk else {}),
        }
        return response


class RequestGuard:
    """Refuse early, and with our own page, what no view should have to think of."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/health/"):
            # A balancer asks by address; what these pages answer does not depend on the host.
            request.META["HTTP_HOST"] = settings.SITE_HOST
        request.get_host()  # DisallowedHost, a 400, whatever the view would have done

        if request.method not in METHODS:
            response = errors.error_page(request, 405)
            response["Allow"] = ", ".join(METHODS)
            return response
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and int(length[:20]) > settings.MAX_REQUEST_BYTES:
            return errors.error_page(request, 413)  # before a byte of it is read
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.strip("\"'").lower() not in UTF_8:
            request.encoding = "utf-8"
            return errors.error_page(request, 415)
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path_info or "\0" in query or "%00" in query:
            raise BadRequest("NUL byte in the address")
        if any("\0" in value for value in request.COOKIES.values()):  # as in "\\000"
            raise BadRequest("NUL byte in a cookie")
        return self.get_response(request)


class Compression(MiddlewareMixin):
    """gzip for what is not packed yet; the page cache has its own variants ready."""

    LEAST = 200  # bytes; less is not worth it

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.has_header("Content-Encoding"):
            return response
        if not response.streaming and len(response.content) < self.LEAST:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
        if "pocket.page" in request.META or not accepts_coding(accepted, "gzip"):
            return response
        if response.streaming or response.get("Content-Type", "").startswith("image/png"):
            return response
        response.content = packing.gzipped(response.content)
        response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(response.content))
        if response.has_header("ETag") and not response["ETag"].startswith("W/"):
            response["ETag"] = f"W/{response['ETag']}"  # the same words, other bytes
        return response


class ErrorPages(MiddlewareMixin):
    """Give a bare refusal, such as a decorator's 405, the site's own page."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code in errors.PAGES and not response.streaming and not response.content:
            page = errors.error_page(request, response.status_code)
            response.content = page.content
            response["Content-Type"] = page["Content-Type"]
        return response


class HtmxManners(MiddlewareMixin):
    """What every answer owes htmx, so that no view has to think of it.

    One URL has two representations, so caches must be told. A redirect answers
    a navigation, never a fragment. A message belongs to the response at hand.
    """

    def process_response(self, request: Request, response: HttpResponse) -> HttpResponse:
        patch_vary_headers(response, ["HX-Request", "HX-Request-Type"])
        if request.htmx.request_type != "partial":
            return response
        if "Location" in response:
            return self._redirect_in_browser(response)
        if self._takes_toasts(request, response):
            response.write(self._toasts(request))
        return response

    def _redirect_in_browser(self, response: HttpResponse) -> HttpResponse:
        # Edited in place, not replaced: the response may carry cookies.
        response["HX-Redirect"] = response["Location"]
        del response["Location"]
        response.status_code = 200
        return response

    def _takes_toasts(self, request: Request, response: HttpResponse) -> bool:
        """Whether there may be messages to show; a visitor without a session has none."""
        is_html = response.get("Content-Type", "").startswith("text/html")
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES or request.session.modified
        return is_html and has_session and not response.streaming and response.status_code != 204

    def _toasts(self, request: Request) -> str:
        messages = list(get_messages(request))
        if not messages:
            return ""
        return render_to_string("components/_toasts.html#oob", {"messages": messages})


class FormManners(MiddlewareMixin):
    """A form that came back wrong is a 422, also from views that are not ours."""

    def process_template_response(self, request: Request, response) -> HttpResponse:
        shown = (response.context_data or {}).values()
        wrong = any(isinstance(it, BaseForm) and it.is_bound and it.errors for it in shown)
        if wrong and response.status_code == 200:
            response.status_code = 422
        return response
