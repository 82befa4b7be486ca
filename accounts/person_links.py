"""Further pages that a person may show on their own, handed down by the apps that have them."""

from collections.abc import Callable
from typing import NamedTuple


class Link(NamedTuple):
    words: str
    address: str


_finders: list[Callable] = []


def offer(find: Callable) -> None:
    """Name a function that gives a person's link, or None while they do not share that page."""
    if find not in _finders:
        _finders.append(find)


def links_of(person) -> list[Link]:
    return [link for find in _finders if (link := find(person))]
