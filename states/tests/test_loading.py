from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet

from pocket.web import generation
from search.models import Document
from states.loading import load
from states.models import (
    Country,
    Craft,
    Dish,
    Festival,
    HeritageSite,
    Indicator,
    Language,
    Listing,
    NativeName,
    Observation,
    Place,
    River,
    Source,
    State,
    Symbol,
    Tag,
)
from states.reading import CODES

pytestmark = pytest.mark.django_db


# --- Loading -----------------------------------------------------------------------------------


def test_a_second_load_changes_nothing():
    report = load()
    assert report.changed == 0
    assert report.total.unchanged == 3492
    assert str(report) == "0 changed, 3492 unchanged"


def test_an_empty_database_is_filled(django_assert_max_num_queries):
    State.objects.all().delete()
    Indicator.objects.all().delete()
    Source.objects.all().delete()
    HeritageSite.objects.all().delete()
    with django_assert_max_num_queries(120):
        report = load()
    assert report.counts["states"].added == 36
    assert report.counts["observations"].added == 669
    assert report.counts["neighbours of states"].added == 134
    assert load().changed == 0


def test_the_command_says_what_it_did(capsys):
    Dish.objects.filter(state__slug="kerala").first().delete()
    call_command("load_states")
    said = capsys.readouterr().out
    assert "dishes: 1 added, 0 changed, 0 removed, 184 unchanged" in said
    assert "\n1 changed, 3491 unchanged\n" in said


def test_every_fact_arrives():
    assam = State.objects.get(slug="assam")
    assert assam.code == "IN-AS"
    assert assam.vehicle_code == "AS"
    assert str(assam.formed_on) == "1950-01-26"
    assert (assam.tile_column, assam.tile_row) == (7, 3)
    assert [name.name for name in assam.native_names.all()] == ["অসম", "आसाम"]
    assert assam.airport.iata == "GAU"
    assert assam.airport_in_state

    keralam = State.objects.get(slug="kerala")
    assert (keralam.name, keralam.also_known_as) == ("Keralam", "Kerala")
    assert len(keralam.paragraphs) == 2

    area = Indicator.objects.get(slug="area-km2")
    assert area.key == "area_km2"
    assert area.national == 3_287_263
    assert "3,166,620" in area.note
    districts = Indicator.objects.get(slug="districts")
    assert (districts.per_person_scale, districts.per_area_scale) == (10_000_000, 10_000)


def test_a_changed_fact_is_changed_and_nothing_else(files):
    files.put("indicators", "states/IN-GA/values/districts", 4)
    files.put("culture", "states/IN-GA/best_months", [1, 12])
    report = files.load()
    assert report.changed == 2
    goa = State.objects.get(code="IN-GA")
    assert goa.best_months == (12, 1)
    assert goa.observations.get(indicator__slug="districts").value == 4


def test_what_a_file_no_longer_has_is_removed(files):
    files.cut("culture", "states/IN-GA/food/0")
    files.put("indicators", "states/IN-GA/values/hdi", None)
    files.put("indicators", "indicators/hdi/coverage", 33)
    files.put("culture", "states/IN-AN/landscape/rivers", ["Kalpong"])
    report = files.load()
    assert report.total.removed == 4  # and Galathea, which flows nowhere else
    assert not Observation.objects.filter(state__code="IN-GA", indicator__slug="hdi").exists()
    assert not River.objects.filter(name="Galathea").exists()


def test_a_source_and_an_indicator_can_go(files):
    files.cut("indicators", "indicators/hdi")
    files.cut("indicators", "india/hdi")
    for code in CODES:
        files.cut("indicators", f"states/{code}/values/hdi")
    sources = files["sources"]["sources"]
    files["sources"]["sources"] = [s for s in sources if s["slug"] != "subnational-hdi"]
    files.load()
    assert not Indicator.objects.filter(slug="hdi").exists()
    assert not Source.objects.filter(slug="subnational-hdi").exists()


def test_two_states_may_swap_their_squares(files):
    files.put("tiles", "units/IN-GA", [2, 6])
    files.put("tiles", "units/IN-KA", [1, 6])
    assert files.load().changed == 2
    assert State.objects.get(code="IN-GA").tile_column == 2
    assert State.objects.get(code="IN-KA").tile_column == 1
    assert set(State.objects.values_list("tile_row", flat=True)) == set(range(8))


def test_pages_are_made_anew_only_after_a_change(monkeypatch, files):
    bumps = []
    monkeypatch.setattr(generation, "bump", lambda: bumps.append(1))
    load()
    assert bumps == []
    files.put("culture", "states/IN-GA/tagline", "Another line")
    files.load()
    assert bumps == [1]


# --- Words and rows of staff's -----------------------------------------------------------------


def edit(row, **words):
    type(row).objects.filter(pk=row.pk).update(**words)


def edited_rows():
    return [
        (State.objects.get(slug="goa"), "summary"),
        (State.objects.get(slug="goa"), "tagline"),
        (Place.objects.filter(state__slug="goa").first(), "line"),
        (Festival.objects.filter(state__slug="goa").first(), "line"),
        (Dish.objects.filter(state__slug="goa").first(), "line"),
        (Listing.objects.filter(state__slug="goa").first(), "note"),
    ]


@pytest.mark.parametrize("which", range(6))
def test_words_that_staff_edited_survive(which):
    row, name = edited_rows()[which]
    edit(row, **{name: "Better words"})
    report = load()
    row.refresh_from_db()
    assert getattr(row, name) == "Better words"
    assert report.changed == 0
    assert len(report.kept) == 1
    assert "kept 1 edited texts: " in str(report)
    assert "Goa" in report.kept[0]


