"""What each page costs the database, at any length."""

import pytest

from pocket.web import generation
from states import atlas
from states.models import Indicator, Source, State, Tag

pytestmark = pytest.mark.django_db

MOST = 9
PAGES = [
    "/",
    "/?indicator=gsdp&view=tiles",
    "/share.png",
    "/states/",
    "/states/?q=karnatka&sort=hdi&show=table",
    "/states/?region=South&kind=state&tag=temples",
    "/states/karnataka/",
    "/states/karnataka.json",
    "/states/karnataka/card/",
    "/states/karnataka/qr.svg",
    "/states/karnataka/share.png",
    "/states/compare/",
    "/states/compare/?s=goa&s=bihar&s=kerala&s=assam",
    "/states/rankings/",
    "/states/rankings/districts/?per=person&sort=low",
    "/states/rankings/hdi.csv",
    "/states/rankings/hdi.json",
    "/states/data.csv",
    "/states/data.json",
    "/sources/",
    "/sitemap.xml",
]


@pytest.fixture
def cost(client, django_assert_max_num_queries, monkeypatch):
    # Asked of the cache once a second on Postgres, whatever the page: not part of its cost.
    monkeypatch.setattr(generation, "current", lambda topic="": "now")

    def _cost(address: str) -> int:
        with django_assert_max_num_queries(MOST, info=address) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    return _cost


def more_of_everything() -> None:
    source = Source.objects.create(slug="lamps", publication="Lamps", year="2026", licence="Free")
    for number in range(5):
        indicator = Indicator.objects.create(
            slug=f"lamps-{number}",
            label=f"Lamps {number}",
            short_label="Lamps",
            theme="land",
            unit="number",
            as_of="2026",
            source=source,
            higher_is="neutral",
            position=90 + number,
        )
        tag = Tag.objects.create(slug=f"lamps-{number}", meaning="Lamps")
        for at, state in enumerate(State.objects.all()):
            indicator.observations.create(state=state, value=at)
            state.tags.add(tag)
            state.dishes.create(name=f"Bread {number}", line="Baked.")
            state.produce.create(name=f"Wheat {number}", gi=False, season=(3, 4))


def test_a_page_costs_few_queries_and_no_more_with_more_to_show(cost):
    before = {address: cost(address) for address in PAGES}
    more_of_everything()
    assert {address: cost(address) for address in PAGES} == before


def test_a_page_costs_next_to_nothing_once_the_facts_are_kept(cost, settings, monkeypatch):
    settings.KEEP_ATLAS = True
    monkeypatch.setattr(atlas, "_keeper", atlas._Keeper())
    for address in PAGES:
        cost(address)
    after = {address: cost(address) for address in PAGES}
    # Sources, stories and people stand in no atlas.
    assert after.pop("/sources/") <= 2
    assert after.pop("/sitemap.xml") <= 4
    assert max(after.values()) <= 1, after
