import sqlite3

import pytest
from django.db import connections

from pocket.web.checks import sqlite_is_repaired


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2)])
def test_an_sqlite_with_the_wal_bug_is_warned_of(monkeypatch, version):
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    monkeypatch.setattr(sqlite3, "sqlite_version", ".".join(map(str, version)))

    [warning] = sqlite_is_repaired(None)

    assert warning.id == "pocket.W001"
    assert ".".join(map(str, version)) in warning.msg
    assert "3.51.3" in warning.hint


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 52, 0), (4, 0, 0)])
def test_a_repaired_sqlite_is_fine(monkeypatch, version):
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)

    assert sqlite_is_repaired(None) == []


def test_with_postgres_the_version_of_sqlite_does_not_matter(monkeypatch):
    monkeypatch.setattr(connections["default"], "vendor", "postgresql")
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 40, 1))

    assert sqlite_is_repaired(None) == []
