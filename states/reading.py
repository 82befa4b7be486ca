"""The data files, read and checked as a whole before anything is written.

`read()` hands back rows as plain dictionaries, in which a row of another model goes by its natural
key (a state by its code, a source by its slug), or raises `BrokenDataError` with all that is wrong.
What a field can hold is asked of the model, so that a rule stands in one place.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from states import geometry
from states.fields import MonthsField
from states.models import (
    Airport,
    Capital,
    Country,
    Craft,
    Dish,
    Festival,
    HeritageSite,
    Indicator,
    Language,
    Listing,
    MapPart,
    NationalPark,
    NativeName,
    Observation,
    PerformingArt,
    Place,
    Produce,
    River,
    Source,
    State,
    StateLanguage,
    StateRiver,
    Symbol,
    Tag,
)

DATA = Path(__file__).resolve().parent / "data"

# The 28 states and 8 union territories. When Parliament makes another, it is added here first.
SHORT_CODES = (
    "AN AP AR AS BR CG CH DH DL GA GJ HP HR JH JK KA KL LA LD MH ML MN MP MZ NL OD PB PY RJ SK "
    "TN TR TS UK UP WB"
)
CODES = frozenset(f"IN-{short}" for short in SHORT_CODES.split())

# What tells the rows of a model apart. In this order they can be written: a row comes after
# whatever it points to.
KEYS: dict[type[models.Model], tuple[str, ...]] = {
    Source: ("slug",),
    Tag: ("slug",),
    Language: ("name",),
    Country: ("name",),
    River: ("name",),
    Airport: ("iata",),
    HeritageSite: ("name",),
    State: ("code",),
    Indicator: ("slug",),
    Observation: ("indicator", "state"),
    Place: ("state", "name"),
    Festival: ("state", "name"),
    Dish: ("state", "name"),
    Craft: ("state", "name"),
    Produce: ("state", "name"),
    NationalPark: ("state", "name"),
    PerformingArt: ("state", "name"),
    Symbol: ("state", "kind"),
    NativeName: ("state", "tag"),
    Capital: ("state", "name"),
    MapPart: ("state", "name"),
    StateLanguage: ("state", "language"),
    StateRiver: ("state", "river"),
    Listing: ("state", "site"),
    State.neighbours.through: ("from_state", "to_state"),
    State.borders.through: ("state", "country"),
    State.tags.through: ("state", "tag"),
    State.other_airports.through: ("state", "airport"),
}

# What a field is written as in JSON; the first that fits counts.
JSON_TYPES = (
    (models.BooleanField, (bool,), "true or false"),
    (MonthsField, (list,), "a list of months"),
    (models.IntegerField, (int,), "a whole number"),
    (models.DecimalField, (int, Decimal), "a number"),
    (models.DateField, (str,), "a date as in 1956-11-01"),
    (models.Field, (str,), "a text"),
)
YEAR = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
MISSING = object()

Row = dict[str, Any]


class BrokenDataError(Exception):
    """The data files cannot be loaded; `problems` says why, a line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Value:
    """A value in a data file that knows where it stands.

    Asked for what it is not, it notes a problem and answers with something harmless, so that one
    reading finds every problem.
    """

    def __init__(self, value: Any, file: str, path: str, problems: list[str]) -> None:
        self.value, self.file, self.path, self.problems = value, file, path, problems

    def __bool__(self) -> bool:
        return self.value is not MISSING and self.value is not None

    def __getitem__(self, key: str | int) -> "Value":
        if isinstance(key, int):
            path, inside = f"{self.path}[{key}]", isinstance(self.value, list)
            found = self.value[key] if inside and key < len(self.value) else MISSING
        else:
            path = f"{self.path}.{_step(key)}" if self.path else _step(key)
            found = self.value.get(key, MISSING) if isinstance(self.value, dict) else MISSING
        return Value(found, self.file, path, self.problems)

    def wrong(self, reason: str) -> None:
        if self.value is not MISSING:  # a missing value was reported by record()
            self.problems.append(f"{self.file}: {self.path or 'the whole'}: {reason}")

    def record(self, required: str, optional: str = "") -> "Value":
        """Check that this is an object with these keys, named in one string, and no others."""
        if not isinstance(self.value, dict):
            self.wrong("must be an object")
            return self
        for key in required.split():
            if key not in self.value:
                self.problems.append(f"{self.file}: {self[key].path}: is missing")
        for key in self.value.keys() - {*required.split(), *optional.split()}:
            self[key].wrong("is not a key that is known here")
        return self

    def items(self) -> Iterator[tuple[str, "Value"]]:
        if not isinstance(self.value, dict):
            self.wrong("must be an object")
            return
        for key in self.value:
            yield key, self[key]

    def each(self) -> Iterator["Value"]:
        if not isinstance(self.value, list):
            self.wrong("must be a list")
            return
        for at in range(len(self.value)):
            yield self[at]

    def of(self, model: type[models.Model], name: str) -> Any:
        """The value as this field of the model holds it."""
        field = model._meta.get_field(name)
        if not self:
            if self.value is None and not (field.null or field.blank):
                self.wrong("must not be empty")
            return None if field.null or not field.empty_strings_allowed else ""
        kinds, called = _json_type(type(field))
        if type(self.value) not in kinds:
            self.wrong(f"must be {called}")
            return None
        if isinstance(self.value, str) and not self._is_clean(field):
            return None
        if isinstance(self.value, list) and any(type(month) is not int for month in self.value):
            self.wrong("must be a list of months from 1 to 12")
            return None
        try:
            return field.clean(self.value, None)
        except ValidationError as error:
            self.wrong(" ".join(error.messages))
            return None

    def _is_clean(self, field: models.Field) -> bool:
        if UNPRINTABLE.search(self.value):
            self.wrong("has a character that cannot be printed")
        elif self.value != self.value.strip():
            self.wrong("begins or ends with a space")
        elif "\n" in self.value and not isinstance(field, models.TextField):
            self.wrong("must be one line")
        elif not self.value and not field.blank:
            self.wrong("must not be empty")
        else:
            return True
        return False

    def paragraphs(self, model: type[models.Model], name: str) -> str:
        return "\n\n".join(part.of(model, name) or "" for part in self.each())

    def name(self, known: Any, called: str) -> str | None:
        """The value as one of the known names."""
        if isinstance(self.value, str) and self.value in known:
            return self.value
        self.wrong(f"{json.dumps(self.value, default=str)} is not a known {called}")
        return None

    def names(self, known: Any, called: str) -> list[str]:
        """The list as known names, none of them twice."""
        found: list[str] = []
        for part in self.each():
            name = part.name(known, called)
            if name in found:
                part.wrong(f"{name} stands here twice")
            elif name is not None:
                found.append(name)
        return found


