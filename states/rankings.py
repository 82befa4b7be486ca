"""Who stands where: ranks, classes for the map, and figures in words."""

from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from pocket.web import numbers
from states.models import Indicator

if TYPE_CHECKING:
    from states.atlas import Unit

CLASSES = 5
QUOTIENT_DECIMALS = 2  # ranked as shown: who reads the same shares a rank and a class
PER_PERSON, PER_AREA = "person", "km2"
# What counts are divided by, to be compared between large and small states.
DENOMINATOR = {PER_PERSON: "population-projected", PER_AREA: "area-km2"}


@dataclass(frozen=True, slots=True)
class Row:
    rank: int
    unit: "Unit"
    value: Decimal
    tied: bool
    step: int  # the class on the map, 1 (lowest) to 5


@dataclass(frozen=True, slots=True)
class Step:
    """A class of the map: the lowest and highest value in it and how many states."""

    number: int
    low: Decimal
    high: Decimal
    count: int


@dataclass
class Ranking:
    """One indicator over the 36, highest first. States without a published value have no row."""

    indicator: Indicator
    per: str
    rows: list[Row]
    missing: list["Unit"]
    national: Decimal | None
    steps: list[Step]

    @cached_property
    def row_of(self) -> dict[str, Row]:
        return {row.unit.state.slug: row for row in self.rows}

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def unit_words(self) -> str:
        """The unit of what is shown: "seats per 1,00,00,000 persons" for seats per person."""
        indicator = self.indicator
        if self.per == PER_PERSON:
            return _("%(unit)s per %(count)s persons") % {
                "unit": indicator.unit,
                "count": numbers.grouped(indicator.per_person_scale),
            }
        if self.per == PER_AREA:
            scale = indicator.per_area_scale
            if scale == 1:
                return _("%(unit)s per km²") % {"unit": indicator.unit}
            return _("%(unit)s per %(count)s km²") % {
                "unit": indicator.unit,
                "count": numbers.grouped(scale),
            }
        return indicator.unit

    @property
    def decimals(self) -> int:
        return QUOTIENT_DECIMALS if self.per else self.indicator.decimals


def ways(indicator: Indicator) -> list[str]:
    """In which ways an indicator may be ranked: as published, then per person, per km²."""
    return [
        "",
        *([PER_PERSON] if indicator.per_person_scale else []),
        *([PER_AREA] if indicator.per_area_scale else []),
    ]


def rank(indicator: Indicator, units: list["Unit"], per: str = "") -> Ranking:
    values = {unit.state.slug: value_of(unit.values, indicator, per) for unit in units}
    published = [unit for unit in units if values[unit.state.slug] is not None]
    published.sort(key=lambda unit: (-values[unit.state.slug], unit.state.name))
    ascending = sorted(values[unit.state.slug] for unit in published)
    upper = limits(ascending)

    rows: list[Row] = []
    for unit in published:
        value = values[unit.state.slug]
        above = len(ascending) - bisect_left(ascending, value) - ascending.count(value)
        step = bisect_left(upper, value) + 1
        rows.append(Row(above + 1, unit, value, ascending.count(value) > 1, step))

    steps = []
    for number in sorted({row.step for row in rows}):
        inside = [row.value for row in rows if row.step == number]
        steps.append(Step(number, min(inside), max(inside), len(inside)))
    missing = [unit for unit in units if values[unit.state.slug] is None]
    national = indicator.national if not per else None
    return Ranking(indicator, per, rows, missing, national, steps)


def limits(ascending: list[Decimal], classes: int = CLASSES) -> list[Decimal]:
    """The highest value of each class but the last: equal numbers of states, ties together.

    Quantiles, because one Delhi would leave a scale of equal steps with 35 states in one class.
    """
    count = len(ascending)
    cuts = [ascending[-(-count * at // classes) - 1] for at in range(1, classes)] if count else []
    return sorted(set(cuts))


def value_of(values: dict[str, Decimal], indicator: Indicator, per: str = "") -> Decimal | None:
    """A state's value, divided by its people or its area if asked; None: not published."""
    value = values.get(indicator.slug)
    if not per or value is None:
        return value
    divisor = values.get(DENOMINATOR[per])
    scale = indicator.per_person_scale if per == PER_PERSON else indicator.per_area_scale
    if not divisor or not scale:
        return None
    return numbers.rounded(value * scale / divisor, QUOTIENT_DECIMALS)
