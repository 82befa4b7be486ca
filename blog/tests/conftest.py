import pytest
from django.core.cache import cache

from accounts.models import User
from accounts.roles import MODERATOR
from blog.tests.comment_factories import MemberFactory
from blog.tests.factories import story


@pytest.fixture
def post(db):
    return story("monsoon", byline="Pocket editors")


@pytest.fixture
def asha(db):
    return MemberFactory(username="asha")


@pytest.fixture
def ravi(db):
    return MemberFactory(username="ravi", shown_name="Ravi Das")


@pytest.fixture
def meena(db):
    """A moderator."""
    person = MemberFactory(username="meena")
    person.give_role(MODERATOR, by=None)
    return User.objects.get(pk=person.pk)


@pytest.fixture(autouse=True)
def no_limits_yet(db):
    cache.clear()