@pytest.mark.parametrize("which", range(6))
def test_words_that_staff_edited_go_when_asked(which):
    row, name = edited_rows()[which]
    before = getattr(row, name)
    edit(row, **{name: "Better words"})
    report = load(overwrite=True)
    row.refresh_from_db()
    assert getattr(row, name) == before
    assert (report.changed, report.kept) == (1, [])
    assert load().kept == []


def test_the_facts_beside_edited_words_still_follow_the_file(files):
    place = Place.objects.filter(state__code="IN-GA").first()
    edit(place, line="Better words")
    files.put("culture", "states/IN-GA/places/0/latitude", 15.5)
    files.put("culture", "states/IN-GA/places/0/line", "New words of the file")
    report = files.load()
    place.refresh_from_db()
    assert (place.line, place.latitude) == ("Better words", Decimal("15.5"))
    assert (report.changed, len(report.kept)) == (1, 1)
    assert len(load().kept) == 1  # still theirs


def test_new_words_of_the_file_replace_those_that_nobody_edited(files):
    files.put("culture", "states/IN-GA/tagline", "New words of the file")
    assert files.load().changed == 1
    assert State.objects.get(code="IN-GA").tagline == "New words of the file"


def test_words_that_staff_edited_outlive_their_row_in_the_file(files):
    place = Place.objects.filter(state__code="IN-GA").first()
    edit(place, line="Better words")
    files.cut("culture", "states/IN-GA/places/0")
    assert len(files.load().kept) == 1
    assert Place.objects.filter(pk=place.pk).exists()
    files.load(overwrite=True)
    assert not Place.objects.filter(pk=place.pk).exists()


def test_rows_of_staff_are_neither_changed_nor_removed():
    goa = State.objects.get(slug="goa")
    creole = Language.objects.create(name="Korlai creole")
    craft = Craft.objects.create(state=goa, name="Mario Miranda tiles", gi=False)
    name = NativeName.objects.create(state=goa, name="Goa", tag="pt", language=creole)
    assert load().changed == 0
    craft.refresh_from_db()
    name.refresh_from_db()
    assert craft.prose_digest == ""


def test_a_row_of_staff_stands_where_the_file_has_one_of_that_name():
    dish = Dish.objects.filter(state__slug="goa").first()
    edit(dish, line="Our own line", prose_digest="")
    report = load(overwrite=True)
    dish.refresh_from_db()
    assert dish.line == "Our own line"
    assert report.changed == 0
    assert report.staffs == [f"{dish.name} (Goa)"]
    assert f"left 1 rows of staff's: {dish.name} (Goa)" in str(report)


def test_an_indicator_of_staff_keeps_its_values():
    source = Source.objects.create(slug="own", publication="Own count", year="2026", licence="CC0")
    indicator = Indicator.objects.create(
        slug="lighthouses",
        label="Lighthouses",
        unit="number",
        as_of="2026",
        source=source,
        higher_is="neutral",
    )
    state = State.objects.get(slug="goa")
    Observation.objects.create(state=state, indicator=indicator, value=2)
    assert load().changed == 0
    assert Observation.objects.get(indicator=indicator).value == 2


def test_what_nothing_refers_to_any_more_is_swept():
    for model, words in (
        (Country, {"name": "Atlantis"}),
        (River, {"name": "Lethe"}),
        (Language, {"name": "Esperanto"}),
        (Tag, {"slug": "nothing", "meaning": "Nothing"}),
    ):
        model.objects.create(**words)
    assert load().total.removed == 4


# --- Failures ----------------------------------------------------------------------------------


def test_a_good_change_beside_a_bad_one_is_not_made(files):
    before = State.objects.get(code="IN-GA").tagline
    files.put("culture", "states/IN-GA/tagline", "A good change beside a bad one")
    files.put("tiles", "units/IN-GA", "left")
    assert len(files.problems()) == 1
    assert State.objects.get(code="IN-GA").tagline == before


def test_the_command_fails_and_says_why(files, capsys):
    files.put("culture", "states/IN-GA/places/0/latitude", 51.5)
    with pytest.raises(CommandError) as caught:
        call_command("load_states", data=files.write())
    assert caught.value.returncode == 1
    assert str(caught.value) == (
        "Nothing was loaded.\n"
        "culture.json: states.IN-GA.places[0].latitude: "
        "Ensure this value is less than or equal to 38."
    )


def test_a_failure_half_way_changes_nothing(files, monkeypatch):
    whole = QuerySet.bulk_update

    def bulk_update(self, *args, **kwargs):
        if self.model is Symbol:
            raise OSError("the disk is full")
        return whole(self, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "bulk_update", bulk_update)
    files.put("culture", "states/IN-GA/tagline", "Another line")
    files.put("culture", "states/IN-GA/symbols/animal/name", "Another animal")
    with pytest.raises(OSError, match="disk"):
        files.load()
    assert State.objects.get(code="IN-GA").tagline != "Another line"


def test_a_start_leaves_alone_what_staff_corrected(settings, tmp_path, capsys):
    settings.VAR_DIR = tmp_path
    call_command("load_states", if_new=True)
    Observation.objects.filter(state__slug="goa", indicator__slug="districts").update(value=4)
    call_command("load_states", if_new=True)
    assert Observation.objects.get(state__slug="goa", indicator__slug="districts").value == 4

    (tmp_path / "loaded-from").write_text("files of another release")
    call_command("load_states", if_new=True)
    assert Observation.objects.get(state__slug="goa", indicator__slug="districts").value == 3


def test_a_start_mends_the_search_even_if_the_files_are_known(settings, tmp_path, capsys):
    settings.VAR_DIR = tmp_path
    call_command("load_states", if_new=True)
    Document.objects.filter(kind="state").delete()
    capsys.readouterr()
    call_command("load_states", if_new=True)
    assert capsys.readouterr().out == "search: 36 entries changed\n"