@cache
def _json_type(field: type[models.Field]) -> tuple[tuple[type, ...], str]:
    return next((kinds, called) for cls, kinds, called in JSON_TYPES if issubclass(field, cls))


@lru_cache(1024)
def _step(key: str) -> str:
    return key if re.fullmatch(r"[\w-]+", key) else repr(key)


class Facts:
    """The rows of each model, under their keys, in the order in which they can be written."""

    def __init__(self) -> None:
        self.rows: dict[type[models.Model], dict[tuple, Row]] = {model: {} for model in KEYS}

    def add(self, model: type[models.Model], at: Value, **row: Any) -> None:
        key = tuple(row[name] for name in KEYS[model])
        if key in self.rows[model] and all(key):
            at.wrong(f"{key[-1]} stands here twice")
        self.rows[model][key] = row

    def once(self, model: type[models.Model], at: Value, **row: Any) -> None:
        """Add a row that several states may name; they must agree about it."""
        key = tuple(row[name] for name in KEYS[model])
        if self.rows[model].setdefault(key, row) != row:
            at.wrong(f"{key[-1]} is told otherwise elsewhere in this file")

    def names(self, model: type[models.Model]) -> list[str]:
        return [key[0] for key in self.rows[model]]


def read(directory: Path = DATA) -> Facts:
    """Read all files of a directory; raise `BrokenDataError` with all that is wrong in them."""
    problems: list[str] = []
    files = {
        name: _parsed(directory, f"{name}.json", problems)
        for name in ("sources", "indicators", "outlines", "tiles", "culture")
    }
    if not problems:
        facts = _facts(**files)
    if problems:
        raise BrokenDataError(problems)
    return facts


