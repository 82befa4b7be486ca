"""Alive, and ready to serve."""

import json

import pytest
from django.db.migrations.executor import MigrationExecutor

from pocket.web import health

pytestmark = pytest.mark.django_db
HERE = {"REMOTE_ADDR": "127.0.0.1"}


@pytest.fixture
def break_it(monkeypatch, settings, tmp_path, database_down):
    def _break_it(what: str) -> None:
        if what == "database":
            database_down()
        elif what == "migrations":
            monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *args: ["one"])
        elif what == "cache":
            monkeypatch.setattr(health.cache, "set", lambda *args: None)
        else:
            settings.VAR_DIR = tmp_path / "gone"

    return _break_it


def test_alive_asks_nobody(door, database_down):
    database_down()
    answer = door("/health/")
    assert (answer.status, json.loads(answer.body)) == (200, {"status": "ok"})


def test_ready_when_everything_is_there(door):
    answer = door("/health/ready/", **HERE)
    assert answer.status == 200
    assert json.loads(answer.body) == {
        "status": "ok",
        "checks": {"database": "ok", "migrations": "ok", "cache": "ok", "storage": "ok"},
    }


@pytest.mark.parametrize("what", ["database", "migrations", "cache", "storage"])
def test_what_failed_is_named_on_this_machine(door, break_it, what):
    break_it(what)
    answer = door("/health/ready/", **HERE)
    checks = json.loads(answer.body)["checks"]
    assert answer.status == 503
    assert answer["Retry-After"] == "5"
    assert checks[what] != "ok"
    assert what == "database" or [n for n, word in checks.items() if word != "ok"] == [what]


@pytest.mark.parametrize("what", ["database", "migrations", "cache", "storage"])
def test_strangers_learn_only_that_something_failed(door, break_it, what):
    break_it(what)
    answer = door("/health/ready/")
    assert (answer.status, json.loads(answer.body)) == (503, {"status": "unavailable"})


@pytest.mark.parametrize(
    "headers", [{"X-Forwarded-For": "127.0.0.1"}, {"X-Real-IP": "127.0.0.1"}, {"Host": "localhost"}]
)
def test_nobody_talks_their_way_to_the_details(door, headers):
    assert "checks" not in json.loads(door("/health/ready/", headers=headers).body)


def test_a_proxy_beside_us_makes_no_neighbours(https_door):
    headers = {"X-Forwarded-For": "203.0.113.9"}
    assert "checks" not in json.loads(https_door("/health/ready/", headers=headers, **HERE).body)


@pytest.mark.parametrize("is_staff", [True, False])
def test_staff_see_the_details_from_anywhere(door, meera, signed_in, is_staff):
    meera.is_staff = is_staff
    meera.save()
    answer = door("/health/ready/", headers=signed_in(meera))
    assert ("checks" in json.loads(answer.body)) is is_staff


@pytest.mark.parametrize("host", ["10.1.2.3:8000", "evil.example", "", "a b", "[::1", "x" * 5_000])
def test_a_balancer_may_ask_by_any_name(https_door, host):
    for path in ("/health/", "/health/ready/"):
        answer = https_door(path, headers={"Host": host})
        assert answer.status == 200
        assert answer["Location"] is None


def test_no_session_no_cookie_nothing_kept(door):
    for path in ("/health/", "/health/ready/"):
        for environ in ({}, HERE):
            answer = door(path, **environ)
            assert answer["Set-Cookie"] is None
            assert answer["Cache-Control"] == "no-store"


def test_a_failure_is_told_in_one_short_line(door, monkeypatch):
    def fail():
        raise RuntimeError("first line\nsecond line" + "x" * 500)

    monkeypatch.setitem(health.CHECKS, "cache", fail)
    said = json.loads(door("/health/ready/", **HERE).body)["checks"]["cache"]
    assert said == "RuntimeError: first line"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_health_is_only_read(door, method):
    assert door("/health/", method).status == door("/health/ready/", method).status == 405
