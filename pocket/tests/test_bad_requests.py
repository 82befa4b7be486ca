"""Odd and hostile requests get a clear refusal, never a fault of ours, and lead nowhere else."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pocket.testing import HTMX

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
LONG = "a" * 100_000
HOSTILE = [
    "%00",
    "a%00b",
    "%ff%fe",
    "%ED%A0%80",  # half of a pair of surrogates
    "%C0%AF",
    "%F0%9F%98%80",
    "%E0%B2%95%E0%B2%B0%E0%B3%8D",
    "%E2%80%AE",
    "....%2F%2F....%2F%2Fetc%2Fpasswd",
    "..%2F..%2F..%2Fetc%2Fpasswd",
    "%2F%2Fevil.example%2F",
    "https:%2F%2Fevil.example",
    "javascript:alert(1)",
    "%0d%0aSet-Cookie:%20a=1",
    "%0aLocation:%20%2F%2Fevil.example",
    "'%20OR%201=1--",
    "%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "{{7*7}}%7B%25%20debug%20%25%7D",
    "%25s%25n",
    "-1",
    "9" * 400,
    "1e999",
    "NaN",
    "%",
    "%zz",
    "+",
    "",
    "a" * 5_000,
]


def own_patterns(patterns=None, before="") -> list[str]:
    """The routes of all our own views, Django's admin aside."""
    routes = []
    for pattern in patterns or get_resolver("pocket.urls").url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            routes += [] if route == "admin/" else own_patterns(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            routes.append(route)
    return routes


ROUTES = own_patterns()
ARGUMENT = re.compile(r"<\w+:\w+>")
PARAMETERS = ["q", "indicator", "view", "per", "sort", "s", "add", "region", "kind", "tag", "show"]


def stays_here(answer) -> bool:
    for name in ("Location", "HX-Redirect"):
        if address := answer[name]:
            parts = urlsplit(address)
            if parts.netloc not in ("", "127.0.0.1:8000") or parts.scheme not in ("", "http"):
                return False
            if address.startswith(("//", "/\\", "\\")) or re.search(r"[\r\n]", address):
                return False
    return True


def test_the_walk_sees_all_routes():
    assert {"", "states/<slug:slug>/", "search/suggest/", "csp-reports/"} <= set(ROUTES)


@pytest.mark.parametrize("route", [route for route in ROUTES if ARGUMENT.search(route)])
def test_no_address_is_our_fault(door, route):
    for value in HOSTILE:
        answer = door("/" + ARGUMENT.sub(value.replace("\\", r"\\"), route))
        assert answer.status in (301, 302, 400, 404, 405, 200 if not value else 404), value[:99]
        assert stays_here(answer)


@pytest.mark.parametrize("route", ROUTES)
def test_no_parameter_is_our_fault(door, route):
    path = "/" + ARGUMENT.sub("kerala" if "rankings" not in route else "population-2011", route)
    # Many at a time: what breaks is found all the same. A NUL is refused before it breaks anything.
    harmless_alone = [value for value in HOSTILE if "%00" not in value]
    for values in (harmless_alone[::2], harmless_alone[1::2], HOSTILE[:1]):
        query = "&".join(f"{name}={value}" for name in PARAMETERS for value in values)
        for headers in ({}, HTMX):
            answer = door(f"{path}?{query}", headers=headers)
            assert answer.status < 500
            assert stays_here(answer)
            assert b"<script>alert" not in answer.body


@pytest.mark.parametrize("path", ["/", "/states/", "/states/compare/", "/search/"])
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(PARAMETERS), st.binary(max_size=30)), max_size=6))
def test_no_question_whatever_is_our_fault(door, path, pairs):
    query = "&".join(f"{name}=" + "".join(f"%{b:02x}" for b in value) for name, value in pairs)
    assert door(f"{path}?{query}").status in (200, 400)