def _parsed(directory: Path, file: str, problems: list[str]) -> Value:
    def once(pairs: list[tuple[str, Any]]) -> dict:
        found: dict = {}
        for key, value in pairs:
            if key in found:
                problems.append(f"{file}: {key!r}: the key stands twice in one object")
            found[key] = value
        return found

    try:
        text = (directory / file).read_text(encoding="utf-8")
        value = json.loads(text, parse_float=Decimal, object_pairs_hook=once)
    except OSError as error:
        problems.append(f"{file}: the whole: cannot be read ({error.strerror})")
    except (ValueError, RecursionError) as error:
        problems.append(f"{file}: the whole: is not JSON in UTF-8 ({error})")
    else:
        return Value(value, file, "", problems)
    return Value(MISSING, file, "", problems)


def _facts(
    sources: Value, indicators: Value, outlines: Value, tiles: Value, culture: Value
) -> Facts:
    facts = Facts()
    _read_sources(facts, sources)
    states: dict[str, Row] = {code: {"code": code} for code in sorted(CODES)}
    capitals = _read_indicators(facts, indicators, states)
    _read_outlines(facts, outlines, states)
    _read_tiles(tiles, states)
    _read_culture(facts, culture, states, capitals)
    return facts


def _by_code(node: Value) -> Iterator[tuple[str, Value]]:
    """The units of a file by code; all 36 must be there, and no others."""
    node.record(" ".join(sorted(CODES)))
    for code, unit in node.items():
        if code in CODES:
            yield code, unit


def _read_sources(facts: Facts, file: Value) -> None:
    file.record("sources", "title compiled")
    for position, node in enumerate(file["sources"].each(), 1):
        node.record("slug publication year licence coverage checked caveats")
        facts.add(
            Source,
            node,
            position=position,
            **{
                name: node[name].of(Source, name)
                for name in (
                    "slug",
                    "publication",
                    "year",
                    "licence",
                    "coverage",
                    "checked",
                    "caveats",
                )
            },
        )


# --- indicators.json ---------------------------------------------------------------------------


def _read_indicators(facts: Facts, file: Value, states: dict[str, Row]) -> dict[str, Value]:
    """Read figures and the bare facts of each state; hand back where each seat of government is."""
    file.record("indicators states india", "title compiled notes former_codes")
    keys = [key for key, _ in file["indicators"].items()]
    file["india"].record("", " ".join(["area_under_indian_administration_km2", *keys]))
    for key, node in file["indicators"].items():
        _read_indicator(facts, key, node, file["india"][key])

    capitals, published = {}, dict.fromkeys(keys, 0)
    taken: dict[tuple[str, str], str] = {}
    for code, node in _by_code(file["states"]):
        node.record("name kind slug capital vehicle_code formed values", "notes")
        node["formed"].record("date what")
        states[code] |= {
            "name": node["name"].of(State, "name"),
            "slug": node["slug"].of(State, "slug"),
            "kind": _kind(node["kind"]),
            "vehicle_code": node["vehicle_code"].of(State, "vehicle_code"),
            "formed_on": node["formed"]["date"].of(State, "formed_on"),
            "formed_what": node["formed"]["what"].of(State, "formed_what"),
            "notes": node["notes"].paragraphs(State, "notes") if node["notes"] else "",
        }
        for unique in ("name", "slug", "vehicle_code"):
            value = states[code][unique]
            other = taken.setdefault((unique, value), code)
            if other != code and value is not None:
                node[unique].wrong(f"{value} belongs to {other} already")
        capitals[code] = node["capital"].record("name lat lon")
        node["values"].record(" ".join(keys))
        for key in keys:
            value = node["values"][key].of(Indicator, "national")
            if value is not None:
                published[key] += 1
                slug = key.replace("_", "-")
                facts.add(Observation, node["values"][key], indicator=slug, state=code, value=value)

    for key, count in published.items():
        stated = file["indicators"][key]["coverage"]
        if stated.value != count:
            stated.wrong(f"must be {count}, as many as have a value")
    return capitals


