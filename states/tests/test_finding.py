"""What the search of the whole site is told of the states."""

import pytest

from search import index
from search.kinds import Kind
from search.models import Document
from states import atlas, finding
from states.models import Dish

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]


@pytest.fixture
def india():
    return atlas.read()


def titles(typed: str, kind: Kind) -> list[str]:
    """What of a kind the search of the site finds, without the marks."""
    hits = [hit for group in index.find(typed).groups if group.kind == kind for hit in group.hits]
    return [hit.title.replace("<mark>", "").replace("</mark>", "") for hit in hits]


def test_every_state_and_what_is_its_own_can_be_found(india):
    entries = list(finding.entries(india))
    keys = [(entry.kind, entry.key) for entry in entries]
    assert len(keys) == len(set(keys))
    counts = {kind: sum(key[0] == kind for key in keys) for kind in finding.KINDS}
    assert counts[Kind.STATE] == 36
    assert counts[Kind.DISH] == Dish.objects.count() == 185
    assert min(counts.values()) > 0


def test_every_entry_leads_to_a_place_on_a_page_that_is_there(client, india):
    ids: dict[str, str] = {}
    for entry in finding.entries(india):
        address, _hash, anchor = entry.url.partition("#")
        if address not in ids:
            response = client.get(address)
            assert response.status_code == 200
            ids[address] = response.content.decode()
        assert not anchor or f'id="{anchor}"' in ids[address], entry.url


def test_refreshing_twice_changes_nothing():
    finding.refresh()
    assert finding.refresh() == 0
    assert Document.objects.filter(kind__in=finding.KINDS).count() == 941


def test_what_is_gone_is_found_no_more():
    finding.refresh()
    Dish.objects.filter(state__slug="karnataka", name="Bisi bele bath").delete()
    assert finding.refresh() == 2  # the dish, and the state whose words it was among
    assert "Bisi bele bath" not in titles("bisi bele bath", Kind.DISH)


@pytest.mark.parametrize(
    ("typed", "kind", "title"),
    [
        ("ಕರ್ನಾಟಕ", Kind.STATE, "Karnataka"),
        ("karnatka", Kind.STATE, "Karnataka"),
        ("kerala", Kind.STATE, "Keralam"),
        ("hampi", Kind.PLACE, "Hampi"),
        ("masala dosa", Kind.DISH, "Masala dosa"),
        ("channapatna", Kind.CRAFT, "Channapatna toys and dolls"),
        ("dasara", Kind.FESTIVAL, "Mysuru Dasara"),
        ("coorg coffee", Kind.PRODUCE, "Coorg Arabica coffee"),
    ],
)
def test_the_site_finds_states_and_what_belongs_to_them(typed, kind, title):
    finding.refresh()
    assert title in titles(typed, kind)


def test_a_name_in_an_address_is_understood(india):
    for typed in ("karnataka", "KARNATAKA", "ka", "IN-KA"):
        assert finding.called(india, typed) is india.by_slug["karnataka"]
    assert finding.called(india, "orissa") is india.by_slug["odisha"]
    assert finding.called(india, "") is None
    assert finding.called(india, "in-") is None


def test_words_that_fit_nobody_find_nobody(india):
    assert finding.matching(india, "zzzzzz") == []
    assert finding.matching(india, "***") == []
    assert finding.matching(india, "") == india.units


@pytest.mark.parametrize(
    "words", ["Karnataka", "ಕರ್ನಾಟಕ", "कर्नाटक", "karnatka", "karnāṭaka", "Karnat"]
)
def test_the_search_finds_a_state_by_any_of_its_names(client, db, words):
    page = client.get("/search/", {"q": words}).content.decode()
    assert page.index('href="/states/karnataka/"') < page.index("</main>")


def test_every_state_has_a_hindi_name_to_be_found_by(india):
    assert set(finding.IN_HINDI) == {unit.code for unit in india.units}
    for unit in india.units:
        assert finding.matching(india, finding.IN_HINDI[unit.code])[0] is unit
        for name in unit.native_names:
            if name.tag == "hi":
                assert finding.called(india, name.name) is unit
