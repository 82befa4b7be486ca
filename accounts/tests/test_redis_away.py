"""The log-in while Redis is away: it works, and guessing is no easier."""

import time

import pytest
from django.core.cache import caches

from accounts.tests.conftest import PASSWORD
from pocket.testing import settings_with
from pocket.web import caches as steady

pytestmark = pytest.mark.django_db
NOBODY = "redis://127.0.0.1:1/0"  # a port that nobody listens on


@pytest.fixture
def use_redis(settings, monkeypatch):
    def _use_redis(url: str) -> None:
        monkeypatch.setattr(steady, "_away", {})
        changed = settings_with(CACHE_URL=url)
        settings.CACHES = changed["CACHES"]
        settings.SESSION_ENGINE = changed["SESSION_ENGINE"]
        settings.SESSION_CACHE_ALIAS = changed["SESSION_CACHE_ALIAS"]

    return _use_redis


@pytest.fixture
def away(use_redis):
    use_redis(NOBODY)


def log_in(client, password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": "meera", "password": password}, **more)


def test_people_log_in_and_out(client, meera, away):
    assert client.get("/accounts/login/").status_code == 200
    assert log_in(client).status_code == 302
    assert client.get("/accounts/sessions/").status_code == 200
    assert client.get("/health/ready/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/accounts/").status_code == 302


def test_limits_hold(client, meera, away):
    for _ in range(6):
        page = log_in(client, "wrong").content.decode()
    assert "Wait five minutes" in page
    assert "Wait five minutes" in log_in(client).content.decode()
    for number in range(31):
        sent = {"login": f"somebody{number}", "password": "wrong"}
        answer = client.post("/accounts/login/", sent, REMOTE_ADDR="198.51.100.7")
    assert answer.status_code == 429


def test_who_is_away_is_left_alone_for_a_while(away, monkeypatch):
    asked = []
    connect = steady.RedisCache._cache.func
    monkeypatch.setattr(
        steady.RedisCache, "_cache", property(lambda self: asked.append(1) or connect(self))
    )
    for _ in range(3):
        caches["default"].set("a", 1)
    assert len(asked) == 1
    assert caches["spare"].get("a") == 1
    monkeypatch.setattr(steady, "_away", {NOBODY: time.monotonic() - 1})
    caches["default"].get("a")
    assert len(asked) == 2


def test_no_password_of_the_server_is_in_the_log(use_redis, caplog):
    use_redis("redis://pocket:hush@127.0.0.1:1/0")
    caches["default"].set("a", 1)
    assert "Redis is away" in caplog.text
    assert "hush" not in str([record.__dict__ for record in caplog.records])


def test_redis_is_used_while_it_is_there(client, meera, use_redis, redis_url):
    use_redis(redis_url)
    log_in(client)
    kept = caches["sessions"]._cache.get_client()
    [name] = kept.keys("*cached_db*")
    assert 0 < kept.ttl(name) <= 300
    for _ in range(6):
        page = log_in(type(client)(), "wrong").content.decode()
    assert "Wait five minutes" in page
    assert any(b":rl:" in name for name in kept.keys("*"))
