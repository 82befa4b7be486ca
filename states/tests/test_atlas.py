import math
import threading
from collections import Counter
from decimal import Decimal

import pytest

from pocket.web import generation
from states import atlas
from states.models import (
    Craft,
    Dish,
    Festival,
    Indicator,
    Observation,
    Place,
    Produce,
    Source,
    State,
    Tag,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def india():
    return atlas.read()


# --- The same as the tables ---------------------------------------------------------------------


def test_every_state_is_there_as_it_stands_in_the_table(india):
    assert [unit.name for unit in india.units] == sorted(
        State.objects.values_list("name", flat=True)
    )
    for unit in india.units:
        state = State.objects.get(slug=unit.slug)
        assert unit.state == state
        assert unit.outline == state.outline
        assert unit.get_absolute_url() == f"/states/{state.slug}/"
        assert unit.get_kind_display() == state.get_kind_display()
        assert unit.paragraphs == state.paragraphs


@pytest.mark.parametrize(
    "kind",
    ["places", "festivals", "dishes", "crafts", "produce", "capitals", "native_names", "symbols"],
)
def test_what_belongs_to_a_state_is_there_in_order(india, kind):
    for state in State.objects.prefetch_related(kind):
        things = india.by_slug[state.slug].things[kind]
        assert [thing.name for thing in things] == [row.name for row in getattr(state, kind).all()]


def test_things_carry_the_fields_of_their_kind(india):
    unit = india.by_slug["karnataka"]
    place = Place.objects.get(state__slug="karnataka", name="Hampi")
    hampi = unit.places[0]
    assert (hampi.name, hampi.line) == (place.name, place.line)
    assert (hampi.latitude, hampi.longitude) == (place.latitude, place.longitude)
    assert isinstance(hampi.latitude, Decimal)
    coffee = next(p for p in unit.produce if p.name == "Coorg Arabica coffee")
    assert coffee.season == (11, 12, 1, 2)
    assert coffee.flag is True
    assert {site.name: int(site.tag) for site in unit.heritage}[
        "Group of Monuments at Hampi"
    ] == 1986
    assert (unit.native_name.name, unit.native_name.tag) == ("ಕರ್ನಾಟಕ", "kn")
    assert unit.airport.iata == "BLR"
    assert sorted(unit.other_airports) == ["HBX", "IXE", "MYQ"]
    assert [language.name for language in unit.official_languages] == ["Kannada"]


def test_seasons_and_flags_are_those_of_the_tables(india):
    for model, kind in ((Produce, "produce"), (Craft, "crafts")):
        rows = {(r.state.slug, r.name): r for r in model.objects.select_related("state")}
        for unit in india.units:
            for thing in unit.things[kind]:
                row = rows.pop((unit.slug, thing.name))
                assert thing.flag is row.gi
                assert thing.season == getattr(row, "season", None)
        assert not rows
    dishes = {(u.slug, d.name, d.line) for u in india.units for d in u.dishes}
    assert dishes == set(Dish.objects.values_list("state__slug", "name", "line"))
    festivals = {(u.slug, f.name, f.detail) for u in india.units for f in u.festivals}
    assert festivals == set(Festival.objects.values_list("state__slug", "name", "when"))


def test_every_value_is_the_one_of_the_table(india):
    rows = Observation.objects.values_list("state__slug", "indicator__slug", "value")
    values = {(u.slug, slug, value) for u in india.units for slug, value in u.values.items()}
    assert values == set(rows)
    assert [i.slug for i in india.indicators] == list(
        Indicator.objects.values_list("slug", flat=True)
    )


def test_links_between_states_are_those_of_the_tables(india):
    for state in State.objects.prefetch_related("neighbours", "tags", "borders"):
        unit = india.by_slug[state.slug]
        assert [n.slug for n in unit.neighbours] == [n.slug for n in state.neighbours.all()]
        assert {tag.slug for tag in unit.tags} == {tag.slug for tag in state.tags.all()}
        assert sorted(unit.borders) == [c.name for c in state.borders.all()]
    assert {tag.slug: tag.meaning for tag in india.tags} == dict(
        Tag.objects.filter(states__isnull=False).values_list("slug", "meaning")
    )


def test_reading_costs_five_queries_however_much_there_is(django_assert_num_queries):
    with django_assert_num_queries(5):
        atlas.read()
    indicator = Indicator.objects.create(
        slug="lighthouses", source=Source.objects.first(), unit="number", as_of="2026",
        theme="land", higher_is="neutral", position=50,
    )  # fmt: skip
    for state in State.objects.all():
        indicator.observations.create(state=state, value=1)
        state.dishes.create(name="Bread", line="Baked.")
    with django_assert_num_queries(5):
        india = atlas.read()
    assert india.by_slug["goa"].values["lighthouses"] == 1


# --- Kept ---------------------------------------------------------------------------------------


class Readings:
    """Stands in for the database and for the generation of the site."""

    def __init__(self) -> None:
        self.count = 0
        self.token = "first"

    def read(self) -> atlas.Atlas:
        self.count += 1
        return atlas.Atlas([], [])


@pytest.fixture
def readings(monkeypatch, settings):
    settings.KEEP_ATLAS = True
    readings = Readings()
    monkeypatch.setattr(atlas, "read", readings.read)
    monkeypatch.setattr(atlas, "_keeper", atlas._Keeper())
    monkeypatch.setattr(generation, "current", lambda: readings.token)
    return readings


def test_the_atlas_is_kept_until_something_changes(readings):
    kept = atlas.atlas()
    assert atlas.atlas() is kept
    assert readings.count == 1
    readings.token = "second"
    assert atlas.atlas() is not kept
    assert readings.count == 2


def test_the_atlas_is_read_again_after_some_minutes(readings, monkeypatch):
    now = [1_000.0]
    monkeypatch.setattr(atlas.time, "time", lambda: now[0])
    monkeypatch.setattr(atlas, "best_before", lambda: now[0] + 300)
    atlas.atlas()
    now[0] += 299
    atlas.atlas()
    assert readings.count == 1
    now[0] += 2
    atlas.atlas()
    assert readings.count == 2


def test_threads_that_come_together_share_one_reading(readings, monkeypatch):
    started = threading.Barrier(8)

    def slowly():
        readings.count += 1
        threading.Event().wait(0.05)
        return atlas.Atlas([], [])

    monkeypatch.setattr(atlas, "read", slowly)
    found = []

    def ask():
        started.wait()
        found.append(atlas.atlas())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert readings.count == 1
    assert len({id(kept) for kept in found}) == 1


def test_a_reading_that_fails_is_tried_again(readings, monkeypatch):
    def broken():
        raise ConnectionError

    with monkeypatch.context() as trouble:
        trouble.setattr(atlas, "read", broken)
        with pytest.raises(ConnectionError):
            atlas.atlas()
    assert atlas.atlas().units == []


# --- Likeness -----------------------------------------------------------------------------------


def test_two_states_are_as_far_from_each_other_both_ways(india):
    far = {
        (unit.slug, other.slug): distance
        for unit in india.units
        for other, distance in india.most_like(unit, 35)
    }
    assert len(far) == 36 * 35
    for (here, there), distance in far.items():
        assert distance == far[there, here]
        assert distance > 0


def test_those_most_like_come_first_and_never_oneself(india):
    for unit in india.units:
        distances = [distance for _other, distance in india.most_like(unit, 35)]
        assert distances == sorted(distances)
        assert unit not in [other for other, _distance in india.most_like(unit, 35)]
    assert len(india.most_like(india.by_slug["goa"])) == 4


def test_the_distance_is_over_four_indicators_in_standard_deviations(india, published):
    total = 0.0
    for slug in ("density-per-km2", "urban-share-2011", "literacy-rate-2011", "sex-ratio-2011"):
        values = {state: float(value) for state, value in published.of(slug).items()}
        if slug == "density-per-km2":
            values = {state: math.log(value) for state, value in values.items()}
        mean = sum(values.values()) / 36
        deviation = math.sqrt(sum((value - mean) ** 2 for value in values.values()) / 36)
        total += ((values["karnataka"] - values["bihar"]) / deviation) ** 2
    told = dict(india.most_like(india.by_slug["karnataka"], 35))
    assert told[india.by_slug["bihar"]] == pytest.approx(math.sqrt(total))


# --- In season ----------------------------------------------------------------------------------


@pytest.mark.parametrize("month", range(1, 13))
def test_in_season_is_what_the_files_say_of_the_month(india, culture, month):
    grown = Counter(
        (produce["name"], slug)
        for slug, state in culture.items()
        for produce in state["produce"]
        if month in (produce["season_months"] or [])
    )
    found = india.in_season(month)
    assert Counter((p.name, unit.slug) for p, units in found for unit in units) == grown
    lengths = [len(produce.season) for produce, _units in found]
    assert lengths == sorted(lengths)


def test_what_grows_in_several_states_is_named_once(india):
    for month in range(1, 13):
        named = [(p.name, p.season) for p, _units in india.in_season(month)]
        assert len(named) == len(set(named))
