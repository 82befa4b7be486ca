"""Texts that are made once."""

from collections.abc import Callable
from functools import lru_cache, wraps

from django.utils.translation import get_language

from pocket.web import numbers


def kept_by_language(function: Callable[..., str]) -> Callable[..., str]:
    """Remember what a pure function of hashable arguments said in each language.

    A style of numbers is a language too: 12,34,567 is 1,234,567 in the other.
    """

    @lru_cache(maxsize=8_192)
    def said(language: str, style: numbers.Style, *args) -> str:
        return function(*args)

    @wraps(function)
    def say(*args) -> str:
        return said(get_language(), numbers.style(), *args)

    return say
