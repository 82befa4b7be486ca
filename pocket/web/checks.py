"""System checks of our own."""

import sqlite3

from django.core import checks
from django.db import connection

SQLITE_REPAIRED = (3, 51, 3)


@checks.register(checks.Tags.compatibility)
def sqlite_is_repaired(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """SQLite 3.7.0 to 3.51.2 can, rarely, damage a WAL file that two connections reset together."""
    if connection.vendor != "sqlite" or sqlite3.sqlite_version_info >= SQLITE_REPAIRED:
        return []
    return [
        checks.Warning(
            f"Python is linked with SQLite {sqlite3.sqlite_version}, which can damage a database"
            " that several processes write to (rare; mended in 3.51.3).",
            hint="Take a Python with SQLite 3.51.3 or newer, or set DATABASE_URL to a Postgres,"
            " and keep backups.",
            id="pocket.W001",
        )
    ]
