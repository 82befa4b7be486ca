"""Public pages, kept ready to send.

Two shelves in the memory of each worker, both dropped when `generation` moves on:

* `PageCache`, in front of Django: whole answers for visitors without any cookie. A hit runs no
  middleware and no view.
* the parts of a page, for readers with a session: the same page with holes where it speaks to the
  reader (`{% hole "account" %}`), so that only the holes are made for them.

A view takes part by `@public_page("sort", "region")`: it names the query parameters it reads. All
others are removed before the view sees them, so they can neither multiply entries nor slip into a
page that the next visitor gets. The view itself runs for a stranger: no user, no session, no
cookies. What it answers cannot be one person's page.

A page that is made of a few things only, such as one story, says so by `made_of(request,
"story:monsoon")` before it reads them, and then stays while others change. One that knows when it
will be outdated, such as a list before the next story comes out, says so by `kept_until`.

What a reader may choose for the whole page, its language and its style of numbers, is set by a
middleware before the view runs and is part of the key, so there are as many kept pages as choices.
A view whose answer knows neither says `neutral=True`, and nobody is asked.
"""

import hashlib
import math
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, wraps
from gzip import compress as gzip_compress
from http import HTTPStatus
from io import BytesIO
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import brotli
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.http.request import split_domain_port, validate_host
from django.template.context_processors import csrf
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header
from django_htmx.middleware import HtmxDetails

from pocket.web import generation, numbers, packing
from pocket.web.http import accepts_coding

MAX_AGE = 5 * 60  # seconds; a crash between a commit and its bump heals by itself
MAX_QUERY = 2_000  # characters; longer addresses are served, not kept
HOLE = re.compile(rb"<!--hole:(\w+)-->")
SHARED = "public, max-age=0, s-maxage=60, stale-while-revalidate=600"
PRIVATE = "private, no-store"
PASSING = "is_passing"  # set on an answer: right, but not worth keeping
NEVER = ""  # no generation's token
NONE: Mapping[str, str] = MappingProxyType({})


class Kept(NamedTuple):
    value: Any
    size: int
    until: float
    topics: Mapping[str, str]


def is_current(topics: Mapping[str, str]) -> bool:
    return all(generation.current(topic) == token for topic, token in topics.items())


