import re

import pytest

from accounts.models import User

PASSWORD = "monsoon over Kaveri 1924"


@pytest.fixture
def meera(db):
    return User.objects.create_user("meera", "meera@pocket.example", PASSWORD)


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
