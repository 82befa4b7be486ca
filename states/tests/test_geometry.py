import json
from math import dist, hypot

import pytest

from states.geometry import (
    METRES_PER_UNIT,
    ORIGIN,
    PARALLELS,
    bounds,
    contains,
    distance_km,
    project,
    rings,
)
from states.reading import DATA

SQUARE = "M10 10l20 0 0 20-20 0z"
SQUARE_WITH_A_HOLE = SQUARE + "M15 15l0 10 10 0 0-10z"


@pytest.fixture(scope="module")
def outlines():
    return json.loads((DATA / "outlines.json").read_text())


@pytest.fixture(scope="module")
def indicators():
    return json.loads((DATA / "indicators.json").read_text())


def test_the_capitals_are_where_the_map_has_them(outlines, indicators):
    for code, unit in outlines["units"].items():
        capital = indicators["states"][code]["capital"]
        assert dist(project(capital["lat"], capital["lon"]), unit["capital"]) < 1, code


def test_the_projection_is_the_one_that_the_map_names(outlines):
    proj4 = outlines["projection"]["proj4"]
    assert f"+lat_1={PARALLELS[0]} +lat_2={PARALLELS[1]}" in proj4
    assert f"+lat_0={ORIGIN[0]:g} +lon_0={ORIGIN[1]:g}" in proj4
    assert outlines["projection"]["metres_per_unit"] == METRES_PER_UNIT


def test_the_origin_of_the_projection_lies_on_its_false_easting_and_northing():
    assert project(24, 80) == pytest.approx(
        (24 + 1_189_685.5 / METRES_PER_UNIT, 24 + 1_474_511.1 / METRES_PER_UNIT)
    )


def test_a_kilometre_on_the_map_is_a_kilometre_on_the_ground():
    (ax, ay), (bx, by) = project(22.0, 80), project(22.5, 80)
    along_the_meridian = hypot(bx - ax, by - ay) * METRES_PER_UNIT / 1000
    assert along_the_meridian == pytest.approx(55.4, rel=0.02)


def test_an_outline_is_read_ring_by_ring():
    assert rings(SQUARE_WITH_A_HOLE) == (
        ((10, 10), (30, 10), (30, 30), (10, 30), (10, 10)),
        ((15, 15), (15, 25), (25, 25), (25, 15), (15, 15)),
    )
    assert bounds(SQUARE_WITH_A_HOLE) == (10, 10, 30, 30)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "M1 2",
        "M1 2l3 4z",
        "M1 2l3 4 5z",
        "M1 2l3 4 5 6",
        "M1 2L3 4 5 6z",
        "M1.5 2l3 4 5 6z",
        "<",
    ],
)
def test_what_is_no_outline_is_refused(path):
    with pytest.raises(ValueError, match=r"outline|ring"):
        rings(path)


def test_a_hole_is_outside():
    assert contains(SQUARE_WITH_A_HOLE, 12, 12)
    assert not contains(SQUARE_WITH_A_HOLE, 20, 20)
    assert not contains(SQUARE_WITH_A_HOLE, 5, 20)


def test_distance_is_nought_inside_and_in_kilometres_outside():
    assert distance_km(SQUARE, 20, 20) == 0
    assert distance_km(SQUARE, 20, 40) == pytest.approx(14.694)
    assert distance_km(SQUARE, 33, 34) == pytest.approx(5 * 1.4693994)
    assert distance_km(SQUARE_WITH_A_HOLE, 20, 20) == pytest.approx(5 * 1.4693994)


def test_every_label_lies_inside_its_unit(outlines):
    for code, unit in outlines["units"].items():
        assert contains(unit["d"], *unit["label"]), code
