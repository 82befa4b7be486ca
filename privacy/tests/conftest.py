import pytest

from accounts.models import User

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
