"""What readers look for and do not find is counted, and nothing of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pocket.testing import HTMX
from search import missed, tasks
from search.models import MissedSearch

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted():
    missed._counts.clear()


def counted() -> dict[str, int]:
    missed.write()
    return dict(MissedSearch.objects.values_list("words", "times"))


def test_a_search_without_result_is_counted_by_the_day(client, india):
    for words in ("Atlántis", "atlantis", "mysore"):
        client.get("/search/", {"q": words})
    assert counted() == {"atlantis": 2}
    client.get("/search/", {"q": "atlantis"})
    assert counted() == {"atlantis": 3}
    assert MissedSearch.objects.get().day == timezone.localdate()


def test_the_page_writes_nothing_itself(client, india, django_assert_num_queries):
    client.get("/search/")
    with django_assert_num_queries(2):
        client.get("/search/", {"q": "atlantis"})
    assert not MissedSearch.objects.exists()


def test_no_search_is_no_miss(client, india):
    for words in ("", " ", "!!!"):
        client.get("/search/", {"q": words})
    client.get("/search/suggest/", {"q": "atlantis"}, headers=HTMX)
    assert counted() == {}


def test_of_words_still_being_typed_the_last_step_counts(client, india):
    for words in ("atlan", "atlant", "atlantis", "utopia"):
        client.get("/search/", {"q": words}, headers=HTMX)
    assert counted() == {"atlantis": 1, "utopia": 1}


@pytest.mark.parametrize(
    "words", ["meera@zzmail.example", "98450 12345 zzq", "+91-98450-12345 zzq", "1.2.3.4.5.6 zzq"]
)
def test_what_looks_like_an_address_is_not_kept(client, india, words):
    client.get("/search/", {"q": words})
    assert counted() == {}


def test_who_asks_for_anything_fills_no_table(monkeypatch, india):
    monkeypatch.setattr(missed, "MOST_A_DAY", 3)
    monkeypatch.setattr(missed, "MOST_AT_ONCE", 2)
    for start in ("a", "b", "c", "d"):
        for rest in ("x", "y", "z"):
            missed.note(f"{start}{rest}")
        missed.write()
    assert list(MissedSearch.objects.values_list("words", flat=True)) == ["ax", "ay", "bx"]
    missed.note("ax")
    assert counted()["ax"] == 2


def test_the_longest_words_in_the_widest_letters_fit(india):
    missed.note(" ".join(["𞤀" * 64] * 12))
    assert list(counted().values()) == [1]


def test_after_ninety_days_it_is_forgotten(db):
    today = timezone.localdate()
    for days in (90, 91):
        MissedSearch.objects.create(day=today - timedelta(days=days), words="atlantis", times=1)
    tasks.forget_missed.enqueue()
    assert MissedSearch.objects.get().day == today - timedelta(days=90)


def test_a_thread_writes_what_was_counted_soon_after(settings, monkeypatch, india):
    begun = []

    class Timer:
        def __init__(self, seconds, function):
            begun.append((seconds, function))

        def start(self):
            pass

    monkeypatch.setattr(missed.threading, "Timer", Timer)
    settings.MISSED_SEARCHES_AFTER = 30
    missed.note("atlantis")
    missed.note("utopia")
    assert [seconds for seconds, _function in begun] == [30]
    assert counted() == {"atlantis": 1, "utopia": 1}
    missed.note("atlantis")
    assert len(begun) == 2
    missed._timer = None
