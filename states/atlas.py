"""Everything that is known of the 36 units, read once per generation and kept in memory.

It is small (about 2,500 rows), changes a few times a year and stands on every page, so each process
keeps it, read-only, until `generation` moves on. Reading takes five queries, a page then none.
"""

import math
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.db.models import BooleanField, CharField, DecimalField, Model, TextField, Value
from django.db.models.functions import Cast
from django.utils.safestring import SafeString

from accounts.homes import Home
from pocket.web import generation
from pocket.web.pagecache import best_before
from states import geometry
from states.fields import MonthsField
from states.models import (
    Capital,
    Craft,
    Dish,
    Festival,
    Indicator,
    Listing,
    MapPart,
    NationalPark,
    NativeName,
    Observation,
    PerformingArt,
    Place,
    Produce,
    State,
    StateLanguage,
    StateRiver,
    Symbol,
    Tag,
)
from states.rankings import Ranking, rank

# What "most like this one" compares; all are published for all 36. Density by its logarithm, for
# it runs from 17 to 11,320.
LIKENESS = ("density-per-km2", "urban-share-2011", "literacy-rate-2011", "sex-ratio-2011")
LOGARITHMIC = {"density-per-km2"}


@dataclass(frozen=True, slots=True)
class Thing:
    """A row of any kind that belongs to a state; which fields are filled depends on the kind."""

    name: str
    line: str = ""
    detail: str = ""
    tag: str = ""
    flag: bool | None = None
    season: tuple[int, ...] | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None

    @property
    def x(self) -> int:
        return round(geometry.project(self.latitude, self.longitude)[0])

    @property
    def y(self) -> int:
        return round(geometry.project(self.latitude, self.longitude)[1])


COLUMNS = {
    "name": CharField(),
    "line": TextField(),
    "detail": CharField(),
    "tag": CharField(),
    "flag": BooleanField(),
    "season": MonthsField(),
    "latitude": DecimalField(max_digits=10, decimal_places=4),
    "longitude": DecimalField(max_digits=10, decimal_places=4),
}

# The kinds of things, and which field of the model fills which column.
KINDS: dict[str, tuple[type[Model], dict[str, str]]] = {
    "native_names": (NativeName, {"line": "latin", "detail": "language__name", "tag": "tag"}),
    "capitals": (
        Capital,
        {
            "line": "native_name",
            "detail": "role",
            "tag": "native_tag",
            "latitude": "latitude",
            "longitude": "longitude",
        },
    ),
    "places": (Place, {"line": "line", "latitude": "latitude", "longitude": "longitude"}),
    "festivals": (Festival, {"line": "line", "detail": "when"}),
    "dishes": (Dish, {"line": "line"}),
    "crafts": (Craft, {"flag": "gi"}),
    "produce": (Produce, {"flag": "gi", "season": "season"}),
    "parks": (NationalPark, {}),
    "arts": (PerformingArt, {}),
    "symbols": (Symbol, {"line": "scientific_name", "detail": "kind"}),
    "languages": (StateLanguage, {"name": "language__name", "flag": "official"}),
    "rivers": (StateRiver, {"name": "river__name"}),
    "heritage": (
        Listing,
        {"name": "site__name", "line": "note", "detail": "site__kind", "tag": "site__year"},
    ),
    "parts": (MapPart, {"latitude": "x", "longitude": "y"}),
}

# What states share with each other: the linking rows, what they lead to, and its words.
LINKS: list[tuple[str, type[Model], str, str, str]] = [
    ("neighbours", State.neighbours.through, "from_state_id", "to_state_id", ""),
    ("tags", State.tags.through, "state_id", "tag__slug", "tag__meaning"),
    ("borders", State.borders.through, "state_id", "country__name", ""),
    ("other_airports", State.other_airports.through, "state_id", "airport__iata", ""),
]


