import contextlib
import itertools
import json
import shutil
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
from states.reading import CODES, DATA, BrokenDataError, read

pytestmark = pytest.mark.django_db


class Files:
    """A copy of the data files that a test may spoil: `files["culture"]` is one of them, parsed."""

    def __init__(self, folder):
        self.folder, self.parsed = folder, {}
        for path in DATA.glob("*.json"):
            shutil.copy(path, folder)

    def __getitem__(self, name):
        path = self.folder / f"{name}.json"
        return self.parsed.setdefault(name, json.loads(path.read_text(encoding="utf-8")))

    def at(self, name, path):
        """What holds the last key of a path, and that key."""
        *steps, last = path.split("/")
        holder = self[name]
        for step in steps:
            holder = holder[int(step) if isinstance(holder, list) else step]
        return holder, int(last) if isinstance(holder, list) else last

    def put(self, name, path, value):
        holder, key = self.at(name, path)
        holder[key] = value

    def cut(self, name, path):
        holder, key = self.at(name, path)
        del holder[key]

    def write(self):
        for name, value in self.parsed.items():
            (self.folder / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
        return self.folder

    def load(self, **options):
        return load(self.write(), **options)

    def problems(self):
        with pytest.raises(BrokenDataError) as caught:
            self.load()
        return caught.value.problems


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


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


# --- Broken files ------------------------------------------------------------------------------

GOA = "states/IN-GA"
BROKEN = [
    ("culture", f"{GOA}/places/0/latitude", "north", "must be a number"),
    ("culture", f"{GOA}/places/0/latitude", 51.5, "less than or equal to 38"),
    ("culture", f"{GOA}/places/0/longitude", 0, "greater than or equal to 68"),
    ("culture", f"{GOA}/places/0/latitude", float("nan"), "must be a number"),
    ("culture", f"{GOA}/places/0/latitude", None, "must not be empty"),
    ("culture", f"{GOA}/places/0/latitude", 15.12345, "no more than 4 decimal places"),
    ("culture", f"{GOA}/places/0/name", "", "must not be empty"),
    ("culture", f"{GOA}/places/0/name", 7, "must be a text"),
    ("culture", f"{GOA}/places/0/name", " Goa", "begins or ends with a space"),
    ("culture", f"{GOA}/places/0/name", "Go\x00a", "cannot be printed"),
    ("culture", f"{GOA}/places/0/name", "Go\ud800a", "cannot be printed"),
    ("culture", f"{GOA}/places/0/name", "Go\na", "must be one line"),
    ("culture", f"{GOA}/places/0/name", "a" * 121, "at most 120 characters"),
    ("culture", f"{GOA}/places", "none", "must be a list"),
    ("culture", f"{GOA}/places/0", "Panaji", "must be an object"),
    ("culture", f"{GOA}/region", "Centre", "is not a known region"),
    ("culture", f"{GOA}/kind", "republic", "is not a known kind"),
    ("culture", f"{GOA}/slug", "goa-2", "but goa in indicators.json"),
    ("culture", f"{GOA}/tags/0", "surfing", "is not a known tag"),
    ("culture", f"{GOA}/best_months", [1, 13], "from 1 to 12"),
    ("culture", f"{GOA}/best_months", ["1"], "from 1 to 12"),
    ("culture", f"{GOA}/best_months", 1, "must be a list of months"),
    ("culture", f"{GOA}/produce/0/season_months", [0], "from 1 to 12"),
    ("culture", f"{GOA}/produce/0/gi", "yes", "must be true or false"),
    ("culture", f"{GOA}/native_names/0/language", "xx", "xx is not a known language"),
    ("culture", f"{GOA}/capitals/0/role", "chief", "not a valid choice"),
    ("culture", f"{GOA}/capitals/0/name", "Margao", "but Panaji in indicators.json"),
    ("culture", f"{GOA}/heritage/0/year", 1900, "greater than or equal to 1978"),
    ("culture", f"{GOA}/heritage/0/kind", "scenic", "not a valid choice"),
    ("culture", f"{GOA}/getting_there/airport/iata", "goi", "three capital letters"),
    ("culture", f"{GOA}/nickname", "Rome of the East", "is not a key that is known"),
    ("culture", f"{GOA}/landscape/coast", 1, "must be true or false"),
    ("culture", "states/IN-XX", {}, "is not a key that is known"),
    ("indicators", f"{GOA}/values/districts", -1, "greater than or equal to 0"),
    ("indicators", f"{GOA}/values/districts", "3", "must be a number"),
    ("indicators", f"{GOA}/values/districts", True, "must be a number"),
    ("indicators", f"{GOA}/values/districts", float("inf"), "must be a number"),
    ("indicators", f"{GOA}/values/districts", 1e30, "digits"),
    ("indicators", f"{GOA}/values/hdi", 0.1234, "no more than 3 decimal places"),
    ("indicators", f"{GOA}/values/happiness", 1, "is not a key that is known"),
    ("indicators", f"{GOA}/formed/date", "1987-02-30", "valid date"),
    ("indicators", f"{GOA}/vehicle_code", "KA", "to IN-"),
    ("indicators", f"{GOA}/slug", "Goa!", "valid “slug”"),
    ("indicators", "indicators/hdi/source", "hearsay", '"hearsay" is not a known source'),
    ("indicators", "indicators/hdi/theme", "fun", "not a valid choice"),
    ("indicators", "indicators/hdi/higher_is", "nicer", "not a valid choice"),
    ("indicators", "indicators/hdi/as_of", "lately", "must be a year"),
    ("indicators", "indicators/hdi/unit", "", "must not be empty"),
    ("indicators", "indicators/hdi/coverage", 36, "must be 34"),
    ("indicators", "indicators/hdi/per_area_scale", 0, "must be more than 0"),
    ("indicators", "india/hdi", -1, "greater than or equal to 0"),
    ("sources", "sources/0/year", "", "must not be empty"),
    ("sources", "sources/0/slug", "geonames", "geonames stands here twice"),
    ("outlines", "units/IN-GA/d", "M1 2l3 4", "an outline is made of"),
    ("outlines", "units/IN-GA/label", [1, 2], "lies outside the outline"),
    ("outlines", "units/IN-GA/label", [1], "must be two whole numbers"),
    ("outlines", "units/IN-GA/marker", [1.5, 2], "must be a whole number"),
    ("outlines", "neighbours/IN-GA/units", ["IN-KA"], "does not name IN-MH in return"),
    ("outlines", "neighbours/IN-GA/units", ["IN-GA", "IN-KA", "IN-MH"], "its own neighbour"),
    ("outlines", "neighbours/IN-GA/units/0", "IN-XX", '"IN-XX" is not a known code'),
    ("outlines", "neighbours/IN-GA/units", ["IN-KA", "IN-KA", "IN-MH"], "IN-KA stands here twice"),
    ("tiles", "units/IN-GA", [2, 6], "is the square of IN-GA"),
    ("tiles", "units/IN-GA", [9, 6], "lies outside the 9 columns"),
    ("tiles", "units/IN-GA", "left", "must be two whole numbers"),
]


@pytest.mark.parametrize(("name", "path", "value", "reason"), BROKEN)
def test_a_broken_file_is_named_with_key_and_reason(files, name, path, value, reason):
    before = State.objects.get(code="IN-GA").tagline
    files["culture"]["states"]["IN-GA"]["tagline"] = "A good change beside a bad one"
    files.put(name, path, value)
    problems = files.problems()
    assert any(problem.startswith(f"{name}.json: ") and reason in problem for problem in problems)
    assert all("\n" not in problem for problem in problems)
    assert State.objects.get(code="IN-GA").tagline == before


@pytest.mark.parametrize(
    ("name", "path", "problem"),
    [
        ("culture", f"{GOA}/tagline", "culture.json: states.IN-GA.tagline: is missing"),
        ("culture", GOA, "culture.json: states.IN-GA: is missing"),
        ("culture", f"{GOA}/food/1/line", "culture.json: states.IN-GA.food[1].line: is missing"),
        ("outlines", "units/IN-GA", "outlines.json: units.IN-GA: is missing"),
        ("tiles", "units/IN-GA", "tiles.json: units.IN-GA: is missing"),
        (
            "indicators",
            f"{GOA}/values/gsdp",
            "indicators.json: states.IN-GA.values.gsdp: is missing",
        ),
        (
            "indicators",
            "indicators/hdi/source",
            "indicators.json: indicators.hdi.source: is missing",
        ),
        ("sources", "sources/3/licence", "sources.json: sources[3].licence: is missing"),
    ],
)
def test_a_missing_key_is_named(files, name, path, problem):
    files.cut(name, path)
    assert problem in files.problems()


def test_a_name_that_stands_twice_is_named(files):
    food = files["culture"]["states"]["IN-GA"]["food"]
    food.append(food[0])
    assert files.problems() == [
        f"culture.json: states.IN-GA.food[{len(food) - 1}]: {food[0]['dish']} stands here twice"
    ]


def test_a_site_told_in_two_ways_is_named(files):
    ghats = next(
        (code, at)
        for code, state in files["culture"]["states"].items()
        for at, site in enumerate(state["heritage"])
        if site["name"] == "Western Ghats"
    )
    files.put("culture", f"states/{ghats[0]}/heritage/{ghats[1]}/year", 2011)
    assert "Western Ghats is told otherwise elsewhere in this file" in "".join(files.problems())


def test_all_problems_are_reported_at_once(files):
    files.put("culture", f"{GOA}/places/0/latitude", 51.5)
    files.cut("culture", f"{GOA}/tagline")
    files.put("tiles", "units/IN-GA", [99, 6])
    assert [problem.rpartition(": ")[0] for problem in files.problems()] == [
        "tiles.json: units.IN-GA",
        "culture.json: states.IN-GA.tagline",
        "culture.json: states.IN-GA.places[0].latitude",
    ]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"units": 1}', "[" * 100_000, '{"a": ' + "1" * 5000 + "}"]
)
def test_what_is_no_such_file_is_refused(files, text):
    (files.folder / "tiles.json").write_text(text)
    assert all(problem.startswith("tiles.json: ") for problem in files.problems())


