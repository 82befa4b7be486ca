"""Everything a start needs, in one process: the second start has little left to do."""

import hashlib
import os
import socket

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder


class Command(BaseCommand):
    help = "Make the site ready to serve: database, cache table, data, static files."

    def add_arguments(self, parser):
        parser.add_argument("--no-static", action="store_true", help="leave static files alone")
        parser.add_argument("--port-free", action="store_true", help="look first that PORT is free")

    def handle(self, *, no_static: bool, port_free: bool, **options):
        if port_free:
            look_that_port_is_free(os.environ.get("HOST") or "127.0.0.1", settings.PORT)
        try:
            self.prepare_database()
        except DatabaseError as problem:
            reason = str(problem).strip().splitlines()[0]
            raise CommandError(f"The database does not do what Pocket needs: {reason}") from problem
        if not no_static:
            self.collect_static_files()

    def prepare_database(self) -> None:
        if self.migrations_wait():
            call_command("migrate", interactive=False, verbosity=1)
        call_command("createcachetable", verbosity=1)
        commands = get_commands()  # of the apps above, which this one may not know
        if "load_states" in commands:
            call_command("load_states", if_new=True)
        if "load_starter_stories" in commands:
            call_command("load_starter_stories")
        if "setup_code" in commands:
            call_command("setup_code")

    def migrations_wait(self) -> bool:
        if not MigrationRecorder(connection).has_table():
            return True
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))

    def collect_static_files(self) -> None:
        """Collect when a file, the settings or a package changed since the last time."""
        stamp = settings.STATIC_ROOT / ".collected-from"
        now = fingerprint_of_static_files()
        if stamp.is_file() and stamp.read_text() == now:
            return
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(now)
        self.stdout.write("Static files are collected.")


def look_that_port_is_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise CommandError(
                f"Pocket cannot listen on {host}, port {port} ({problem.strerror})."
                f" Another port: make run PORT={port + 11}"
            ) from problem


def fingerprint_of_static_files() -> str:
    """One digest of what `collectstatic` would read; by size and time, not by content."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for path, storage in finder.list([]):
            stat = os.stat(storage.path(path))
            digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    digest.update(type(staticfiles_storage).__module__.encode())
    return digest.hexdigest()