BRACKETS = "a" + "[b]" * 3_000
ODD = {
    "a long path": ("/" + LONG, {}, 404),
    "a long path in the states": (f"/states/{LONG}/", {}, 404),
    "a deep path": ("/a" * 30_000, {}, 404),
    "a long question": (f"/about/?{LONG}", {}, 200),
    "a long answer to a question": (f"/search/?q={LONG}", {}, 200),
    "deep brackets": (f"/states/?{BRACKETS}=1", {}, 200),
    "thousands of parameters": ("/states/?" + "s=a&" * 3_000, {}, 413),
    "a long header": ("/about/", {"HTTP_X_LONG": LONG}, 200),
    "a long language": ("/about/", {"HTTP_ACCEPT_LANGUAGE": LONG}, 200),
    "a long coding": ("/about/", {"HTTP_ACCEPT_ENCODING": LONG}, 200),
    "a long tag": ("/about/", {"HTTP_IF_NONE_MATCH": LONG}, 200),
    "a long host": ("/about/", {"HTTP_HOST": LONG}, 400),
    "a long type": ("/about/", {"CONTENT_TYPE": LONG}, 415),
    "a long method": ("/about/", {"method": LONG}, 405),
    "a long cookie": ("/about/", {"HTTP_COOKIE": LONG}, 200),
    "a long session": ("/about/", {"HTTP_COOKIE": f"sessionid={LONG}"}, 200),
    "thousands of cookies": ("/about/", {"HTTP_COOKIE": "a=1; " * 20_000}, 200),
    "a NUL in a session": ("/about/", {"HTTP_COOKIE": 'sessionid="abcdefghi\\000"'}, 400),
    "a NUL in any cookie": ("/about/", {"HTTP_COOKIE": 'flavour="\\000"'}, 400),
    "bytes in a cookie": ("/about/", {"HTTP_COOKIE": "sessionid=\xff\xfe\xed\xa0\x80"}, 200),
    "a NUL in the path": ("/states/a%00/", {}, 400),
    "a NUL in the question": ("/search/", {"QUERY_STRING": "q=\0"}, 400),
    "a NUL in a header": ("/about/", {"HTTP_X_ODD": "\0"}, 200),
    "two slashes": ("//evil.example/", {}, 404),
    "two slashes without an end": ("//evil.example/states", {}, 404),
    "dots": ("/....//....//etc/passwd", {}, 404),
    "static dots": ("/static/..%2f..%2fpocket/settings.py", {}, 404),
    "static NUL": ("/static/css/%00.css", {}, 400),
    "a backslash": ("/\\evil.example/", {}, 404),
    "an unknown method": ("/about/", {"method": "BREW"}, 405),
    "a lower-case method": ("/about/", {"method": "get"}, 200),
    "TRACE": ("/about/", {"method": "TRACE"}, 405),
    "PUT": ("/about/", {"method": "PUT"}, 405),
    "DELETE": ("/about/", {"method": "DELETE"}, 405),
    "CONNECT": ("evil.example:443", {"method": "CONNECT"}, 405),
    "OPTIONS": ("/about/", {"method": "OPTIONS"}, 405),
    "OPTIONS of all": ("*", {"method": "OPTIONS"}, 404),
    "utf-16": ("/about/", {"CONTENT_TYPE": f"{FORM}; charset=utf-16"}, 415),
    "utf-7": ("/about/", {"CONTENT_TYPE": f"{FORM}; charset=utf-7"}, 415),
    "rot13": ("/about/", {"CONTENT_TYPE": f"{FORM}; charset=rot13"}, 415),
    "an unknown charset": ("/about/", {"CONTENT_TYPE": f"{FORM}; charset=nonsense"}, 415),
    "a NUL charset": ("/about/", {"CONTENT_TYPE": f"{FORM}; charset=a\0b"}, 415),
    "a charset of RFC 2231": ("/about/", {"CONTENT_TYPE": f"{FORM}; x*=nonsense''x"}, 415),
    "utf-8 in quotes": ("/about/", {"CONTENT_TYPE": f'{FORM}; charset="UTF-8"'}, 200),
    "utf8": ("/about/", {"CONTENT_TYPE": f"{FORM}; charset=utf8"}, 200),
    "a type of marks": ("/about/", {"CONTENT_TYPE": ";;;=,\"'"}, 200),
    "an unknown host": ("/about/", {"HTTP_HOST": "evil.example"}, 400),
    "a host of marks": ("/about/", {"HTTP_HOST": '"><script>'}, 400),
    "a host with a login": ("/about/", {"HTTP_HOST": "a@127.0.0.1"}, 400),
    "an empty host": ("/about/", {"HTTP_HOST": ""}, 400),
    "two hosts": ("/about/", {"HTTP_HOST": "127.0.0.1, evil.example"}, 400),
    "a wrong scheme": ("/about/", {"wsgi.url_scheme": "gopher"}, 200),
    "no agent, no language": ("/about/", {"HTTP_USER_AGENT": "", "HTTP_ACCEPT_LANGUAGE": ""}, 200),
}


