"""What browsers are told with every answer, whoever makes it."""

import base64
import hashlib
import re

import pytest

from pocket.testing import HTMX, SECURE, settings_with
from pocket.web.security import fixed_headers

pytestmark = pytest.mark.django_db

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; "
    "trusted-types default; report-to csp"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains; preload",
    "Reporting-Endpoints": 'csp="/csp-reports/"',
}
UTF_16 = {"CONTENT_TYPE": "text/plain; charset=utf-16"}
FORM = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "body": b"a=1"}
# What is asked for, how, and what comes back.
ANSWERS = [
    ("/", {}, 200),
    ("/", {"method": "HEAD"}, 200),
    ("/", {"HTTP_IF_NONE_MATCH": "*"}, 304),
    ("/states/", {"headers": HTMX}, 200),
    ("/states/kerala/", {}, 200),
    ("/states/kerala/card/", {}, 200),
    ("/states/kerala.json", {}, 200),
    ("/states/data.csv", {}, 200),
    ("/states/kerala/qr.svg", {}, 200),
    ("/states/kerala/share.png", {}, 200),
    ("/search/?q=kerala", {}, 200),
    ("/robots.txt", {}, 200),
    ("/sitemap.xml", {}, 200),
    ("/favicon.ico", {}, 302),
    ("/about", {}, 301),
    ("/states/KA/", {}, 301),
    ("/static/img/pocket.svg", {}, 200),
    ("/static/css/pocket.css", {"HTTP_IF_NONE_MATCH": "*"}, 200),
    ("/health/", {}, 200),
    ("/health/ready/", {}, 200),
    ("/csp-reports/", {"method": "POST", "body": b"{}"}, 204),
    ("/accounts/login/", {}, 200),
    ("/about/", {"HTTP_HOST": "evil.example"}, 400),
    ("/about/?a=%00", {}, 400),
    ("/accounts/login/", {"method": "POST", **FORM}, 403),
    ("/nowhere/", {}, 404),
    ("/nowhere/", {"headers": HTMX}, 404),
    ("/states/atlantis/", {}, 404),
    ("/about/", {"method": "POST", **FORM}, 405),
    ("/about/", {"method": "TRACE"}, 405),
    ("/about/", {"method": "OPTIONS"}, 405),
    ("/csp-reports/", {"method": "POST", "body": b"x" * 20_000}, 413),
    ("/about/", UTF_16, 415),
    ("/odd/error/422/", {}, 422),
    ("/odd/error/429/", {}, 429),
    ("/odd/error/503/", {}, 503),
    ("/odd/breaks/", {}, 500),
    ("/odd/public/break/", {}, 500),
]


def knock(door, path, environ, headers=None):
    asked = {**SECURE, **environ.get("headers", {}), **(headers or {})}
    return door(path, **{**environ, "headers": asked})


@pytest.mark.parametrize(("path", "environ", "status"), ANSWERS)
def test_every_answer_carries_every_header(https_door, odd, path, environ, status):
    for _ in range(2):  # made, then perhaps from the cache
        answer = knock(https_door, path, environ)
        assert answer.status == status
        assert {name: answer[name] for name in HEADERS} == HEADERS
        assert "unsafe-" not in str(answer.headers)
        assert answer["Permissions-Policy"].count("=()") > 20
        assert re.search(r"\bcamera=\(\)", answer["Permissions-Policy"])
        assert answer["Cache-Control"]
        assert answer["X-Request-ID"]
        assert answer["Access-Control-Allow-Origin"] is None
        assert answer["Server"] is None
        names = [name.lower() for name, _ in answer.headers if name != "Set-Cookie"]
        assert len(names) == len(set(names)), "a header stands twice"


def test_even_an_answer_without_django_carries_them(https_door):
    https_door.app.app = None
    answer = https_door("/")
    assert answer.status == 500
    assert {name: answer[name] for name in HEADERS} == HEADERS


def test_without_https_browsers_are_not_bound_to_it(door):
    for answer in (door("/"), door("/nowhere/")):
        assert answer["Strict-Transport-Security"] is None
    assert "Strict-Transport-Security" not in fixed_headers()


def test_a_page_loads_nothing_from_elsewhere_and_has_no_inline_style_or_script(https_door, odd):
    for path in ("/", "/states/kerala/", "/states/kerala/card/", "/nowhere/", "/odd/breaks/"):
        html = https_door(path, headers=SECURE).text
        assert " style=" not in html
        assert "<style" not in html
        assert not re.search(r"\son\w+=|javascript:", html)
        for tag in re.findall(r"<(?:script|link|img)[^>]*>", html):
            source = re.search(r' (?:src|href)="([^"]+)"', tag)
            if source is None:
                assert 'type="application/ld+json"' in tag
            elif 'rel="canonical"' not in tag and 'rel="alternate"' not in tag:
                assert re.match("/[^/]", source[1])


# --- Subresource integrity ----------------------------------------------------------------------


def own_files(html: str) -> list[tuple[str, str | None]]:
    """Address and integrity of each script and stylesheet of a page."""
    tags = re.findall(r'<script [^>]*src=[^>]*>|<link rel="stylesheet"[^>]*>', html)
    found = []
    for tag in tags:
        address = re.search(r' (?:src|href)="([^"]+)"', tag)[1]
        digest = re.search(r' integrity="([^"]+)"', tag)
        found.append((address, digest and digest[1]))
    return found