def _read_indicator(facts: Facts, key: str, node: Value, national: Value) -> None:
    node.record(
        "label short_label unit as_of source higher_is coverage theme decimals position",
        "note per_person_scale per_area_scale",
    )
    as_of = node["as_of"].of(Indicator, "as_of")
    if as_of and not YEAR.fullmatch(as_of):
        node["as_of"].wrong("must be a year, as in 2011, 2011-03-01 or 2022-23")
    for scale in ("per_person_scale", "per_area_scale"):
        if node[scale].value == 0:
            node[scale].wrong("must be more than 0")
    facts.add(
        Indicator,
        node,
        slug=Value(key.replace("_", "-"), node.file, node.path, node.problems).of(
            Indicator, "slug"
        ),
        as_of=as_of,
        source=node["source"].name(facts.names(Source), "source"),
        national=national.of(Indicator, "national"),
        **{
            name: node[name].of(Indicator, name)
            for name in (
                "label",
                "short_label",
                "theme",
                "unit",
                "higher_is",
                "note",
                "decimals",
                "per_person_scale",
                "per_area_scale",
                "position",
            )
        },
    )


def _kind(node: Value) -> str | None:
    kind = node.name(("state", "union-territory"), "kind")
    return kind and kind.replace("-", "_")


# --- outlines.json and tiles.json --------------------------------------------------------------


def _read_outlines(facts: Facts, file: Value, states: dict[str, Row]) -> None:
    file.record(
        "units neighbours projection attribution licence",
        "title caution boundaries_as_of viewBox notes",
    )
    for code, node in _by_code(file["units"]):
        node.record("d label", "bbox capital marker parts")
        outline = node["d"].of(State, "outline")
        label = _point(node["label"], State, "label_x", "label_y")
        marker = _point(node["marker"], State, "marker_x", "marker_y") if node["marker"] else {}
        try:
            geometry.rings(outline or "")
        except ValueError as error:
            node["d"].wrong(str(error))
        else:
            if None not in label.values() and not geometry.contains(outline, *label.values()):
                node["label"].wrong("lies outside the outline")
        states[code] |= {"outline": outline, "marker_x": None, "marker_y": None, **label, **marker}
        for position, part in enumerate(node["parts"].each() if node["parts"] else ()):
            part.record("name at")
            facts.add(
                MapPart,
                part,
                state=code,
                name=part["name"].of(MapPart, "name"),
                position=position,
                **_point(part["at"], MapPart, "x", "y"),
            )
    _read_neighbours(facts, file["neighbours"])


def _point(node: Value, model: type[models.Model], x: str, y: str) -> dict[str, int | None]:
    if not isinstance(node.value, list) or len(node.value) != 2:
        node.wrong("must be two whole numbers, x and y")
        return {x: None, y: None}
    return {x: node[0].of(model, x), y: node[1].of(model, y)}


def _read_neighbours(facts: Facts, node: Value) -> None:
    through = State.neighbours.through
    for code, around in _by_code(node):
        around.record("units countries")
        for other in around["units"].names(CODES, "code"):
            if other == code:
                around["units"].wrong("a unit is not its own neighbour")
            back = node[other]["units"].value
            if isinstance(back, list) and code not in back:
                around["units"].wrong(f"{other} does not name {code} in return")
            facts.add(through, around, from_state=code, to_state=other)
        for part in around["countries"].each():
            name = part.of(Country, "name")
            facts.once(Country, part, name=name)
            facts.add(State.borders.through, part, state=code, country=name)


def _read_tiles(file: Value, states: dict[str, Row]) -> None:
    file.record("columns rows units", "title notes")
    taken: dict[tuple, str] = {}
    for code, node in _by_code(file["units"]):
        tile = _point(node, State, "tile_column", "tile_row")
        for size, at in (("columns", "tile_column"), ("rows", "tile_row")):
            most = file[size].of(State, at)
            if most is not None and tile[at] is not None and tile[at] >= most:
                node.wrong(f"lies outside the {most} {size}")
        other = taken.setdefault(tuple(tile.values()), code)
        if other != code and None not in tile.values():
            node.wrong(f"is the square of {other}")
        states[code] |= tile


# --- culture.json ------------------------------------------------------------------------------


