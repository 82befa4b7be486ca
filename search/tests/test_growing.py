"""Of a kind that grows without end, the newest are looked at, by name before by text."""

import pytest

from search import index
from search.index import find
from search.tests.factories import KERALA, entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(index, "AMONG", 5)


def stories(number: int, start: int = 0, **values):
    return [entry(f"Tale {at}", "story", **values) for at in range(start, start + number)]


def keys(words: str, kind: str = "story") -> list[str]:
    found = find(words, kinds=[kind], per_kind=50)
    return [hit.key for group in found.groups for hit in group.hits]


def test_the_newest_are_found_and_it_is_said_that_there_are_more():
    index.put(stories(8, body="rain"))
    assert sorted(keys("rain")) == [f"tale-{at}" for at in range(3, 8)]
    found = find("rain")
    assert (found.total, found.is_cut) == (5, True)


def test_all_of_a_few_are_counted():
    index.put(stories(4, body="rain"))
    assert (find("rain").total, find("rain").is_cut) == (4, False)


def test_an_old_one_is_found_by_its_name_among_many_that_have_the_word_in_their_text():
    index.put([entry("Rain in the hills", "story"), *stories(9, body="rain of the hills")])
    assert keys("rain")[0] == "rain-in-the-hills"
    assert keys("hills rai")[0] == "rain-in-the-hills"
    assert keys("rainn")[0] == "rain-in-the-hills"


def test_what_does_not_grow_is_never_cut():
    places = [entry(f"Place {at}", "place", body="rain") for at in range(8)]
    index.put([*places, *stories(9, body="rain"), KERALA])
    assert len(keys("rain", "place")) == 8
    assert find("kerala").total == 1


def test_nobody_asks_for_the_signs_themselves():
    index.put(stories(2))
    for sign in (index.SETTLED, index.GROWN, index.NAMED, f"{index.NAMED}tale"):
        assert find(sign).total == (2 if sign.endswith("tale") else 0)


def test_the_page_says_that_there_are_more(client):
    index.put(stories(8, body="rain"))
    page = client.get("/search/?q=rain").content.decode()
    assert "More than 5 results" in page
    assert '<span class="soft">5+</span>' in page
