"""The files that machines ask every site for, and what browsers report."""

import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from pocket.testing import SECURE

pytestmark = pytest.mark.django_db


def test_robots_keep_out_of_pages_made_of_questions(https_door):
    answer = https_door("/robots.txt", headers=SECURE)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "Disallow: /search/" in answer.text.splitlines()
    assert "Sitemap: https://pocket.example/sitemap.xml" in answer.text.splitlines()


def test_the_sitemap_names_every_page_at_its_configured_address(make_door):
    door = make_door(SITE_URL="https://pocket.example")
    https = {"wsgi.url_scheme": "https"}
    answer = door("/sitemap.xml", headers={"Host": "localhost"}, **https)
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    addresses = re.findall(r"<loc>(.*?)</loc>", answer.text)
    assert len(addresses) == len(set(addresses)) > 60
    assert {urlsplit(address)[:2] for address in addresses} == {("https", "pocket.example")}
    assert "https://pocket.example/states/kerala/" in addresses


def test_every_page_of_the_sitemap_is_there(door):
    addresses = re.findall(r"<loc>http://127\.0\.0\.1:8000(.*?)</loc>", door("/sitemap.xml").text)
    # Of the pages that are made alike, a few stand for all; the browser tests crawl the rest.
    alike = re.compile(r"/states/(rankings/)?[\w-]+/$")
    kinds = [path for path in addresses if alike.match(path)]
    for path in [path for path in addresses if not alike.match(path)] + kinds[::9]:
        assert door(path).status == 200, path


def test_security_txt_says_whom_to_tell(make_door):
    door = make_door(SECURITY_CONTACT="mailto:security@pocket.example")
    answer = door("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:security@pocket.example"
    expires = datetime.fromisoformat(fields["Expires"])
    assert datetime.now(UTC) < expires < datetime.now(UTC) + timedelta(days=366)
    assert fields["Canonical"] == "http://127.0.0.1:8000/.well-known/security.txt"


def test_without_a_contact_there_is_no_security_txt(door):
    assert door("/.well-known/security.txt").status == 404


def test_the_icon_is_where_every_browser_looks(door):
    answer = door("/favicon.ico")
    assert answer.status == 302
    icon = door(answer["Location"])
    assert (icon.status, icon["Content-Type"]) == (200, "image/svg+xml")


# --- Reports of the content security policy -----------------------------------------------------


REPORT = {
    "type": "csp-violation",
    "body": {
        "effectiveDirective": "script-src-elem",
        "blockedURL": "https://reader:password@evil.example/x.js?secret=1#part",
        "documentURL": "https://pocket.example/about/?q=secret",
        "sample": "secret()",
    },
}


@pytest.fixture
def report(door):
    def _report(what, **environ):
        body = what if isinstance(what, bytes) else json.dumps(what).encode()
        return door("/csp-reports/", "POST", body=body, **environ)

    return _report


def test_a_report_becomes_a_line_of_the_log_without_secrets(report, log):
    answer = report([REPORT], CONTENT_TYPE="application/reports+json")
    assert (answer.status, answer.body) == (204, b"")
    [line] = log("pocket.csp")
    assert line["directive"] == "script-src-elem"
    assert (line["blocked"], line["page"]) == ("evil.example/x.js", "pocket.example/about/")
    assert not re.search("secret|password|part", json.dumps(line))


def test_one_answer_writes_ten_short_lines_at_most(report, log):
    long = {"body": {"effectiveDirective": "x" * 90, "blockedURL": "y" * 90}}
    assert report([long] * 40).status == 204
    lines = log("pocket.csp")
    assert len(lines) == 10
    assert len(lines[0]["directive"]) == 60


@pytest.mark.parametrize(
    "odd",
    [
        [],
        {},
        None,
        1,
        "text",
        [1, None, [], "text", {"body": 5}, {"body": {}}],
        {"body": {"blockedURL": {"a": 1}, "documentURL": "http://[::1", "effectiveDirective": []}},
        {"body": {"blockedURL": "\ud800", "effectiveDirective": "\n\x1b[31m"}},
    ],
)
def test_an_odd_report_is_taken_quietly(report, odd):
    assert report(odd).status == 204


@pytest.mark.parametrize(
    ("body", "environ", "status"),
    [
        (b"", {}, 400),
        (b"nonsense", {}, 400),
        (b"\xff\xfe", {}, 400),
        (b"[" * 16_000, {}, 400),
        (b"9" * 16_000, {}, 400),
        (b" " * 16_385, {}, 413),
        (b"[]", {"CONTENT_LENGTH": "9" * 5_000}, 413),
        (b"[]", {"CONTENT_LENGTH": "many"}, 400),
        (b"[]", {"CONTENT_LENGTH": "-1"}, 400),
        (b"[]", {"CONTENT_LENGTH": "²"}, 400),
        (b"[]", {"CONTENT_TYPE": "text/plain; charset=utf-16"}, 415),
    ],
)
def test_what_is_no_report_is_refused(report, body, environ, status):
    assert report(body, **environ).status == status


def test_reports_are_only_sent(door):
    answer = door("/csp-reports/")
    assert (answer.status, answer["Allow"]) == (405, "POST")
