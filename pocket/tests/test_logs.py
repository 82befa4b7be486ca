"""One line for each request, without anything that names a person."""

import io
import json
import logging
import re

import pytest

from pocket.web.logs import JSONFormatter

pytestmark = pytest.mark.django_db
PRIVATE = "marigold"


@pytest.mark.parametrize(
    ("path", "method", "status", "route"),
    [
        ("/states/kerala/", "GET", 200, "states/<slug:slug>/"),
        ("/states/kerala/", "HEAD", 200, "states/<slug:slug>/"),
        ("/nowhere/", "GET", 404, None),
        ("/about", "GET", 301, None),
        ("/about/", "TRACE", 405, None),
        ("/about/", "POST", 405, "about/"),
        ("/odd/breaks/", "GET", 500, "odd/breaks/"),
        ("/health/", "GET", 200, "health/"),
    ],
)
def test_each_request_writes_exactly_one_line(door, odd, log, caplog, path, method, status, route):
    door("/nowhere-else/")  # now the generation is known, which each process asks for itself
    caplog.clear()
    answer = door(path, method)
    [line] = log("pocket.request")
    assert line["id"] == answer["X-Request-ID"]
    assert (line["method"], line["status"], line["route"]) == (method, status, route)
    assert line["ms"] >= 0
    assert line["queries"] == 0 or path.startswith("/states/")
    assert set(line) == {
        *("time", "level", "logger", "message"),
        *("id", "method", "status", "ms", "route", "queries"),
    }
    assert len(log()) == (2 if status == 500 else 1)


def test_a_bad_host_writes_no_second_line(door, log):
    door("/", headers={"Host": "evil.example"})
    assert [(line["logger"], line["status"]) for line in log()] == [("pocket.request", 400)]


def test_queries_are_counted(door, odd, log):
    door("/odd/asks/")
    assert log("pocket.request")[0]["queries"] == 1


def test_a_person_is_a_number_in_the_log(door, log, meera, signed_in):
    door("/about/", headers=signed_in(meera))
    [line] = log("pocket.request")
    assert line["user"] == str(meera.pk)
    assert "meera" not in json.dumps(line)


@pytest.mark.parametrize("path", ["/states/", "/odd/breaks/", "/nowhere/", "/odd/error/403/"])
def test_nothing_that_was_asked_for_or_sent_is_written(door, odd, log, path):
    headers = dict.fromkeys(("Cookie", "Authorization", "Referer", "User-Agent"), PRIVATE)
    door(f"{path}?q={PRIVATE}", headers={**headers, "X-Request-ID": f"{PRIVATE}-12345678"})
    door(f"/{PRIVATE}/", headers={"Host": f"{PRIVATE}.example"})
    door(f"/{PRIVATE}/", "POST", body=PRIVATE.encode(), CONTENT_TYPE=f"text/{PRIVATE}")
    written = json.dumps(log())
    assert PRIVATE not in written
    assert "203.0.113.9" not in written
    assert len(log("pocket.request")) == 3


def test_an_error_line_carries_the_number_and_no_path(door, odd, log):
    answer = door("/odd/breaks/?q=marigold")
    [line] = log("django.request")
    assert (line["id"], line["level"]) == (answer["X-Request-ID"], "error")
    assert line["message"] == "answered 500"
    assert "/odd/breaks/" not in json.dumps(line)


def test_numbers_of_requests_are_different(door):
    numbers = {door("/about/")["X-Request-ID"] for _ in range(5)}
    assert len(numbers) == 5
    assert all(re.fullmatch(r"[0-9a-f]{16}", number) for number in numbers)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("abcdef12-3456", True),
        ("a" * 64, True),
        ("a" * 65, False),
        ("short", False),
        ("with space-12345", False),
        ("line\r\nSet-Cookie: a=1", False),
        ("", False),
        ('"><script>1234', False),
    ],
)
def test_a_number_from_outside_is_kept_only_from_our_proxy(make_door, given, kept):
    headers = {"X-Request-ID": given}
    behind_a_proxy = make_door(TRUSTED_PROXIES="1")("/about/", headers=headers)
    assert (behind_a_proxy["X-Request-ID"] == given) is kept
    assert make_door()("/about/", headers=headers)["X-Request-ID"] != given


def written(*args, **kwargs) -> str:
    """What a log line looks like on a real stream."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JSONFormatter())
    handler.handle(logging.LogRecord("pocket", logging.INFO, "", 1, *args, None, **kwargs))
    stream.flush()
    return stream.buffer.getvalue().decode()


@pytest.mark.parametrize(
    "text", ["two\nlines\r\n", '"}{"forged": 1', "\x1b[31m", "ಕರ್ನಾಟಕ", "\ud800"]
)
def test_a_line_is_one_line_of_json_whatever_is_in_it(text):
    line = written("%s", (text,))
    assert line.count("\n") == 1
    assert json.loads(line)["message"] == text


def test_a_path_in_djangos_own_words_is_left_out():
    record = logging.makeLogRecord(
        {"name": "django.request", "msg": "Forbidden: %s", "args": (PRIVATE,), "status_code": 403}
    )
    assert json.loads(JSONFormatter().format(record))["message"] == "answered 403"
