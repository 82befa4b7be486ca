"""Which tests `make test` runs on Postgres as well as on SQLite."""

import pytest

from accounts.models import User
from pocket.testing import differs_by_database


def test_whoever_asks_the_database_runs_on_each(request, db):
    assert differs_by_database(request.node)


@pytest.mark.django_db
def test_so_does_whoever_is_marked(request):
    assert differs_by_database(request.node)


@pytest.mark.database
def test_and_whoever_hands_it_on(request):
    assert differs_by_database(request.node)


def test_and_whoever_visits_the_site(request, client):
    assert differs_by_database(request.node)


@pytest.mark.any_database
def test_who_may_do_what_is_asked_once(request, client):
    assert not differs_by_database(request.node)


def test_all_others_run_once_and_reach_no_database(request):
    assert not differs_by_database(request.node)
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        User.objects.exists()
