"""Figures as readers read them, and as screen readers say them."""

from decimal import Decimal

import pytest

from states import wording
from states.models import Indicator
from states.templatetags.figures import months_in_words

PERCENT = "% of persons aged 7 and over"


def indicator(unit: str, decimals: int = 0) -> Indicator:
    return Indicator(unit=unit, decimals=decimals)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        *[(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (10, "10th"), (11, "11th")],
        *[(12, "12th"), (13, "13th"), (21, "21st"), (22, "22nd"), (23, "23rd"), (36, "36th")],
        *[(101, "101st"), (111, "111th"), (112, "112th"), (113, "113th")],
    ],
)
def test_ranks_are_said_as_ordinals(number, said):
    assert wording.ordinal(number) == said


def test_a_standing_says_of_how_many_and_whether_it_is_shared():
    assert wording.standing(8, 36, tied=False) == "8th of 36"
    assert wording.standing(13, 34, tied=True) == "joint 13th of 34"


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        ("61095297", 0, "6,10,95,297"),
        ("75.36", 2, "75.36"),
        ("94", 2, "94.00"),
        ("4.6", 1, "4.6"),
        ("1106", 1, "1,106"),
        ("0", 0, "0"),
    ],
)
def test_values_are_grouped_the_indian_way(value, decimals, written):
    assert wording.plain(Decimal(value), decimals) == written


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "written"),
    [
        ("75.36", PERCENT, 2, "75.4 %"),
        ("61095297", "persons", 0, "6.11 crore"),
        ("274289", "persons", 0, "2.74 lakh"),
        ("64473", "persons", 0, "64,473"),
        ("304474", "₹, current prices", 0, "₹ 3.04 lakh"),
        ("2270000", "₹ crore, current prices", 0, "₹ 22.7 lakh crore"),
        ("191791", "km²", 0, "1,91,791 km²"),
        ("0.676", "index 0–1", 3, "0.676"),
    ],
)
def test_a_headline_is_brief(value, unit, decimals, written):
    assert wording.brief(Decimal(value), indicator(unit, decimals)) == written


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "written"),
    [
        ("75.36", PERCENT, 2, "75.36 %"),
        ("304474", "₹, current prices", 0, "₹ 3,04,474"),
        ("2270000", "₹ crore, current prices", 0, "₹ 22,70,000 crore"),
        ("319", "persons per km²", 1, "319 persons per km²"),
        ("31", "number", 0, "31"),
        ("0.676", "index 0–1", 3, "0.676"),
    ],
)
def test_a_label_says_the_unit(value, unit, decimals, written):
    assert wording.with_unit(Decimal(value), indicator(unit, decimals)) == written


def test_large_numbers_are_spoken_in_lakh_and_crore():
    assert wording.aloud(Decimal("75.36"), 2) == "75.36"
    assert wording.aloud(Decimal(61_095_297), 0) == (
        '<span aria-hidden="true">6,10,95,297</span>'
        '<span class="visually-hidden">6 crore 10 lakh 95 thousand 297</span>'
    )


@pytest.mark.parametrize(
    ("high", "low", "unit", "decimals", "said"),
    [
        ("5", "5", "seats", 0, "The same in both."),
        ("94", "61.8", PERCENT, 2, "A is 32.2 percentage points above B."),
        ("70.27", "70.26", PERCENT, 2, "A is 0.01 percentage points above B."),
        ("0.762", "0.58", "index 0–1", 3, "A is 0.182 above B."),
        ("28", "14", "seats", 0, "A has 2.0 times the figure of B."),
        ("27", "14", "seats", 0, "A is 13 above B (seats)."),
        ("1300", "10", "seats", 0, "A has 130 times the figure of B."),
        ("3", "0", "seats", 0, "A is 3 above B (seats)."),
        ("10.4", "10", "seats", 0, "A is 0.4 above B (seats)."),
        ("304474", "252662", "₹, current prices", 0, "A is ₹ 51,812 above B."),
    ],
)
def test_a_difference_is_said_in_points_times_or_units(high, low, unit, decimals, said):
    told = wording.difference(Decimal(high), "A", Decimal(low), "B", indicator(unit, decimals))
    assert told == said


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ((11, 12, 1, 2), "November to February"),
        ((5,), "May"),
        ((5, 6), "May to June"),
        ((3, 4, 9), "March to April, September"),
        ((1, 5, 12), "May, December to January"),
        (tuple(range(1, 13)), "all year"),
    ],
)
def test_months_are_told_as_spans_across_the_new_year(months, said):
    told = months_in_words(months)
    assert told == said


def test_screen_readers_get_words_from_a_lakh_up():
    assert wording.aloud(Decimal(99_999), 0) == "99,999"
    assert wording.aloud(Decimal("99999.6"), 0) == (
        '<span aria-hidden="true">1,00,000</span><span class="visually-hidden">1 lakh</span>'
    )