def _read_culture(
    facts: Facts, file: Value, states: dict[str, Row], capitals: dict[str, Value]
) -> None:
    file.record("about states")
    about = file["about"].record(
        "regions vocabulary languages",
        "title as_of iso_edition former_codes method fields heritage_list caveats",
    )
    for slug, meaning in about["vocabulary"].items():
        facts.add(
            Tag,
            meaning,
            slug=Value(slug, file.file, meaning.path, file.problems).of(Tag, "slug"),
            meaning=meaning.of(Tag, "meaning"),
        )
    codes = {name: code.of(Language, "code") for name, code in about["languages"].items()}
    spoken = {code: name for name, code in codes.items()}

    for code, node in _by_code(file["states"]):
        node.record(
            "name native_names slug kind demonym region capitals largest_city official_languages"
            " other_languages tagline summary symbols landscape heritage national_parks festivals"
            " food crafts produce places best_months getting_there dance_music tags",
            "also_known_as name_note language_note",
        )
        state = states[code]
        _agrees(node["name"], state.get("name"), node["name"].of(State, "name"))
        _agrees(node["slug"], state.get("slug"), node["slug"].of(State, "slug"))
        _agrees(node["kind"], state.get("kind"), _kind(node["kind"]))
        state |= _of_itself(node, about["regions"].value)
        state |= _getting_there(facts, code, node["getting_there"])
        facts.add(State, node, **state)

        _read_languages(facts, code, node, codes)
        _read_native_names(facts, code, node["native_names"], spoken)
        _read_capitals(facts, code, node["capitals"], spoken, capitals.get(code))
        _read_belongings(facts, code, node)
        _read_symbols(facts, code, node["symbols"])
        _read_heritage(facts, code, node["heritage"])
        for position, part in enumerate(node["landscape"]["rivers"].each()):
            name = part.of(River, "name")
            facts.once(River, part, name=name)
            facts.add(StateRiver, part, state=code, river=name, position=position)
        for tag in node["tags"].names(facts.names(Tag), "tag"):
            facts.add(State.tags.through, node["tags"], state=code, tag=tag)


def _agrees(node: Value, there: str | None, here: str | None) -> None:
    if here is not None and there is not None and here != there:
        node.wrong(f"is {here}, but {there} in indicators.json")


def _of_itself(node: Value, regions: Any) -> Row:
    landscape = node["landscape"].record("rivers highest_point coast")
    peak = landscape["highest_point"]
    if peak:
        peak.record("name metres", "note")
    if isinstance(regions, list):
        node["region"].name(regions, "region")
    aliases = [part.of(State, "also_known_as") or "" for part in node["also_known_as"].each()]
    return {
        "also_known_as": ", ".join(aliases),
        "region": node["region"].of(State, "region"),
        "summary": node["summary"].paragraphs(State, "summary"),
        "coast": landscape["coast"].of(State, "coast"),
        "highest_point": peak["name"].of(State, "highest_point") or "",
        "highest_point_metres": peak["metres"].of(State, "highest_point_metres"),
        "highest_point_note": peak["note"].of(State, "highest_point_note") or "",
        **{
            name: node[name].of(State, name)
            for name in (
                "name_note",
                "demonym",
                "tagline",
                "largest_city",
                "language_note",
                "best_months",
            )
        },
    }


def _getting_there(facts: Facts, code: str, node: Value) -> Row:
    node.record("airport other_airports railway_station", "note")
    airport, station = node["airport"], node["railway_station"]
    if airport:
        airport.record("name iata in_state")
        facts.once(Airport, airport, iata=airport["iata"].of(Airport, "iata"))
    if station:
        station.record("name in_state")
    for part in node["other_airports"].each():
        iata = part.of(Airport, "iata")
        facts.once(Airport, part, iata=iata)
        facts.add(State.other_airports.through, part, state=code, airport=iata)
    in_state = airport["in_state"].of(State, "airport_in_state") if airport else True
    station_in_state = station["in_state"].of(State, "railway_station_in_state")
    return {
        "airport": airport["iata"].of(Airport, "iata") if airport else None,
        "airport_name": airport["name"].of(State, "airport_name") or "",
        "airport_in_state": in_state,
        "railway_station": station["name"].of(State, "railway_station") or "",
        "railway_station_in_state": station_in_state if station else True,
        "getting_there_note": node["note"].of(State, "getting_there_note"),
    }


def _read_languages(facts: Facts, code: str, node: Value, codes: dict[str, str]) -> None:
    named = chain(
        ((part, True) for part in node["official_languages"].each()),
        ((part, False) for part in node["other_languages"].each()),
    )
    for position, (part, official) in enumerate(named):
        name = part.of(Language, "name")
        facts.once(Language, part, name=name, code=codes.get(name, ""))
        facts.add(
            StateLanguage, part, state=code, language=name, official=official, position=position
        )


