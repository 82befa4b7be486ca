import re
from types import SimpleNamespace

import pytest
from allauth.account.internal.flows.login import record_authentication

from accounts.models import User

PASSWORD = "monsoon over Kaveri 1924"


@pytest.fixture
def meera(db):
    return User.objects.create_user("meera", "meera@pocket.example", PASSWORD)


@pytest.fixture
def proved(client):
    """Sign a person in who has just shown once more who they are."""

    def _proved(person):
        client.force_login(person)
        session = client.session
        asked = SimpleNamespace(session=session)
        record_authentication(asked, person, "password", reauthenticated=True)
        session.save()
        return client

    return _proved


@pytest.fixture
def verifying(settings):
    """A site with a mail server: an address must be verified before its owner is let in."""
    settings.VERIFY_EMAIL = True
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False


@pytest.fixture
def last_code(mailoutbox):
    def _last_code() -> str:
        return re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mailoutbox[-1].body, re.MULTILINE)[0]

    return _last_code
