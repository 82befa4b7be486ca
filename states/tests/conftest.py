"""The data files read without the code that is tested."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from states.reading import DATA
from states.tests.data_files import Files


@dataclass
class Published:
    """The figures of indicators.json by the slugs of the site."""

    indicators: dict[str, dict]
    values: dict[str, dict[str, Decimal]]  # state: indicator: value, where there is one
    national: dict[str, Decimal]
    names: dict[str, str]

    def of(self, indicator: str) -> dict[str, Decimal]:
        return {s: values[indicator] for s, values in self.values.items() if indicator in values}

    def rank(self, state: str, indicator: str) -> int:
        here = self.values[state][indicator]
        return 1 + sum(value > here for value in self.of(indicator).values())

    def is_tied(self, state: str, indicator: str) -> bool:
        return list(self.of(indicator).values()).count(self.values[state][indicator]) > 1


def slug_of(key: str) -> str:
    return key.replace("_", "-")


@pytest.fixture(scope="session")
def published() -> Published:
    data = json.loads((DATA / "indicators.json").read_text(), parse_float=Decimal)
    states = data["states"].values()
    return Published(
        indicators={slug_of(key): {"key": key, **i} for key, i in data["indicators"].items()},
        values={
            s["slug"]: {
                slug_of(key): Decimal(value)
                for key, value in s["values"].items()
                if value is not None
            }
            for s in states
        },
        national={slug_of(key): Decimal(value) for key, value in data["india"].items()},
        names={s["slug"]: s["name"] for s in states},
    )


@pytest.fixture(scope="session")
def culture() -> dict[str, dict]:
    """What culture.json says of each state, by slug."""
    told = json.loads((DATA / "culture.json").read_text(), parse_float=Decimal)["states"]
    return {state["slug"]: state for state in told.values()}


@pytest.fixture
def it_is(monkeypatch):
    """Set the clock: `it_is(2026, 10, 31, 19)` in UTC."""

    def _it_is(*moment: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: datetime(*moment, tzinfo=UTC))

    return _it_is


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)
