"""What an editor writes, apart from where it is kept: a form makes it, a revision keeps it."""

from dataclasses import asdict, dataclass, fields
from typing import Self


@dataclass(frozen=True)
class Content:
    """`tags` are names, `states` slugs, `cover` the key of an image or ""."""

    title: str
    slug: str
    dek: str = ""
    body: str = ""
    language: str = "en"
    tags: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    cover: str = ""
    cover_alt: str = ""

    @classmethod
    def of(cls, data: dict) -> Self:
        """Read what `as_data` wrote, also before a field was thought of."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in data.items() if name in known}
        for name in ("tags", "states"):
            values[name] = tuple(values.get(name, ()))
        return cls(**values)

    def as_data(self) -> dict:
        return {**asdict(self), "tags": list(self.tags), "states": list(self.states)}