def _read_native_names(facts: Facts, code: str, nodes: Value, spoken: dict[str, str]) -> None:
    for position, node in enumerate(nodes.each()):
        node.record("language name latin")
        language = _language(node["language"], spoken)
        if language:
            tag = _primary(node["language"])
            facts.once(Language, node, name=language, code=tag)
        facts.add(
            NativeName,
            node,
            state=code,
            name=node["name"].of(NativeName, "name"),
            tag=node["language"].of(NativeName, "tag"),
            latin=node["latin"].of(NativeName, "latin"),
            language=language,
            position=position,
        )


def _primary(tag: Value) -> str:
    return tag.value.partition("-")[0] if isinstance(tag.value, str) else ""


def _language(tag: Value, spoken: dict[str, str]) -> str | None:
    """The language that a tag such as mni-Beng names, whatever the script."""
    if _primary(tag) in spoken:
        return spoken[_primary(tag)]
    tag.wrong(f"{tag.value} is not a known language")
    return None


def _read_capitals(
    facts: Facts, code: str, nodes: Value, spoken: dict[str, str], seat: Value | None
) -> None:
    """The first capital is the seat of government, whose place indicators.json knows."""
    for position, node in enumerate(nodes.each()):
        node.record("name native_name native_language role")
        _language(node["native_language"], spoken)
        at = seat if position == 0 and seat is not None else node["no place"]
        name = node["name"].of(Capital, "name")
        if at and name:
            same = at["name"].of(Capital, "name")
            if same and same.partition(" (")[0] != name.partition(" (")[0]:
                node["name"].wrong(f"is {name}, but {same} in indicators.json")
        facts.add(
            Capital,
            node,
            state=code,
            name=name,
            role=node["role"].of(Capital, "role"),
            native_name=node["native_name"].of(Capital, "native_name"),
            native_tag=node["native_language"].of(Capital, "native_tag"),
            latitude=at["lat"].of(Capital, "latitude"),
            longitude=at["lon"].of(Capital, "longitude"),
            position=position,
        )


# A list of a state's: its model, and the key in the file of each field.
BELONGINGS: dict[str, tuple[type[models.Model], dict[str, str]]] = {
    "places": (
        Place,
        {"name": "name", "latitude": "latitude", "longitude": "longitude", "line": "line"},
    ),
    "festivals": (Festival, {"name": "name", "when": "when", "line": "line"}),
    "food": (Dish, {"name": "dish", "line": "line"}),
    "crafts": (Craft, {"name": "name", "gi": "gi"}),
    "produce": (Produce, {"name": "name", "gi": "gi", "season": "season_months"}),
}
NAMES_ONLY = {"national_parks": NationalPark, "dance_music": PerformingArt}


def _read_belongings(facts: Facts, code: str, state: Value) -> None:
    for key, (model, fields) in BELONGINGS.items():
        for position, node in enumerate(state[key].each()):
            node.record(" ".join(fields.values()))
            values = {field: node[there].of(model, field) for field, there in fields.items()}
            facts.add(model, node, state=code, position=position, **values)
    for key, model in NAMES_ONLY.items():
        for position, node in enumerate(state[key].each()):
            facts.add(model, node, state=code, position=position, name=node.of(model, "name"))


def _read_symbols(facts: Facts, code: str, symbols: Value) -> None:
    symbols.record("animal bird flower tree", "second_animal aquatic_animal fish fruit butterfly")
    for position, (kind, node) in enumerate(symbols.items()):
        if node:
            node.record("name scientific_name")
            facts.add(
                Symbol,
                node,
                state=code,
                kind=kind,
                name=node["name"].of(Symbol, "name"),
                scientific_name=node["scientific_name"].of(Symbol, "scientific_name"),
                position=position,
            )


def _read_heritage(facts: Facts, code: str, nodes: Value) -> None:
    for position, node in enumerate(nodes.each()):
        node.record("name year kind", "note")
        site = {name: node[name].of(HeritageSite, name) for name in ("name", "year", "kind")}
        facts.once(HeritageSite, node, **site)
        facts.add(
            Listing,
            node,
            state=code,
            site=site["name"],
            note=node["note"].of(Listing, "note"),
            position=position,
        )