def test_a_file_that_is_not_utf_8_is_refused(files):
    (files.folder / "tiles.json").write_bytes(b'{"title": "\xff"}')
    assert "is not JSON in UTF-8" in files.problems()[0]


def test_a_missing_file_is_named(files):
    (files.folder / "tiles.json").unlink()
    assert files.problems() == ["tiles.json: the whole: cannot be read (No such file or directory)"]


def test_a_key_that_stands_twice_is_named(files):
    text = (files.folder / "tiles.json").read_text()
    (files.folder / "tiles.json").write_text(text.replace('"IN-LA"', '"IN-JK"'))
    assert files.problems() == ["tiles.json: 'IN-JK': the key stands twice in one object"]


def parts(value, depth=0):
    """Every holder and key in a file's value, down to the leaves of a state."""
    if depth < 5 and isinstance(value, dict | list):
        for key in list(value if isinstance(value, dict) else range(min(2, len(value)))):
            yield value, key
            yield from parts(value[key], depth + 1)


@pytest.mark.parametrize("name", ["culture", "indicators", "outlines", "tiles", "sources"])
def test_nonsense_anywhere_is_answered_in_words(files, name):
    places = list(parts(files[name]))
    nonsense = itertools.cycle([None, [], "?", -1, {"?": None}])
    for holder, key in places[:: max(1, len(places) // 12)]:
        kept, holder[key] = holder[key], next(nonsense)
        with contextlib.suppress(BrokenDataError):  # anything else is a crash
            read(files.write())
        holder[key] = kept


def test_the_command_fails_and_says_why(files, capsys):
    files.put("culture", f"{GOA}/places/0/latitude", 51.5)
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
    files.put("culture", f"{GOA}/tagline", "Another line")
    files.put("culture", f"{GOA}/symbols/animal/name", "Another animal")
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
