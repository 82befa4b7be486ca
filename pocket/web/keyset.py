"""Lists by the page, from a place in the order instead of a number.

A link to the second page stays true when something new comes on top, and page 1,000 costs what
page 2 does: the database begins at the place, by the index of the order.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import QueryDict

AFTER, BEFORE = "after", "before"


@dataclass(frozen=True)
class KeysetPage:
    """`following` and `previous` are what the links' parameters say, "" where there is no more."""

    items: list
    following: str
    previous: str
    is_first: bool

    def __iter__(self):
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def keyset_page(
    rows: models.QuerySet, asked: QueryDict, order: tuple[str, ...], *, size: int
) -> KeysetPage:
    """Return `size` rows from where `?after=` or `?before=` says; the start, if it says nonsense.

    `order` names fields of the rows, each with "-" or each without, the last one unique; the rows
    come in it whatever order they had. No field may be null.
    """
    fields = [name.removeprefix("-") for name in order]
    is_descending = order[0].startswith("-")
    if any(name.startswith("-") != is_descending for name in order):
        raise ValueError("Some fields go up, others down: the database could not begin anywhere.")
    backwards = AFTER not in asked and BEFORE in asked
    place = _read(asked.get(BEFORE if backwards else AFTER, ""), rows.model, fields)
    backwards = backwards and place is not None

    goes_down = is_descending != backwards
    if place is not None:
        rows = rows.filter(_beyond(fields, place, "lt" if goes_down else "gt"))
    found = list(rows.order_by(*(f"-{name}" if goes_down else name for name in fields))[: size + 1])
    has_more, items = len(found) > size, found[:size]
    if backwards:
        items.reverse()
    is_first = place is None or (backwards and not has_more)
    has_following = bool(items) if backwards else has_more
    return KeysetPage(
        items,
        following=_told(items[-1], fields) if has_following else "",
        previous=_told(items[0], fields) if items and not is_first else "",
        is_first=is_first,
    )


def _beyond(fields: list[str], place: list, than: str) -> Q:
    """(a, b) < (x, y), as both databases plan best: a bound on the first, then the ties."""
    beyond = Q(**{f"{fields[-1]}__{than}": place[-1]})
    for name, value in list(zip(fields, place, strict=True))[-2::-1]:
        beyond = Q(**{f"{name}__{than}e": value}) & (Q(**{f"{name}__{than}": value}) | beyond)
    return beyond


def place(*values: Any) -> str:
    """What `?after=` says to begin behind these values of the order's fields."""
    told = json.dumps([_plain(value) for value in values])
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _told(row: models.Model, fields: list[str]) -> str:
    return place(*(getattr(row, name) for name in fields))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, int | str) else str(value)


def _read(text: str, model: type[models.Model], fields: list[str]) -> list | None:
    """The values that a link carries; None if nobody of ours wrote it."""
    if not text or len(text) > 500:
        return None
    try:
        padded = text + "=" * (-len(text) % 4)
        values = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(values, list) or len(values) != len(fields):
            return None
        cleaned = [
            model._meta.get_field(name).to_python(value)
            for name, value in zip(fields, values, strict=True)
        ]
    except (binascii.Error, ValueError, TypeError, OverflowError, ValidationError, RecursionError):
        return None
    return None if any(value is None for value in cleaned) or "\0" in text else cleaned


def all_rows(rows: models.QuerySet, field: str, *, size: int = 2000) -> Iterator[Any]:
    """Hand out all rows from high to low by a unique field, in queries that each end soon."""
    rows = rows.order_by(f"-{field}")
    batch = list(rows[:size])
    while batch:
        yield from batch
        batch = list(rows.filter(**{f"{field}__lt": getattr(batch[-1], field)})[:size])
