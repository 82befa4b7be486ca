from datetime import UTC, datetime

import pytest
from django.utils import timezone

from passport.tests.factories import PersonFactory
from states.models import State


@pytest.fixture
def asha(db):
    return PersonFactory(username="asha")


@pytest.fixture
def ravi(db):
    return PersonFactory(username="ravi", shown_name="Ravi Das")


@pytest.fixture
def hers(asha, sign_in):
    """The client that asha is signed in with."""
    return sign_in(asha)


@pytest.fixture
def kerala(states_loaded):
    return State.objects.get(slug="kerala")


@pytest.fixture
def it_is(monkeypatch):
    """Set the clock: `it_is(2026, 12, 31, 19)` in UTC."""

    def _it_is(*moment: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: datetime(*moment, tzinfo=UTC))

    return _it_is
