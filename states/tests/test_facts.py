"""The facts themselves: what the files say, and what of it stands in the database."""

import hashlib
import json
import unicodedata
from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest
from django.conf import settings
from django.db.models import Count, F, Sum

from states.geometry import distance_km, project, rings
from states.models import (
    Capital,
    HeritageSite,
    Indicator,
    NativeName,
    Observation,
    Place,
    Source,
    State,
)
from states.reading import DATA

pytestmark = pytest.mark.django_db

SCRIPTS = {
    "as": "BENGALI",
    "bn": "BENGALI",
    "brx": "DEVANAGARI",
    "doi": "DEVANAGARI",
    "fr": "LATIN",
    "grt": "LATIN",
    "gu": "GUJARATI",
    "hi": "DEVANAGARI",
    "kha": "LATIN",
    "kn": "KANNADA",
    "kok": "DEVANAGARI",
    "ks": "ARABIC",
    "lbj": "TIBETAN",
    "lus": "LATIN",
    "ml": "MALAYALAM",
    "mni-Beng": "BENGALI",
    "mni-Mtei": "MEETEI MAYEK",
    "mr": "DEVANAGARI",
    "ne": "DEVANAGARI",
    "or": "ORIYA",
    "pa": "GURMUKHI",
    "sat": "OL CHIKI",
    "sip": "TIBETAN",
    "ta": "TAMIL",
    "te": "TELUGU",
    "ur": "ARABIC",
}

# As the facts were handed to Pocket. A correction changes one of these, and says so in its commit.
CHECKSUMS = {
    "indicators": "054a4bb175dc0614c4a54333597915a89a78f031275f741bfa7499a0bb0b00e8",
    "outlines": "ee6af63efa8bb27fd4dc7699d714dd8abeae3fa3c1842dad898dee38d0dc7223",
    "culture": "e57f92ea33bad5d03c65800d8523118da17da46237074d0b0f0cf215ee40df81",
}
OUTER_BORDER = "590f9d3a13ebe532fc83a6d3e2144fcd526be7a9c89cd85c003759c7a0f8eb48"


def checksum(value) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def as_given(name: str, folder=DATA):
    """What a file says without that which Pocket added to it."""
    data = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    if name == "culture":
        data["about"].pop("languages", None)
    if name == "indicators":
        kept = ("label", "unit", "as_of", "higher_is", "coverage")
        data["indicators"] = {
            key: {name: indicator[name] for name in kept}
            for key, indicator in data["indicators"].items()
        }
    return data


@pytest.mark.parametrize("name", CHECKSUMS)
def test_the_files_say_what_was_handed_over(name):
    assert checksum(as_given(name)) == CHECKSUMS[name]
    handed_over = settings.BASE_DIR.parent / "shared" / "facts"
    if handed_over.exists():
        assert as_given(name) == as_given(name, handed_over)


def test_there_are_28_states_and_8_union_territories():
    assert State.objects.of_kind("state").count() == 28
    assert State.objects.of_kind("union_territory").count() == 8


@pytest.mark.parametrize(
    ("slug", "total", "how_many"),
    [
        ("population-2011", 1_210_854_977, 36),
        ("lok-sabha-seats", 543, 36),
        ("rajya-sabha-seats", 233, 36),
        ("legislative-assembly-seats", 4_123, 31),
        ("area-km2", 3_166_620, 36),
        ("districts", 791, 36),
    ],
)
def test_the_values_sum_to_the_published_total(slug, total, how_many):
    observations = Observation.objects.filter(indicator__slug=slug)
    assert observations.aggregate(total=Sum("value"))["total"] == total
    assert observations.count() == how_many


def test_the_projected_populations_sum_to_india_but_for_a_thousand_of_rounding():
    indicator = Indicator.objects.get(slug="population-projected")
    total = indicator.observations.aggregate(total=Sum("value"))["total"]
    assert abs(total - indicator.national) <= 1_000


def test_figures_are_as_published():
    def value(state, indicator):
        return Observation.objects.get(state__slug=state, indicator__slug=indicator).value

    assert value("bihar", "density-per-km2") == 1106
    assert value("telangana", "population-2011") == 35_003_674
    assert value("kerala", "literacy-rate-2011") == 94
    assert value("chandigarh", "forest-cover-km2") == Decimal("22.88")
    assert value("jammu-and-kashmir", "population-2011") == 12_267_013
    assert value("ladakh", "population-2011") == 274_289
    assert value("delhi", "rajya-sabha-seats") == 3
    assert value("chandigarh", "rajya-sabha-seats") == 0


def test_what_nobody_published_is_not_there():
    def published(indicator):
        return Observation.objects.filter(indicator__slug=indicator).count()

    assert published("gsdp") == 33
    assert published("gsdp-2023-24") == 25
    assert published("hdi") == 34
    assert published("forest-cover-km2") == 25
    assert published("forest-share") == 23
    assert not Observation.objects.filter(state__code="IN-LD", indicator__slug="gsdp").exists()
    assert Indicator.objects.get(slug="gsdp").national is None


def test_every_value_has_a_source_with_a_year():
    assert Observation.objects.count() == 669
    assert not Observation.objects.filter(indicator__source__year="").exists()
    for indicator in Indicator.objects.select_related("source"):
        assert any(character.isdigit() for character in indicator.source.year)
        assert indicator.year[:4].isdigit()
        assert indicator.unit