class Shelf:
    """A bounded store of one generation; the least recently used goes first. Thread-safe."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.size = 0
        self._token = ""
        self._entries: OrderedDict[object, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key):
        token = generation.current()
        with self._lock:
            if token != self._token:
                self._clear(token)
            entry = self._entries.get(key)
            if entry is None:
                return None
            if entry.until < time.time() or not is_current(entry.topics):
                self._remove(key)
                return None
            self._entries.move_to_end(key)
            return entry.value

    def put(
        self,
        key,
        value,
        size: int,
        *,
        token: str,
        topics: Mapping[str, str] = NONE,
        until: float = math.inf,
    ) -> None:
        """Keep `value`, made of what the site was at `token`; too late or too large, it is not.

        `topics` are those that it is made of, with their tokens before they were read.
        """
        if size > self.max_bytes // 8 or token != generation.current() or not is_current(topics):
            return
        with self._lock:
            if token != self._token:
                self._clear(token)
            self._remove(key)
            self._entries[key] = Kept(value, size, min(until, best_before()), topics)
            self.size += size
            while self.size > self.max_bytes:
                self._remove(next(iter(self._entries)))

    def grow(self, key, size: int) -> None:
        """Count `size` more bytes for an entry that got a variant."""
        with self._lock:
            if entry := self._entries.get(key):
                self._entries[key] = entry._replace(size=entry.size + size)
                self.size += size
                while self.size > self.max_bytes:
                    self._remove(next(iter(self._entries)))

    def clear(self) -> None:
        with self._lock:
            self._clear("")

    def _clear(self, token: str) -> None:
        self._entries.clear()
        self.size = 0
        self._token = token

    def _remove(self, key) -> None:
        if entry := self._entries.pop(key, None):
            self.size -= entry.size


def best_before() -> float:
    """Until when a page of now may be kept: some minutes, and never past midnight in India."""
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp() + 24 * 60 * 60
    return min(now.timestamp() + MAX_AGE, midnight)


# --- The view's side ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """Which query parameters a page reads. With a `free` one filled in it is not kept:

    anybody may write anything there, and hardly anybody asks for it again.
    """

    params: tuple[str, ...] = ()
    free: tuple[str, ...] = ()

    def key(self, pairs: Iterable[tuple[str, str]]) -> tuple | None:
        """Reduce a query to what the page reads; None when it is not to be kept."""
        if any(name in self.free and value for name, value in pairs):
            return None
        kept = [pair for pair in pairs if pair[0] in self.params]
        return tuple(sorted(kept, key=lambda pair: pair[0]))  # the values of one stay in order


def made_of(request: HttpRequest, *topics: str) -> None:
    """Note what the page of a `public_page` is made of, before it is read; see generation.py."""
    for topic in topics:
        request.topics.setdefault(topic, generation.current(topic))


def kept_until(request: HttpRequest, moment: datetime | None) -> None:
    """Note when the page will be outdated, if that is known."""
    if moment is not None:
        request.until = min(request.until, moment.timestamp())


parts = Shelf(settings.PAGE_CACHE_MB * 1024 * 1024 * 3 // 8)


def public_page(
    *params: str,
    free: tuple[str, ...] = (),
    cache_control: str = SHARED,
    neutral: bool = False,
) -> Callable:
    """Declare a view's page the same for all, but for its holes; see the module."""
    rule = Rule(params, free)

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def public_view(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                return HttpResponseNotAllowed(["GET", "HEAD"])
            token = generation.current()
            keep_only(request, (*params, *free))
            key = _part_key(request, rule) if settings.PAGE_CACHE else None
            page = key and parts.get(key)
            if not page:
                stranger = _stranger(request)
                stranger.user = Untouchable("user")
                answer = view(stranger, *args, **kwargs)
                if hasattr(answer, "render") and callable(answer.render):
                    answer = answer.render()
                if answer.status_code != HTTPStatus.OK or answer.streaming or answer.cookies:
                    return answer
                refuse_csrf_token(stranger)
                page = Parts.of(answer, stranger)
                if hasattr(answer, PASSING):
                    return page.answer(request, rule, NEVER, cache_control)
                if key:
                    parts.put(key, page, page.size, token=token, **page.limits)
            return page.answer(request, rule, token, cache_control)

        public_view.is_neutral = neutral
        public_view.csrf_exempt = True  # it only reads: a POST is a 405, with or without a token
        return public_view

    return decorate


@dataclass
class Parts:
    """A page cut at its holes: text, name of a hole, text, …"""

    pieces: list[bytes]
    headers: dict[str, str]
    size: int
    packed: list[bytes] = field(default_factory=list, repr=False)  # the texts, ready for gzip
    # The whole for visitors, made once: nobody's name is in it.
    plain: bytes = field(default=b"", repr=False)
    etag: str = ""
    topics: Mapping[str, str] = field(default=NONE)
    until: float = math.inf

    @property
    def limits(self) -> dict:
        return {"topics": self.topics, "until": self.until}

    @classmethod
    def of(cls, answer: HttpResponse, asked: HttpRequest) -> "Parts":
        content = answer.content
        is_html = answer.get("Content-Type", "").startswith("text/html")
        pieces = HOLE.split(content) if is_html else []
        size = 2 * len(content) + len(content) // 2  # with the whole, and what is packed
        plain = b"" if is_html else content
        limits = {"topics": asked.topics, "until": asked.until}
        return cls(pieces, dict(answer.items()), size, plain=plain, **limits)

    def answer(
        self, request: HttpRequest, rule: Rule, token: str, cache_control: str
    ) -> HttpResponse:
        if self.pieces and settings.SESSION_COOKIE_NAME in request.COOKIES:
            return self._for_reader(request)
        if numbers.style() != numbers.Style.LAKH:
            cache_control = PRIVATE  # somebody's choice, which no other cache knows of
        if not self.etag:
            stranger = _stranger(request)
            plain = self.plain or b"".join(self._filled(stranger))
            refuse_csrf_token(stranger)
            self.plain = plain
            self.etag = f'W/"{hashlib.blake2s(self.plain, digest_size=16).hexdigest()}"'
        response = HttpResponse(self.plain, headers=self.headers)
        response["Cache-Control"] = cache_control
        response["ETag"] = self.etag
        patch_vary_headers(response, ["Cookie"])
        if "pocket.pages" in request.META:
            request.META["pocket.page"] = (rule, token, self.limits)
        return response

    def _for_reader(self, request: HttpRequest) -> HttpResponse:
        """The page with this reader's holes; only they are made and packed now."""
        texts = self._filled(request)
        response = HttpResponse(headers=self.headers)
        response["Cache-Control"] = PRIVATE
        accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
        if _is_partial(request.META) or not accepts_coding(accepted, "gzip"):
            response.content = b"".join(texts)  # HtmxManners may add to a partial
            return response
        if not self.packed:
            self.packed = [packing.deflated(text) for text in texts[::2]]
        packed = list(texts)
        packed[::2] = self.packed
        packed[1::2] = [packing.deflated(text) for text in texts[1::2]]
        response.content = packing.joined(texts, packed)
        response["Content-Encoding"] = "gzip"
        patch_vary_headers(response, ["Accept-Encoding"])
        return response

    def _filled(self, request: HttpRequest) -> list[bytes]:
        texts = list(self.pieces)
        for at in range(1, len(texts), 2):
            texts[at] = fill(texts[at].decode(), request).encode()
        return texts


def fill(hole: str, request: HttpRequest) -> SafeString:
    """Render what a hole of this name holds for whoever asks.

    Without the context processors, which cost more than the holes: these four are all they need.
    The line that a file ends with is not part of it, so a hole may stand inside a tag.
    """
    context = {
        "request": request,
        "user": getattr(request, "user", None) or AnonymousUser(),
        "messages": get_messages(request),
        **csrf(request),
    }
    return SafeString(render_to_string(f"holes/{hole}.html", context).removesuffix("\n"))


def keep_only(request: HttpRequest, names: Iterable[str]) -> None:
    """Remove every query parameter but these, so that no page can show or obey another."""
    query = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if name in names:
            query.setlist(name, values)
    query._mutable = False
    request.GET = query
    request.META["QUERY_STRING"] = query.urlencode()


def refuse_csrf_token(stranger: HttpRequest) -> None:
    if "CSRF_COOKIE_NEEDS_UPDATE" in stranger.META:
        raise ImproperlyConfigured("A public page must not hold a CSRF token.")


class Untouchable:
    """Stands where the session or the user would be, for a page that must not know one.

    It raises what templates do not swallow.
    """

    def __init__(self, what: str) -> None:
        self.__dict__["what"] = what

    def _refuse(self, *args):
        raise ImproperlyConfigured(f"A public page must not touch the {self.what}.")

    __getattr__ = __setattr__ = __getitem__ = __setitem__ = __contains__ = _refuse
    __bool__ = __str__ = __iter__ = __len__ = _refuse


def _stranger(request: HttpRequest) -> HttpRequest:
    """The same question, asked by nobody, of the site's own address.

    Of the headers it has only what the key of the page knows.
    """
    site = urlsplit(settings.SITE_URL)
    meta = {
        "REQUEST_METHOD": request.method,
        "QUERY_STRING": request.META.get("QUERY_STRING", ""),
        "HTTP_HOST": site.netloc,
        "SERVER_NAME": site.hostname,
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": BytesIO(),
    }
    if _is_partial(request.META):
        meta |= {"HTTP_HX_REQUEST": "true", "HTTP_HX_REQUEST_TYPE": "partial"}
    stranger = WSGIRequest(meta)
    stranger.path, stranger.path_info = request.path, request.path_info
    stranger.GET = request.GET
    stranger.resolver_match = request.resolver_match
    stranger.LANGUAGE_CODE = get_language()
    stranger.user = AnonymousUser()
    stranger.session = Untouchable("session")
    stranger.htmx = HtmxDetails(stranger)
    stranger.is_stranger = True
    stranger.topics, stranger.until = {}, math.inf
    return stranger


def _is_partial(environ: dict) -> bool:
    return environ.get("HTTP_HX_REQUEST_TYPE") == "partial"


def _part_key(request: HttpRequest, rule: Rule) -> tuple | None:
    pairs = [(name, value) for name, values in request.GET.lists() for value in values]
    query = rule.key(pairs)
    if query is None or len(request.META["QUERY_STRING"]) > MAX_QUERY:
        return None
    return (request.path, query, get_language(), numbers.style(), _is_partial(request.META))


# --- In front of Django -------------------------------------------------------------------------


@dataclass
class Page:
    """A whole answer and its compressed variants."""

    headers: list[tuple[str, str]]
    etag: str
    body: bytes
    route: str | None
    variants: dict[str, bytes] = field(default_factory=dict)

    def variant(self, accepted: str, *, kept: bool) -> tuple[str, bytes, int]:
        """Return (encoding, body, bytes newly kept), compressing once for each encoding.

        What is not kept is made for one reader, so it is packed more quickly.
        """
        coding = next((name for name in ("br", "gzip") if accepts_coding(accepted, name)), "")
        if not coding or len(self.body) < 200:
            return "", self.body, 0
        if coding in self.variants:
            return coding, self.variants[coding], 0
        if coding == "br":
            packed = brotli.compress(self.body, quality=6 if kept else 3)
        else:
            packed = gzip_compress(self.body, 6 if kept else 3, mtime=0)
        self.variants[coding] = packed
        return coding, packed, len(packed)


class PageCache:
    """WSGI middleware that answers public pages from memory; everything else goes on to Django.

    In doubt it steps aside: a cookie, a log-in, a body, an unknown host, a method other than GET
    and HEAD are all Django's to judge.
    """

    def __init__(self, app: Callable, max_bytes: int) -> None:
        self.app = app
        self.shelf = Shelf(max_bytes)
        self._rules: dict[str, Rule] = {}  # by path; learnt when a page is kept

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        if not _may_share(environ):
            return self.app(environ, start_response)
        path = environ.get("PATH_INFO", "")
        if rule := self._rules.get(path):
            key = _page_key(environ, path, rule)
            if key and (page := self.shelf.get(key)):
                environ["pocket.notes"] = {"route": page.route, "queries": 0, "cache": "hit"}
                return self._send(page, key, environ, start_response)
        environ["pocket.pages"] = self
        return self._ask(environ, path, start_response)

    def _ask(self, environ: dict, path: str, start_response: Callable) -> Iterable[bytes]:
        """Let Django answer, and keep the answer if it is a public page."""
        told: list = []

        def remember(status, headers, exc_info=None):
            told[:] = [status, headers, exc_info]
            return lambda data: None  # the old write() callable: Django never uses it

        body = self.app(environ, remember)
        status, headers, exc_info = told
        noted = environ.pop("pocket.page", None)
        if noted is None or not status.startswith("200") or environ["REQUEST_METHOD"] != "GET":
            start_response(status, headers, exc_info)
            return body

        rule, token, limits = noted
        content = b"".join(body)
        if hasattr(body, "close"):
            body.close()
        names = {name.lower() for name, _ in headers}
        kept = [
            pair for pair in headers if pair[0].lower() not in ("content-length", "x-request-id")
        ]
        etag = next(value for name, value in headers if name.lower() == "etag")
        page = Page(kept, etag, content, environ["pocket.notes"]["route"])
        key = _page_key(environ, path, rule)
        if key and not names & {"set-cookie", "content-encoding"}:
            if len(self._rules) > 5_000:
                self._rules.clear()
            self._rules[path] = rule
            self.shelf.put(key, page, len(content) + 1_000, token=token, **limits)
        return self._send(page, key, environ, start_response)

    def _send(self, page: Page, key, environ: dict, start_response: Callable) -> list[bytes]:
        asked = environ.get("HTTP_IF_NONE_MATCH", "")
        tags = [tag.strip().removeprefix("W/") for tag in asked.split(",")]
        if asked.strip() == "*" or page.etag.removeprefix("W/") in tags:
            headers = [pair for pair in page.headers if pair[0].lower() != "content-type"]
            start_response("304 Not Modified", headers)
            return []
        coding, body, more = page.variant(
            environ.get("HTTP_ACCEPT_ENCODING", ""), kept=key is not None
        )
        if more and key:
            self.shelf.grow(key, more)
        headers = [*page.headers, ("Content-Length", str(len(body)))]
        if coding:
            headers.append(("Content-Encoding", coding))
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _may_share(environ: dict) -> bool:
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and "HTTP_COOKIE" not in environ
        and "HTTP_AUTHORIZATION" not in environ
        and not environ.get("CONTENT_TYPE")
        and environ.get("CONTENT_LENGTH") in (None, "", "0")
        and "HTTP_TRANSFER_ENCODING" not in environ
        and len(environ.get("QUERY_STRING", "")) <= MAX_QUERY
        and "%00" not in environ.get("QUERY_STRING", "")
        and _is_ours(environ.get("HTTP_HOST", ""))
        and _is_secure_enough(environ)
    )


def _page_key(environ: dict, path: str, rule: Rule) -> tuple | None:
    query = environ.get("QUERY_STRING", "")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=50) if query else []
    except ValueError:
        return None
    kept = rule.key(pairs)
    if kept is None:
        return None
    language = _language(environ.get("HTTP_ACCEPT_LANGUAGE", ""))
    return (path, kept, language, _is_partial(environ))


@lru_cache(maxsize=256)
def _is_ours(host: str) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _is_secure_enough(environ: dict) -> bool:
    """Whether Django would serve this rather than redirect it to https."""
    if not settings.SECURE_SSL_REDIRECT:
        return True
    if settings.TRUSTED_PROXIES:
        return environ.get("HTTP_X_FORWARDED_PROTO", "").split(",")[0].strip() == "https"
    return environ.get("wsgi.url_scheme") == "https"


@lru_cache(maxsize=256)
def _language(accepted: str) -> str:
    """The language that LocaleMiddleware would choose for a visitor without a cookie."""
    for code, _ in parse_accept_lang_header(accepted.lower()[:500]):
        if code == "*":
            break
        try:
            return get_supported_language_variant(code)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
