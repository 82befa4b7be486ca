"""Numbers as India writes them: 12,34,567, lakh and crore; or, if wished, 1,234,567 and million."""

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pocket.web import numbers as pocket_numbers
from pocket.web.numbers import Style, grouped, short, spoken

numbers = st.decimals(
    allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15
)


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (0, 0, "0"),
        (7, 0, "7"),
        (999, 0, "999"),
        (1_000, 0, "1,000"),
        (99_999, 0, "99,999"),
        (100_000, 0, "1,00,000"),
        (1_234_567, 0, "12,34,567"),
        (10_000_000, 0, "1,00,00,000"),
        (1_210_854_977, 0, "1,21,08,54,977"),
        (-1_234, 0, "−1,234"),
        (Decimal("-1234.56"), 1, "−1,234.6"),
        (Decimal("99999.5"), 0, "1,00,000"),
        (Decimal("0.5"), 0, "1"),
        (Decimal("-0.4"), 0, "0"),
        (Decimal("74.04"), 1, "74.0"),
        (Decimal("1E+7"), 0, "1,00,00,000"),
    ],
)
def test_figures_are_grouped_by_three_then_by_twos(value, decimals, written):
    assert grouped(value, decimals) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (8_590, "8,590"),
        (99_999, "99,999"),
        (Decimal("99999.4"), "99,999"),
        (Decimal("99999.5"), "1.00 lakh"),
        (100_000, "1.00 lakh"),
        (304_000, "3.04 lakh"),
        (999_600, "10.0 lakh"),
        (9_940_000, "99.4 lakh"),
        (9_996_000, "1.00 crore"),
        (Decimal("9999999.6"), "1.00 crore"),
        (10_000_000, "1.00 crore"),
        (61_095_297, "6.11 crore"),
        (99_960_000, "10.0 crore"),
        (999_700_000, "100 crore"),
        (1_210_854_977, "121 crore"),
        (123_450_000_000, "12,345 crore"),
        (999_999_999_999, "1.00 lakh crore"),
        (10**12, "1.00 lakh crore"),
        (-304_000, "−3.04 lakh"),
        (-9_999_999, "−1.00 crore"),
    ],
)
def test_large_figures_become_words_of_three_figures(value, written):
    assert short(value) == written


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (Decimal("-0.4"), "0"),
        (999, "999"),
        (1_000, "1 thousand"),
        (99_999, "99 thousand 999"),
        (100_000, "1 lakh"),
        (12_345_678, "1 crore 23 lakh 45 thousand 678"),
        (10_000_001, "1 crore 1"),
        (1_210_854_977, "121 crore 8 lakh 54 thousand 977"),
        (12 * 10**12, "12 lakh crore"),
        (-5_00_000, "minus 5 lakh"),
        (Decimal("99999.5"), "1 lakh"),
    ],
)
def test_figures_are_said_as_people_say_them(value, said):
    assert spoken(value) == said


@given(numbers)
def test_grouping_loses_no_digit(value):
    read_back = Decimal(grouped(value, 2).replace(",", "").replace("−", "-"))
    assert read_back == value


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_words_are_right_to_three_figures_and_never_overflow_their_unit(value):
    count, _, unit = short(value).partition(" ")
    size = {"": 1, "lakh": 10**5, "crore": 10**7, "lakh crore": 10**12}[unit]
    count = Decimal(count.replace(",", "").replace("−", "-"))
    assert abs(count * size - value) <= abs(value) * Decimal("0.005")
    assert abs(count) < {"": 10**5, "lakh": 100, "crore": 10**5, "lakh crore": 10**12}[unit]


# --- In millions --------------------------------------------------------------------------------


@pytest.fixture
def in_millions():
    with pocket_numbers.written_in(Style.MILLION):
        yield


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (0, 0, "0"),
        (999, 0, "999"),
        (99_999, 0, "99,999"),
        (100_000, 0, "100,000"),
        (1_234_567, 0, "1,234,567"),
        (1_210_854_977, 0, "1,210,854,977"),
        (Decimal("-1234567.56"), 1, "−1,234,567.6"),
    ],
)
def test_in_millions_figures_are_grouped_by_threes(in_millions, value, decimals, written):
    assert grouped(value, decimals) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (304_000, "304,000"),
        (Decimal("999999.4"), "999,999"),
        (Decimal("999999.5"), "1.00 million"),
        (61_095_297, "61.1 million"),
        (999_400_000, "999 million"),
        (999_600_000, "1.00 billion"),
        (1_210_854_977, "1.21 billion"),
        (22_720_000_000_000, "22.7 trillion"),
        (12_345 * 10**12, "12,345 trillion"),
        (-3_040_000, "−3.04 million"),
    ],
)
def test_in_millions_large_figures_become_other_words(in_millions, value, written):
    assert short(value) == written


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (100_000, "100 thousand"),
        (12_345_678, "12 million 345 thousand 678"),
        (1_210_854_977, "1 billion 210 million 854 thousand 977"),
        (12 * 10**12, "12 trillion"),
        (12_345 * 10**12, "12 thousand 345 trillion"),
        (-5_000_000, "minus 5 million"),
    ],
)
def test_in_millions_figures_are_said_so(in_millions, value, said):
    assert spoken(value) == said


def test_a_style_ends_where_it_was_asked_for():
    with pocket_numbers.written_in(Style.MILLION), pocket_numbers.written_in(Style.LAKH):
        assert grouped(100_000) == "1,00,000"
    with contextlib.suppress(ZeroDivisionError), pocket_numbers.written_in(Style.MILLION):
        raise ZeroDivisionError
    assert grouped(100_000) == "1,00,000"