def test_forest_and_what_is_derived_already_is_never_divided_again():
    divided = Indicator.objects.exclude(per_person_scale=None, per_area_scale=None)
    assert set(divided.values_list("slug", flat=True)) == {
        "population-projected",
        "gsdp",
        "gsdp-2023-24",
        "districts",
        "lok-sabha-seats",
        "rajya-sabha-seats",
        "legislative-assembly-seats",
    }


def test_neighbours_are_neighbours_of_each_other():
    links = set(State.neighbours.through.objects.values_list("from_state", "to_state"))
    assert len(links) == 134
    assert {(b, a) for a, b in links} == links
    assert not any(a == b for a, b in links)


def test_a_state_knows_its_neighbours_and_borders():
    karnataka = State.objects.get(slug="karnataka")
    assert [state.name for state in karnataka.neighbours.all()] == [
        "Andhra Pradesh",
        "Goa",
        "Keralam",
        "Maharashtra",
        "Tamil Nadu",
        "Telangana",
    ]
    sikkim = State.objects.get(slug="sikkim")
    assert [country.name for country in sikkim.borders.all()] == ["Bhutan", "China", "Nepal"]


# Places that the generalised map leaves out: name, the reason, and the distance in kilometres.
OUTSIDE_THE_OUTLINE: dict[str, tuple[str, float]] = {}


@pytest.mark.parametrize("model", [Place, Capital])
def test_every_place_lies_in_its_state_or_within_10_km_of_it(model):
    for place in model.objects.exclude(latitude=None).select_related("state"):
        at = project(place.latitude, place.longitude)
        _, allowed = OUTSIDE_THE_OUTLINE.get(place.name, ("", 10))
        assert distance_km(place.state.outline, *at) <= allowed, (place.name, place.state.name)


def test_every_seat_of_government_has_its_place():
    placed = Capital.objects.exclude(latitude=None)
    assert placed.values("state").distinct().count() == 36
    assert placed.get(state__code="IN-UK").name == "Dehradun"
    assert placed.get(state__code="IN-AN").name == "Sri Vijaya Puram (formerly Port Blair)"


def letters_of_another_script(text: str, script: str) -> list[str]:
    """The letters and vowel signs of a text that its script does not have."""
    return [
        letter
        for letter in text
        if unicodedata.category(letter)[0] in "LM"
        and not unicodedata.name(letter).startswith(script)
    ]


def test_every_native_name_is_written_in_its_script():
    for row in NativeName.objects.all():
        assert row.name
        assert not letters_of_another_script(row.name, SCRIPTS[row.tag]), row.name
    for capital in Capital.objects.exclude(native_tag=""):
        script = SCRIPTS[capital.native_tag]
        assert not letters_of_another_script(capital.native_name, script), capital.native_name


def test_a_letter_of_another_script_is_noticed():
    assert letters_of_another_script("ಕರ್ನಾ\u0c1fಕ", "KANNADA") == ["\N{TELUGU LETTER TTA}"]


def test_a_name_in_another_script_says_so_in_its_tag():
    manipur = NativeName.objects.filter(state__slug="manipur").select_related("language")
    assert {(row.tag, row.language.code) for row in manipur} == {
        ("mni-Mtei", "mni"),
        ("mni-Beng", "mni"),
    }


def test_the_outer_border_is_drawn_as_the_survey_of_india_shows_it():
    """What units share cancels out; what is left is the border and the coast."""
    sides = Counter(
        frozenset(side)
        for outline in State.objects.values_list("outline", flat=True)
        for ring in rings(outline)
        for side in pairwise(ring)
    )
    outer = sorted(sorted(side) for side, times in sides.items() if times == 1)
    assert checksum(outer) == OUTER_BORDER

    met = Counter(tuple(point) for side in outer for point in side)
    assert all(times % 2 == 0 for times in met.values())  # closed all the way round


def test_the_map_names_its_maker_and_its_licence():
    source = Source.objects.get(slug="outlines")
    assert "INDIAN-SHAPEFILES by datta07" in source.publication
    assert "Survey of India" in source.publication
    assert "MIT, copyright (c) 2022 the authors of INDIAN-SHAPEFILES" in source.licence
    assert "Permission is hereby granted" in (DATA / "outlines.LICENCE.txt").read_text()
    assert "CC BY 4.0" in Source.objects.get(slug="survey-of-india-outline").licence
    assert "credit GeoNames" in Source.objects.get(slug="geonames").licence


def test_the_world_heritage_list_is_whole():
    kinds = HeritageSite.objects.values("kind").annotate(number=Count("pk")).order_by("kind")
    assert {kind["kind"]: kind["number"] for kind in kinds} == {
        "cultural": 37,
        "mixed": 1,
        "natural": 7,
    }
    assert not HeritageSite.objects.filter(listings=None).exists()


def test_what_many_states_share_is_stored_once():
    assert HeritageSite.objects.get(name="Western Ghats").listings.count() == 4
    ganga = State.objects.filter(rivers__name="Ganga").values_list("name", flat=True)
    assert list(ganga) == ["Bihar", "Uttar Pradesh", "Uttarakhand"]


def test_official_languages_come_first():
    telangana = State.objects.get(slug="telangana")
    spoken = telangana.languages.annotate(called=F("language__name"))
    assert [(row.called, row.official) for row in spoken[:3]] == [
        ("Telugu", True),
        ("Urdu", True),
        ("Hindi", False),
    ]
