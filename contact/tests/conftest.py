import pytest
from django.core.cache import cache

from accounts.roles import MODERATOR
from contact.tests.factories import PersonFactory


@pytest.fixture(autouse=True)
def no_limits_yet(kept):
    cache.clear()


@pytest.fixture
def asha():
    return PersonFactory(username="asha", shown_name="Asha Rao")


@pytest.fixture
def ravi():
    """One of the team."""
    person = PersonFactory(username="ravi", shown_name="Ravi Das")
    person.give_role(MODERATOR, by=None)
    return person


@pytest.fixture
def lata():
    """Another one."""
    person = PersonFactory(username="lata")
    person.give_role(MODERATOR, by=None)
    return person


@pytest.fixture
def hers(asha, sign_in):
    """The client that asha is signed in with; she is a member and no more."""
    return sign_in(asha)


@pytest.fixture
def his(ravi, sign_in):
    """The client that ravi is signed in with."""
    return sign_in(ravi)
