"""Texts that are made once."""

from collections.abc import Callable
from functools import lru_cache, wraps

from django.utils.translation import get_language


def kept_by_language(function: Callable[..., str]) -> Callable[..., str]:
    """Remember what a pure function of hashable arguments said in each language."""

    @lru_cache(maxsize=8_192)
    def said(language: str, *args) -> str:
        return function(*args)

    @wraps(function)
    def say(*args) -> str:
        return said(get_language(), *args)

    return say
