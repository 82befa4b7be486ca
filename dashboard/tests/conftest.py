import pytest

from accounts.models import User


@pytest.fixture
def admin(db):
    return User.objects.create_superuser("kavya", "kavya@pocket.example")


@pytest.fixture
def desk(client, admin):
    """The client of an admin."""
    client.force_login(admin)
    return client


@pytest.fixture
def somebody(db):
    """Make a person with a role."""

    def _somebody(name: str, role: str = "") -> User:
        person = User.objects.create_user(name, f"{name}@pocket.example")
        if role:
            person.give_role(role, by=None)
        return User.objects.get(pk=person.pk)

    return _somebody
