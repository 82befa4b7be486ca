import pytest

from accounts.models import User
from once.models import new_key

PASSWORD = "monsoon over Kaveri 1924"


def log_in(client, login="asha", password=PASSWORD):
    return client.post("/accounts/login/", {"login": login, "password": password})


@pytest.fixture
def asha(db):
    return User.objects.create_user("asha", "asha@pocket.example", PASSWORD)


@pytest.fixture
def door_of_asha(client, asha):
    """A browser in which asha logged in, and has just shown once more that it is her."""
    log_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture(autouse=True)
def exports_root(settings, tmp_path):
    settings.EXPORTS_ROOT = tmp_path / "exports"
    return settings.EXPORTS_ROOT


@pytest.fixture
def ravi(db):
    return User.objects.create_user("ravi", "ravi@pocket.example", PASSWORD)


@pytest.fixture
def ask():
    """Ask for an export, by default with a form of its own."""

    def _ask(client, key: str = "", **options):
        return client.post("/accounts/export/", {"once": key or new_key()}, **options)

    return _ask
