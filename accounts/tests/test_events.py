"""Who came and who was sent away is in the log, and nobody can be known from it."""

import json

import pytest

from accounts.models import User
from accounts.tests.conftest import PASSWORD
from pocket.web.logs import JSONFormatter

pytestmark = pytest.mark.django_db
ID = "b0a7b0a7b0a7b0a7"


@pytest.fixture
def told(caplog):
    """What the log was told of people: events, with the key of whoever is known."""

    def _told() -> list[tuple]:
        records = [r for r in caplog.records if r.name == "pocket.people"]
        lines = [json.loads(JSONFormatter().format(record)) for record in records]
        for line in lines:
            assert set(line) - {"user"} == {"time", "level", "logger", "message", "event", "id"}
            assert line["id"] == ID
            written = json.dumps(line)
            assert not any(word in written for word in ("meera", "@", "kabir", "127.0.0.1"))
        caplog.clear()
        return [(line["event"], line.get("user")) for line in lines]

    return _told


@pytest.fixture
def client(client):
    client.defaults["pocket.request_id"] = ID
    return client


def log_in(client, password=PASSWORD):
    return client.post("/accounts/login/", {"login": "meera", "password": password})


def test_coming_and_going(client, meera, told):
    log_in(client, "wrong")
    assert told() == [("log_in_failed", None)]
    log_in(client)
    assert told() == [("logged_in", str(meera.pk))]
    client.post("/accounts/logout/")
    assert told() == [("logged_out", str(meera.pk))]


def test_a_new_person_is_told_by_key(client, meera, told):
    form = {"username": "kabir", "email": "kabir@pocket.example", "password1": PASSWORD}
    client.post("/accounts/signup/", form | {"once": "k" * 22})
    key = str(User.objects.get(username="kabir").pk)
    assert told() == [("signed_up", key), ("logged_in", key)]


def test_an_unknown_name_fails_with_the_same_line(client, meera, told):
    client.post("/accounts/login/", {"login": "kabir", "password": "wrong"})
    assert told() == [("log_in_failed", None)]


def test_too_many_tries_are_told(client, meera, told):
    for _ in range(5):
        log_in(client, "wrong")
    told()
    log_in(client)
    assert told() == [("limit_hit", None)]


def test_a_page_of_too_many_is_told(client, meera, told):
    for number in range(21):
        asked = {"email": f"nobody{number}@pocket.example"}
        response = client.post("/accounts/password/reset/", asked)
    assert response.status_code == 429
    assert told() == [("limit_hit", None)]


def test_who_may_not_is_told(client, meera, told):
    log_in(client)
    told()
    assert client.get("/admin/login/").status_code == 403
    assert told() == [("permission_denied", str(meera.pk))]


def test_an_ordinary_visit_is_not_told(client, meera, told):
    log_in(client)
    told()
    client.get("/accounts/")
    client.get("/nowhere/")
    assert told() == []