@pytest.mark.parametrize("what", ODD)
def test_an_odd_request_gets_its_answer(door, what):
    path, environ, status = ODD[what]
    for headers in ({}, HTMX):
        answer = door(path, headers=headers, **environ)
        assert answer.status == status
        assert stays_here(answer)
        assert b"<script>" not in answer.body
        if status == 405:
            assert "GET" in answer["Allow"]


MULTIPART = "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n1\r\n'
BODIES = {
    "no boundary": (b"a", "multipart/form-data", {}, 400),
    "an odd boundary": (b"a", "multipart/form-data; boundary=\xff\x00", {}, 400),
    "a long boundary": (b"a", f"multipart/form-data; boundary={'x' * 5_000}", {}, 400),
    "cut short": (b'--x\r\nContent-Disposition: form-data; name="a', MULTIPART, {}, 403),
    "wrong base64": (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n!\xff\r\n--x--",
        MULTIPART,
        {},
        403,
    ),
    "many parts": (PART % b"a" * 600 + b"--x--", MULTIPART, {}, 413),
    "many files": (
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\n1\r\n' * 30,
        MULTIPART,
        {},
        413,
    ),
    "a file's name": (
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="../../\0"\r\n\r\n1\r\n--x--',
        MULTIPART,
        {},
        403,
    ),
    "many fields": (b"a=1&" * 600, FORM, {}, 413),
    "too many bytes": (b"a=" + b"1" * 1_100_000, FORM, {}, 413),
    "bytes of no text": (b"\xff\xfe=\xed\xa0\x80&%ff=%00", FORM, {}, 403),
    "another charset": ("a=ü".encode("utf-16"), f"{FORM}; charset=utf-16", {}, 415),
    "too small a length": (b"a=1&b=2", FORM, {"CONTENT_LENGTH": "2"}, 403),
    "too large a length": (b"a=1", FORM, {"CONTENT_LENGTH": "900000"}, 403),
    "a huge length": (b"a=1", FORM, {"CONTENT_LENGTH": "9" * 30}, 413),
    "a negative length": (b"a=1", FORM, {"CONTENT_LENGTH": "-5"}, 403),
    "a length of letters": (b"a=1", FORM, {"CONTENT_LENGTH": "many"}, 403),
    "deep json": (b"[" * 100_000, "application/json", {}, 403),
}


@pytest.mark.parametrize("what", BODIES)
def test_an_odd_body_gets_its_answer(door, odd, what):
    body, type_, environ, status = BODIES[what]
    cookie = door("/odd/form/")["Set-Cookie"].partition(";")[0]
    environ = {"HTTP_COOKIE": cookie, "CONTENT_TYPE": type_, "body": body, **environ}
    for path in ("/odd/form/", "/accounts/login/"):
        answer = door(path, "POST", **environ)
        assert answer.status == status
        assert '<header class="bar">' in answer.text
    refused_first = what in ("another charset", "a huge length")
    assert door("/about/", "POST", **environ).status == (status if refused_first else 405)


@pytest.mark.parametrize(
    "path",
    [
        "/about?next=%0d%0aSet-Cookie:a=1",
        "/states?x=//evil.example",
        "/states/KA/?next=https://evil.example/",
        "/accounts/login/?next=//evil.example/",
        "/admin?next=https:evil.example",
        "/search/suggest/?q=//evil.example/%0d%0aLocation:evil",
        "/%2F%2Fevil.example%2Fstates",
        "/%5Cevil.example/states",
        "/favicon.ico?//evil.example",
    ],
)
def test_no_redirect_leaves_the_site(door, meera, signed_in, path):
    meera.is_staff = True
    meera.save()
    for headers in ({}, HTMX, signed_in(meera)):
        answer = door(path, headers=headers)
        assert answer.status < 500
        assert stays_here(answer)


def test_signing_in_leads_nowhere_else(client, meera):
    meera.is_staff = True
    meera.save()
    form = {"login": "meera", "password": "a long password of hers", "next": "//evil.example/"}
    response = client.post("/accounts/login/", form)
    assert (response.status_code, response["Location"]) == (302, "/dashboard/")
