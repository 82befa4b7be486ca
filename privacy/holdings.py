"""What the site holds about a person, app by app.

An app that holds something of people's own has a module `personal`, found by its name, with any of

- `of(person) -> dict`: everything of theirs as plain data (str, int, float, bool, None, lists and
  dicts of them; times in ISO 8601, UTC), by name of the file that it fills in an export. A list,
  or an iterator where it may be long, becomes a table too if it holds dicts, all of the same keys;
- `files(person) -> Iterator[tuple[str, File]]`: what they uploaded, with the name to give it;
- `WORDS: dict[str, str]`: what each name in `of` holds, and `files`, for the reader of an export;
- `losses(person) -> list[str]`: what goes for good with the account, in words for its owner;
- `erase(person, *, keeps_words: bool) -> None`: forget them, inside the transaction that deletes
  the account. Rows that hang on the account by CASCADE need no word. What they said in public
  stays without their name if `keeps_words`, else it goes.
"""

from collections.abc import Iterator
from importlib import import_module
from types import ModuleType

from django.apps import apps
from django.utils.module_loading import module_has_submodule


def holders() -> Iterator[ModuleType]:
    """Every `personal` module, the lower floors first."""
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "personal"):
            yield import_module(f"{config.name}.personal")
