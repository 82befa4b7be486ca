"""The cache in the database: what is counted in it holds for all, and for as long as was said."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.cache.backends import db
from django.db import connection
from django.utils import timezone

from pocket.web import tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def spare():
    caches["spare"].clear()
    return caches["spare"]


def test_a_count_lasts_as_long_as_was_said(spare, monkeypatch):
    spare.add("tries", 0, 3600)
    assert spare.incr("tries") == 1
    now = timezone.now()
    monkeypatch.setattr(db, "tz_now", lambda: now + timedelta(minutes=59))
    assert spare.get("tries") == 1
    assert spare.incr("tries", 2) == 3
    monkeypatch.setattr(db, "tz_now", lambda: now + timedelta(minutes=61))
    assert spare.get("tries") is None


def test_what_is_not_there_is_not_counted(spare):
    with pytest.raises(ValueError, match="tries"):
        spare.incr("tries")


@pytest.mark.django_db(transaction=True)
def test_all_who_come_at_once_are_counted(spare, at_once):
    spare.add("tries", 0, 3600)
    assert sorted(at_once(lambda: caches["spare"].incr("tries"))) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_what_is_over_is_forgotten_every_day(spare, settings):
    spare.set("over", 1, -10)
    spare.set("kept", 1, 3600)
    tasks.clear_cache.call()
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM pocket_cache")
        assert cursor.fetchall() == [(":1:kept",)]
    assert "pocket.web.tasks.clear_cache" in settings.DAILY_TASKS
