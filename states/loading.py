"""Bring the database to what the data files say, and nothing more than that.

Figures and links are the files'. Words are staff's once staff touched them: a row's `prose_digest`
is the checksum of its words as last loaded, and words that no longer match it are left alone. A
belonging with an empty digest was made by staff, and so was an indicator or a source that is not
`loaded`; none of them is changed or removed.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, models, transaction
from django.db.models import F, ProtectedError

from pocket.web import generation
from states.models import (
    Belonging,
    Dish,
    Festival,
    Listing,
    Observation,
    Place,
    State,
)
from states.reading import DATA, KEYS, Row, read

# The words of a row that staff may better.
WORDS: dict[type[models.Model], tuple[str, ...]] = {
    State: ("tagline", "summary"),
    Place: ("line",),
    Festival: ("line",),
    Dish: ("line",),
    Listing: ("note",),
}


@dataclass
class Count:
    added: int = 0
    changed: int = 0
    removed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.added + other.added,
            self.changed + other.changed,
            self.removed + other.removed,
            self.unchanged + other.unchanged,
        )

    @property
    def touched(self) -> int:
        return self.added + self.changed + self.removed


@dataclass
class Report:
    """What a load did: rows by kind, edited texts that it kept, rows of staff's in its way."""

    counts: dict[str, Count] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    staffs: list[str] = field(default_factory=list)

    @property
    def total(self) -> Count:
        return sum(self.counts.values(), Count())

    @property
    def changed(self) -> int:
        """How many rows were added, changed or removed."""
        return self.total.touched

    def __str__(self) -> str:
        lines = [
            f"{kind}: {count.added} added, {count.changed} changed, {count.removed} removed,"
            f" {count.unchanged} unchanged"
            for kind, count in self.counts.items()
            if count.touched
        ]
        if self.kept:
            lines.append(f"kept {len(self.kept)} edited texts: {'; '.join(self.kept)}")
        if self.staffs:
            lines.append(f"left {len(self.staffs)} rows of staff's: {'; '.join(self.staffs)}")
        lines.append(f"{self.changed} changed, {self.total.unchanged} unchanged")
        return "\n".join(lines)


def load(directory: Path = DATA, *, overwrite: bool = False) -> Report:
    """Load all data files in one transaction; a second time changes nothing.

    Raises `BrokenDataError` before anything is written. With `overwrite`, words that staff edited
    go back to those of the files.
    """
    facts = read(directory)
    with transaction.atomic():
        _wait_for_other_loaders()
        report = Report()
        ids: dict[type[models.Model], dict[str, int]] = {}
        stale: list[tuple[Count, list[models.Model]]] = []
        for model, rows in facts.rows.items():
            table = _Table(model, rows.values(), ids, overwrite)
            table.sync(report)
            ids[model] = table.ids
            stale.append((table.count, table.stale))
        for count, instances in reversed(stale):
            count.removed = sum(map(_removed, instances))
        if report.changed:
            generation.bump()
    return report


def _wait_for_other_loaders() -> None:
    """Let two hosts that start together load one after the other, as SQLite does by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '60s'")
            cursor.execute("SET LOCAL statement_timeout = '60s'")
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('states.load'))")


def _removed(instance: models.Model) -> bool:
    """Delete a row unless a row of staff's needs it."""
    try:
        instance.delete()
    except ProtectedError:
        return False
    return True


def digest(words: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(words).encode()).hexdigest()


class _Table:
    """One model's rows: as the files want them, and as the database has them."""

    def __init__(
        self,
        model: type[models.Model],
        rows: Iterable[Row],
        ids: dict[type[models.Model], dict[str, int]],
        overwrite: bool,
    ) -> None:
        self.model, self.overwrite = model, overwrite
        self.words = WORDS.get(model, ())
        self.fields = {f.name: f for f in model._meta.concrete_fields}
        self.key = tuple(self.fields[name].attname for name in KEYS[model])
        self.rows = [self._resolved(row, ids) for row in rows]
        self.present = {self._key(row): row for row in self._in_database()}
        self.count = Count()
        self.stale: list[models.Model] = []
        self.ids: dict[str, int] = {}

    def _resolved(self, row: Row, ids: dict) -> Row:
        """The row as the columns hold it: ids for natural keys, and the loader's own mark."""
        columns = {}
        for name, value in row.items():
            column = self.fields[name]
            if column.is_relation and value is not None:
                value = ids[column.related_model][value]
            columns[column.attname] = value
        if "prose_digest" in self.fields:
            columns["prose_digest"] = digest(columns[name] for name in self.words)
        if "loaded" in self.fields:
            columns["loaded"] = True
        return columns

    def _in_database(self) -> Iterable[models.Model]:
        rows = self.model._base_manager.all()
        if self.model is Observation:  # those of an indicator of staff's are staff's
            rows = rows.filter(indicator__loaded=True)
        return rows

    def _key(self, row: models.Model) -> tuple:
        return tuple(getattr(row, name) for name in self.key)

    def sync(self, report: Report) -> None:
        new, edited, columns = [], [], set()
        for wanted in self.rows:
            row = self.present.pop(tuple(wanted[name] for name in self.key), None)
            if row is None:
                new.append(self.model(**wanted))
                continue
            if self.key == KEYS[self.model]:
                self.ids[getattr(row, self.key[0])] = row.pk
            if self._is_staffs(row):
                report.staffs.append(_called(row))
                continue
            if self._keeps_words(row, wanted):
                report.kept.append(_called(row))
                wanted = {
                    name: value
                    for name, value in wanted.items()
                    if name not in {*self.words, "prose_digest"}
                }
            differing = [n for n, value in wanted.items() if getattr(row, n) != value]
            for name in differing:
                setattr(row, name, wanted[name])
            if differing:
                edited.append(row)
                columns.update(differing)
            else:
                self.count.unchanged += 1

        if columns & {"tile_column", "tile_row"}:  # two states may swap squares
            moved = State.objects.filter(pk__in=[row.pk for row in edited])
            moved.update(tile_row=F("tile_row") + 1000)
            columns |= {"tile_column", "tile_row"}
        for row in self.model._base_manager.bulk_create(new):
            self.ids[getattr(row, self.key[0])] = row.pk
        if edited:
            self.model._base_manager.bulk_update(edited, sorted(columns))

        for row in self.present.values():
            # An indicator or source of staff's that the files name too was taken over above.
            if self._is_staffs(row) or not getattr(row, "loaded", True):
                continue
            if self.words and not self.overwrite and self._is_edited(row):
                report.kept.append(_called(row))
            else:
                self.stale.append(row)
        self.count.added, self.count.changed = len(new), len(edited)
        report.counts[self._name()] = self.count

    def _name(self) -> str:
        if self.model._meta.auto_created:
            links = State._meta.many_to_many
            return next(
                f"{f.verbose_name} of states" for f in links if f.remote_field.through is self.model
            )
        return str(self.model._meta.verbose_name_plural)

    def _is_staffs(self, row: models.Model) -> bool:
        return isinstance(row, Belonging | Listing) and not row.prose_digest

    def _is_edited(self, row: models.Model) -> bool:
        return row.prose_digest != digest(getattr(row, name) for name in self.words)

    def _keeps_words(self, row: models.Model, wanted: Row) -> bool:
        return (
            bool(self.words)
            and not self.overwrite
            and self._is_edited(row)
            and any(getattr(row, name) != wanted[name] for name in self.words)
        )


def _called(row: models.Model) -> str:
    if isinstance(row, Listing):
        return f"{row.site} ({row.state})"
    return f"{row} ({row.state})" if isinstance(row, Belonging) else str(row)
