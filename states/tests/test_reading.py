"""Broken data files. These tests may not reach a database, so nothing of such files does."""

import contextlib
import itertools

import pytest

from states.reading import BrokenDataError, read

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
    files.put(name, path, value)
    problems = files.problems()
    assert any(problem.startswith(f"{name}.json: ") and reason in problem for problem in problems)
    assert all("\n" not in problem for problem in problems)


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
