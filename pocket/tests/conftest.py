import json

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from accounts.models import User
from pocket.tests import odd_urls
from pocket.web.logs import JSONFormatter


@pytest.fixture
def odd(settings):
    """The addresses of odd_urls.py; returns the list of calls."""
    settings.ROOT_URLCONF = "pocket.tests.odd_urls"
    odd_urls.calls.clear()
    return odd_urls.calls


@pytest.fixture
def log(caplog):
    """Return what was written to the log so far, each line parsed."""

    def _log(logger: str = "") -> list[dict]:
        lines = [json.loads(JSONFormatter().format(record)) for record in caplog.records]
        return [line for line in lines if line["logger"].startswith(logger)]

    return _log


@pytest.fixture
def database_down(monkeypatch):
    """Every connection and every query fails, as when the server is away."""

    def refuse(self, *args, **kwargs):
        raise OperationalError("the server is away")

    def _database_down():
        for name in ("connect", "cursor", "chunked_cursor"):
            monkeypatch.setattr(BaseDatabaseWrapper, name, refuse)

    return _database_down


@pytest.fixture
def meera(db):
    return User.objects.create_user("meera", "meera@pocket.example", "a long password of hers")


@pytest.fixture
def signed_in(client):
    """Return the headers of somebody who is signed in, for the door."""

    def _signed_in(user) -> dict[str, str]:
        client.force_login(user)
        return {"Cookie": "; ".join(f"{n}={m.value}" for n, m in client.cookies.items())}

    return _signed_in