@pytest.mark.parametrize("path", ["/", "/states/kerala/", "/search/", "/nowhere/", "/odd/breaks/"])
def test_every_script_and_stylesheet_is_vouched_for(door, odd, path):
    files = own_files(door(path).text)
    assert {address.rpartition(".")[2] for address, _ in files} == {"js", "css"}
    for address, digest in files:
        body = door(address).body
        assert digest == "sha384-" + base64.b64encode(hashlib.sha384(body).digest()).decode()


# --- Cookies ------------------------------------------------------------------------------------


def test_behind_https_cookies_are_bound_to_this_host_and_to_https(https_door, odd):
    answer = https_door("/odd/form/", headers=SECURE)
    cookie = answer["Set-Cookie"]
    assert cookie.startswith("__Host-csrftoken=")
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= parts
    assert not any(part.startswith("domain") for part in parts)


@pytest.mark.parametrize("kind", ["SESSION", "CSRF", "LANGUAGE"])
def test_all_cookies_of_ours_are_closed_behind_https(kind):
    from django.conf import settings

    secured = settings_with(SITE_URL="https://pocket.example")
    assert secured[f"{kind}_COOKIE_NAME"].startswith("__Host-")
    assert secured[f"{kind}_COOKIE_SECURE"] is True
    assert getattr(settings, f"{kind}_COOKIE_HTTPONLY") is True
    assert getattr(settings, f"{kind}_COOKIE_SAMESITE") == "Lax"
    assert getattr(settings, f"{kind}_COOKIE_DOMAIN") is None
    assert getattr(settings, f"{kind}_COOKIE_PATH") == "/"


# --- The Observatory's rules --------------------------------------------------------------------


def score(answer) -> int:
    """Points as MDN's HTTP Observatory counts them (SECURITY.md 3.2), without preloading."""
    penalty, bonus = 0, 0
    csp = {
        name: values.split()
        for name, _, values in (
            part.strip().partition(" ")
            for part in (answer["Content-Security-Policy"] or "").split(";")
        )
    }
    values = [value for many in csp.values() for value in many]
    if csp == {"": []}:
        penalty += 25
    elif any("unsafe" in value or value in ("https:", "http:", "data:", "*") for value in values):
        penalty += 20
    elif csp.get("default-src") == ["'none'"]:
        bonus += 10
    hsts = re.match(r"max-age=(\d+)", answer["Strict-Transport-Security"] or "")
    penalty += 0 if hsts and int(hsts[1]) >= 15_768_000 else 20
    framed = csp.get("frame-ancestors") == ["'none'"] or answer["X-Frame-Options"] == "DENY"
    bonus, penalty = (bonus + 5, penalty) if framed else (bonus, penalty + 20)
    penalty += 0 if answer["X-Content-Type-Options"] == "nosniff" else 5
    bonus += 5 if answer["Referrer-Policy"] in PRIVATE_REFERRERS else 0
    bonus += 10 if answer["Cross-Origin-Resource-Policy"] in ("same-origin", "same-site") else 0
    bonus += 10 if answer["Cross-Origin-Embedder-Policy"] == "require-corp" else 0
    bonus += 10 if answer["Cross-Origin-Opener-Policy"] == "same-origin" else 0
    scripts = [
        digest
        for address, digest in own_files(answer.body.decode("latin-1"))
        if address.endswith(".js")
    ]
    bonus += 5 if scripts and all(scripts) else 0
    penalty += 50 if answer["Access-Control-Allow-Credentials"] else 0
    for name, cookie in answer.headers:
        if name == "Set-Cookie":
            is_closed = "Secure" in cookie and "HttpOnly" in cookie and "SameSite" in cookie
            penalty += 0 if is_closed else 20
    return 100 - penalty + (bonus if penalty <= 10 else 0)


PRIVATE_REFERRERS = {
    *("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"),
}
MORE_PAGES = [
    *("/states/compare/?s=goa&s=bihar", "/states/rankings/", "/states/rankings/population-2011/"),
    *("/sources/", "/about/", "/privacy/", "/accessibility/", "/search/"),
]
PAGES = [
    *[(path, environ) for path, environ, status in ANSWERS if status not in (301, 302, 304)],
    *[(path, {}) for path in MORE_PAGES],
]


@pytest.mark.parametrize(("path", "environ"), PAGES)
def test_every_page_reaches_155_by_the_observatorys_rules(https_door, odd, path, environ):
    answer = knock(https_door, path, environ)
    if path == "/accounts/login/" and answer.status == 200:
        assert answer["Set-Cookie"]  # the only page yet that needs one
        return
    assert answer["Set-Cookie"] is None
    is_whole_page = answer.body.startswith(b"<!doctype html>")
    assert score(answer) >= (155 if is_whole_page else 150)  # what is no page has no script


def test_the_scorer_sees_what_is_missing(https_door):
    answer = https_door("/", headers=SECURE)
    assert score(answer) == 155
    full = answer.headers
    for name, points in [
        ("Content-Security-Policy", 75),
        ("Strict-Transport-Security", 80),
        ("Referrer-Policy", 150),
        ("Cross-Origin-Opener-Policy", 145),
        ("Cross-Origin-Embedder-Policy", 145),
        ("Cross-Origin-Resource-Policy", 145),
        ("X-Content-Type-Options", 150),
    ]:
        answer.headers = [pair for pair in full if pair[0] != name]
        assert score(answer) == points
    answer.headers = full
    answer.body = answer.body.replace(b"integrity", b"nothing")
    assert score(answer) == 150
