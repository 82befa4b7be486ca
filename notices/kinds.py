"""The kinds of notices, each a sentence with gaps. An app that tells people something names its

kinds in `ready()`. Notices hold what goes into the gaps, never HTML: the page escapes it.
"""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Kind:
    slug: str
    text: str | Promise  # "%(who)s" is whoever did it, by the name of today


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.slug] = kind


def kind(slug: str) -> Kind | None:
    """A kind may be gone while notices of it are kept."""
    return _kinds.get(slug)
