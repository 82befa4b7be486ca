"""The site under gunicorn as `make run` starts it: odd bytes, errors, reload, a busy port."""

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest
from django.test import override_settings
from gunicorn.http import errors

from pocket.web.security import fixed_headers
from pocket.web.worker import answer, status_of
from tools.serving import HERE, environment_with, free_port, manage, serve

HEADERS = {
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "cross-origin-opener-policy",
    "cross-origin-embedder-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "x-frame-options",
}
HOST = b"Host: 127.0.0.1\r\n"
LONG = b"a" * 100_000


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("served"), WEB_CONCURRENCY="2") as site:
        yield site


def talk(site, sent: bytes) -> bytes:
    """Send bytes, and return all that comes back before the other side closes."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=8) as client:
        with contextlib.suppress(OSError):  # refused before all of it was sent
            client.sendall(sent)
        client.settimeout(8)
        received = b""
        with contextlib.suppress(ConnectionResetError):
            while more := client.recv(65536):
                received += more
    return received


def request(target=b"/", headers=HOST, *, method=b"GET", body=b"") -> bytes:
    lines = method + b" " + target + b" HTTP/1.1\r\n" + headers + b"Connection: close\r\n\r\n"
    return lines + body


def header_names(received: bytes) -> set[str]:
    head = received.partition(b"\r\n\r\n")[0].decode("latin-1")
    return {line.partition(":")[0].lower() for line in head.splitlines()[1:]}


REFUSED = {
    "NUL in the path": request(b"/states/\0/"),
    "NUL in the path, encoded": request(b"/states/%00/"),
    "NUL in the host": request(headers=b"Host: 127.0.0.1\0\r\n"),
    "invalid UTF-8 in the path": request(b"/states/\xff\xfe/"),
    "invalid UTF-8 in the path, encoded": request(b"/states/%ff%fe/"),
    "invalid UTF-8 in the host": request(headers=b"Host: \xff\xfe\r\n"),
    "a stranger's host": request(headers=b"Host: stranger.example\r\n"),
    "a long path": request(b"/" + LONG),
    "a long query": request(b"/?q=" + LONG),
    "a long header": request(headers=HOST + b"X-Long: " + LONG + b"\r\n"),
    "a long host": request(headers=b"Host: " + LONG + b"\r\n"),
    "many headers": request(headers=HOST + b"X-Many: a\r\n" * 9_000),
    "no host": request(headers=b""),
    "two hosts": request(headers=HOST + HOST),
    "a negative length": request(method=b"POST", headers=HOST + b"Content-Length: -1\r\n"),
    "a length of words": request(method=b"POST", headers=HOST + b"Content-Length: ten\r\n"),
    "two lengths": request(
        method=b"POST", headers=HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n", body=b"ab"
    ),
    "a length and chunks": request(
        method=b"POST",
        headers=HOST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        body=b"0\r\n\r\n",
    ),
    "an unknown coding": request(method=b"POST", headers=HOST + b"Transfer-Encoding: zip\r\n"),
    "a chunk of no size": request(
        b"/accounts/login/",
        method=b"POST",
        headers=HOST + b"Transfer-Encoding: chunked\r\nCookie: csrftoken=" + b"a" * 32 + b"\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n",
        body=b"size\r\n\r\n",
    ),
    "a header of no name": request(headers=HOST + b": nothing\r\n"),
    "no request at all": b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    "a version of the future": b"GET / HTTP/9.9\r\n" + HOST + b"\r\n",
}


@pytest.mark.parametrize("what", REFUSED)
def test_odd_requests_are_refused_with_all_headers(site, what):
    began = time.monotonic()
    received = talk(site, REFUSED[what])

    assert re.match(rb"HTTP/1.1 4\d\d ", received), received[:200]
    assert time.monotonic() - began < 5
    assert header_names(received) >= HEADERS
    assert b"gunicorn" not in received.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("query", [b"q=\xff\xfe", b"q=%ff%fe", b"q=%00", b"q=\0"])
def test_an_odd_query_is_never_our_fault(site, query):
    assert re.match(rb"HTTP/1.1 [234]\d\d ", talk(site, request(b"/?" + query)))


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.LimitRequestLine(9000), 414),
        (errors.LimitRequestHeaders("many"), 431),
        (errors.ExpectationFailed("tea"), 417),
        (errors.UnsupportedTransferCoding("zip"), 400),
        (errors.InvalidHeader("HOST"), 400),
        (errors.InvalidResponseHeader("X"), 500),
        (RuntimeError("bug"), 500),
    ],
)
def test_who_is_at_fault(error, status):
    assert status_of(error) == status


def test_the_answer_repeats_nothing_that_was_sent():
    page = answer(status_of(errors.InvalidRequestLine("<script>"))).decode()

    assert page.startswith("HTTP/1.1 400 Bad Request\r\n")
    assert "<script>" not in page
    length = int(re.search(r"Content-Length: (\d+)", page)[1])
    assert len(page.partition("\r\n\r\n")[2].encode()) == length


@override_settings(HTTPS=True, SECURE_HSTS_SECONDS=60)
def test_https_sends_hsts_with_every_refusal():
    fixed_headers.cache_clear()
    try:
        page = answer(status_of(errors.ObsoleteFolding("")))
    finally:
        fixed_headers.cache_clear()
    assert b"Strict-Transport-Security: max-age=60" in page


# --- Start, reload, stop ------------------------------------------------------------------------


def test_no_request_fails_during_reloads(site):
    """Two reloads while four clients ask, two of them on connections that are kept alive."""
    done, failures, answers = threading.Event(), [], []

    def ask(keep: bool) -> None:
        connection = None
        while not done.is_set():
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", site.port, 20)
                connection.request("GET", "/health/")
                reply = connection.getresponse()
                reply.read()
                answers.append(reply.status)
                if not keep or reply.will_close:
                    connection.close()
                    connection = None
            except Exception as problem:
                failures.append(repr(problem))
                connection = None
        if connection:
            connection.close()

    clients = [threading.Thread(target=ask, args=(keep,)) for keep in (True, True, False, False)]
    for client in clients:
        client.start()
    try:
        for _ in range(2):
            before, asked = workers_of(site.pid), len(answers)
            assert within(20, lambda seen=asked: len(answers) > seen + 50)
            os.kill(site.pid, signal.SIGHUP)
            assert within(20, lambda old=before: not old & workers_of(site.pid))
        asked = len(answers)
        assert within(20, lambda: len(answers) > asked + 50)
    finally:
        done.set()
        for client in clients:
            client.join()

    assert failures == []
    assert set(answers) <= {200, 404}


def within(seconds: float, look) -> bool:
    end = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < end:
        time.sleep(0.05)
    return seen


def workers_of(pid: int) -> set[int]:
    told = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout
    return {int(line) for line in told.split()}


def test_nothing_but_the_address_is_written(site):
    log = (site.var / "gunicorn.log").read_text()

    assert f"Pocket is at http://127.0.0.1:{site.port} " in log
    assert not (site.var / "gunicorn.ctl").exists()


def test_the_second_start_has_nothing_left_to_do(site):
    told = manage("prepare", environment=site.environment)

    assert "Applying" not in told
    assert "Static files" not in told
    assert " added" not in told


def test_static_files_are_hashed_and_stored_compressed(site):
    css = [path.name for path in (site.var / "static/admin/css").glob("base.*")]

    assert any(re.fullmatch(r"base\.[0-9a-f]{12}\.css\.br", name) for name in css)
    assert any(re.fullmatch(r"base\.[0-9a-f]{12}\.css\.gz", name) for name in css)


def test_a_busy_port_is_said_in_one_line(site):
    done = run_manage("prepare", "--port-free", **{**site.environment, "HOST": "127.0.0.1"})

    assert done.returncode == 1
    assert re.search(
        r"^CommandError: Pocket cannot listen on .*make run PORT=\d+$", done.stderr, re.M
    )
    assert "Traceback" not in done.stderr


def test_a_database_that_is_away_is_said_in_one_line(tmp_path):
    url = f"postgres://pocket:sesame@127.0.0.1:{free_port()}/pocket"
    done = run_manage("prepare", **environment_with(VAR_DIR=str(tmp_path), DATABASE_URL=url))

    assert done.returncode == 1
    assert "The database does not do what Pocket needs" in done.stderr
    assert "Traceback" not in done.stderr
    assert "sesame" not in done.stderr


def run_manage(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=HERE,
        env=environment,
        capture_output=True,
        text=True,
    )


# --- gunicorn.conf.py ---------------------------------------------------------------------------


def configuration(**settings) -> dict[str, str]:
    done = gunicorn("--print-config", **settings)
    assert done.returncode == 0, done.stderr
    return dict(re.findall(r"^(\w+) += (.*)$", done.stdout, re.M))


def gunicorn(*arguments, **settings):
    return subprocess.run(
        [sys.executable, "-m", "gunicorn", *arguments],
        cwd=HERE,
        env=environment_with(**settings),
        capture_output=True,
        text=True,
        timeout=20,
    )


def test_gunicorn_listens_on_loopback_and_believes_nobody_by_itself(tmp_path):
    told = configuration(VAR_DIR=str(tmp_path))

    assert told["bind"] == "['127.0.0.1:8000']"
    assert told["workers"] == str(len(os.sched_getaffinity(0)))
    assert told["threads"] == "4"
    assert told["forwarded_allow_ips"] == "[]"
    assert told["forwarder_headers"] == "[]"
    assert told["control_socket_disable"] == "True"


def test_gunicorn_follows_the_environment(tmp_path):
    told = configuration(
        VAR_DIR=str(tmp_path),
        HOST="::1",
        PORT="8011",
        WEB_CONCURRENCY="3",
        WEB_THREADS="2",
        TRUSTED_PROXIES="1",
    )

    assert told["bind"] == "['[::1]:8011']"
    assert (told["workers"], told["threads"]) == ("3", "2")
    assert told["forwarded_allow_ips"] == "['*']"


@pytest.mark.parametrize("name", ["PORT", "WEB_THREADS", "TRUSTED_PROXIES"])
def test_a_wrong_number_stops_gunicorn_with_one_clear_line(tmp_path, name):
    done = gunicorn("--print-config", VAR_DIR=str(tmp_path), **{name: "many"})

    assert done.returncode == 1
    assert re.fullmatch(rf"Pocket cannot start: {name} must be [^\n]+\n", done.stderr)


def test_a_wrong_setting_stops_gunicorn_with_one_clear_line(tmp_path):
    """Also where nobody ran `prepare` before, and not once for each worker."""
    done = gunicorn(VAR_DIR=str(tmp_path), PORT=str(free_port()), CACHE_URL="x")

    assert done.returncode != 0
    assert done.stderr.count("CACHE_URL") == 1
    assert "Traceback" not in done.stderr