class Unit:
    """A state with all that belongs to it, as pages show it."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.things: dict[str, list[Thing]] = {kind: [] for kind in KINDS}
        self.neighbours: list[Unit] = []
        self.tags: list[Tag] = []
        self.borders: list[str] = []
        self.other_airports: list[str] = []
        self.values: dict[str, Decimal] = {}

    def __getattr__(self, name: str):
        """`unit.slug` is the state's; `unit.places` a list of things."""
        if name in KINDS:
            return self.things[name]
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.state, name)

    def __repr__(self) -> str:
        return f"<Unit {self.state.slug}>"

    @cached_property
    def bounds(self) -> tuple[int, int, int, int]:
        return geometry.bounds(self.state.outline)

    @cached_property
    def view_box(self) -> str:
        """The SVG viewBox of the outline alone, with a margin."""
        x0, y0, x1, y1 = self.bounds
        margin = max(x1 - x0, y1 - y0) // 24 + 3
        return f"{x0 - margin} {y0 - margin} {x1 - x0 + 2 * margin} {y1 - y0 + 2 * margin}"

    @cached_property
    def dot(self) -> int:
        """A radius for numbered dots on the outline alone, by its longer side."""
        x0, y0, x1, y1 = self.bounds
        return max(1, max(x1 - x0, y1 - y0) // 36)

    @property
    def is_scattered(self) -> bool:
        """Whether the outline alone is a few specks far apart."""
        return bool(self.parts) or self.region == "Islands"

    @property
    def capital(self) -> Thing | None:
        return next((capital for capital in self.capitals if capital.latitude is not None), None)

    @property
    def native_name(self) -> Thing | None:
        return self.native_names[0] if self.native_names else None

    @property
    def official_languages(self) -> list[Thing]:
        return [language for language in self.languages if language.flag]

    @property
    def other_languages(self) -> list[Thing]:
        return [language for language in self.languages if not language.flag]

    @cached_property
    def tile_x(self) -> int:
        return 220 * self.state.tile_column

    @cached_property
    def tile_y(self) -> int:
        return 220 * self.state.tile_row


@dataclass
class Atlas:
    units: list[Unit]
    indicators: list[Indicator]

    def __post_init__(self) -> None:
        self._rankings: dict[tuple[str, str], Ranking] = {}
        self.heads: dict[tuple[str, str], SafeString] = {}  # of indicators, by slug and language
        self.by_slug = {unit.state.slug: unit for unit in self.units}
        self.indicator_by_slug = {indicator.slug: indicator for indicator in self.indicators}

    def indicator(self, slug: str) -> Indicator | None:
        return self.indicator_by_slug.get(slug)

    def ranking(self, indicator: Indicator, per: str = "") -> Ranking:
        """Rank the 36 by an indicator, or by it per person or per km² where that makes sense."""
        key = (indicator.slug, per)
        if key not in self._rankings:
            self._rankings[key] = rank(indicator, self.units, per)
        return self._rankings[key]

    def rankings(self) -> Iterable[Ranking]:
        return (self.ranking(indicator) for indicator in self.indicators)

    @cached_property
    def tags(self) -> list[Tag]:
        tags = {tag.slug: tag for unit in self.units for tag in unit.tags}
        return [tags[slug] for slug in sorted(tags)]

    @cached_property
    def _likeness(self) -> dict[str, list[float]]:
        """Each unit's place among the 36 in standard deviations, one number per indicator."""
        columns = []
        for slug in LIKENESS:
            numbers = {
                unit.state.slug: math.log10(unit.values[slug])
                if slug in LOGARITHMIC
                else float(unit.values[slug])
                for unit in self.units
                if slug in unit.values
            }
            if len(numbers) < len(self.units):
                continue  # an indicator with gaps would compare some states by less than others
            mean = sum(numbers.values()) / len(numbers)
            spread = math.sqrt(sum((n - mean) ** 2 for n in numbers.values()) / len(numbers))
            columns.append({who: (n - mean) / (spread or 1) for who, n in numbers.items()})
        return {unit.state.slug: [c[unit.state.slug] for c in columns] for unit in self.units}

    @property
    def likeness_indicators(self) -> list[Indicator]:
        return [self.indicator_by_slug[slug] for slug in LIKENESS if slug in self.indicator_by_slug]

    def most_like(self, unit: Unit, count: int = 4) -> list[tuple[Unit, float]]:
        """The units nearest to this one, each with its distance in standard deviations."""
        here = self._likeness[unit.state.slug]
        others = [
            (other, math.dist(here, self._likeness[other.state.slug]))
            for other in self.units
            if other is not unit
        ]
        return sorted(others, key=lambda pair: pair[1])[:count]

    def in_season(self, month: int) -> list[tuple[Thing, list[Unit]]]:
        """Produce at its best in a month and where; what has the shortest season comes first."""
        found: dict[tuple, tuple[Thing, list[Unit]]] = {}
        for unit in self.units:
            for produce in unit.produce:
                if produce.season and month in produce.season:
                    key = (len(produce.season), produce.name, produce.season)
                    found.setdefault(key, (produce, []))[1].append(unit)
        return [found[key] for key in sorted(found)]


def atlas() -> Atlas:
    """Return the atlas of now."""
    return _keeper.get()


def all_homes() -> list[Home]:
    """The units as places to be at home in; see accounts/homes.py."""
    units = atlas().units
    return [Home(unit.slug, unit.name, unit.get_absolute_url()) for unit in units]


class _Keeper:
    """Holds one atlas per process; a thread that finds it stale reads the next one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._atlas: Atlas | None = None
        self._token = ""
        self._best_before = 0.0

    def get(self) -> Atlas:
        if not settings.KEEP_ATLAS:
            return read()
        with self._lock:  # a reading takes milliseconds; the others wait rather than read as well
            token = generation.current()
            if self._atlas is None or token != self._token or time.time() > self._best_before:
                self._atlas, self._token, self._best_before = read(), token, best_before()
            return self._atlas


_keeper = _Keeper()


def read() -> Atlas:
    """Read everything from the database: five queries, whatever there is to read."""
    units = {state.pk: Unit(state) for state in State.objects.select_related("airport")}
    for kind, state_id, _position, *columns in _things():
        units[state_id].things[kind].append(Thing(*columns))
    tags: dict[str, Tag] = {}
    for kind, state_id, target, words in _links():
        unit = units[state_id]
        if kind == "neighbours":
            unit.neighbours.append(units[int(target)])
        elif kind == "tags":
            unit.tags.append(tags.setdefault(target, Tag(slug=target, meaning=words)))
        else:
            getattr(unit, kind).append(target)
    for unit in units.values():
        unit.neighbours.sort(key=lambda other: other.state.name)

    indicators = list(Indicator.objects.select_related("source"))
    slug_of = {indicator.pk: indicator.slug for indicator in indicators}
    observations = Observation.objects.values_list("state_id", "indicator_id", "value")
    for state_id, indicator_id, value in observations:
        units[state_id].values[slug_of[indicator_id]] = value
    return Atlas(list(units.values()), indicators)


def _things() -> list[tuple]:
    """All belongings of all states: kind, state, position, then a Thing's columns."""
    first, *others = (
        model.objects.order_by().values_list(
            Value(kind, CharField()),
            "state_id",
            "position",
            *(
                Cast(columns[column], output)
                if column in columns
                else Cast("name", output)
                if column == "name"
                else Cast(Value("" if isinstance(output, CharField | TextField) else None), output)
                for column, output in COLUMNS.items()
            ),
        )
        for kind, (model, columns) in KINDS.items()
    )
    return sorted(first.union(*others, all=True).order_by(), key=lambda row: (row[2], row[3]))


def _links() -> list[tuple]:
    """All links of all states: kind, state, what it leads to, its words."""
    first, *others = (
        model.objects.order_by().values_list(
            Value(kind, CharField()),
            whose,
            Cast(target, CharField()),
            Cast(words, CharField()) if words else Value("", CharField()),
        )
        for kind, model, whose, target, words in LINKS
    )
    return sorted(first.union(*others, all=True).order_by(), key=lambda row: row[2])
