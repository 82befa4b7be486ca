"""Fixtures for every app's tests, loaded as a pytest plugin from pyproject.toml."""

import gc
import os
import re
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from html import unescape
from io import BytesIO
from pathlib import Path
from threading import Barrier
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
import redis
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, connections, transaction
from django.db.backends.base.operations import BaseDatabaseOperations
from django.template.autoreload import reset_loaders
from django.test import override_settings
from pytest_django.plugin import blocking_manager_key
from whitenoise import WhiteNoise

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def sign_in(client):
    """Sign a user in on the test client, and hand the client back."""

    def _sign_in(user):
        client.force_login(user)
        return client

    return _sign_in


def load_facts() -> None:
    """Load the 36 states, and let the search find them."""
    from states import finding
    from states.loading import load

    load()
    finding.refresh()


class Facts:
    """The states in every test database, loaded once for each; a test with `db` just sees them."""

    @pytest.fixture(scope="session")
    @classmethod
    def django_db_setup(cls, django_db_setup, django_db_blocker):
        with django_db_blocker.unblock():
            load_facts()


@contextmanager
def guards_down():
    """Switch the triggers of the audit log off, as somebody with the database's password could."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            connection.check_constraints()  # what waits for the commit would be in the way
            cursor.execute(
                "SELECT format('ALTER TABLE %%s %%%%s TRIGGER %%I', tgrelid::regclass, tgname)"
                " FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE %s",
                ["audit_%"],
            )
            found = [statement for (statement,) in cursor.fetchall()]
            down = [statement % "DISABLE" for statement in found]
            up = [statement % "ENABLE ALWAYS" for statement in found]
        else:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
                ["audit_%"],
            )
            found = cursor.fetchall()
            down = [f"DROP TRIGGER {name}" for name, _ in found]
            up = [statement for _, statement in found]
        for statement in down:
            cursor.execute(statement)
        yield
        if connection.vendor == "postgresql":
            connection.check_constraints()
        for statement in up:
            cursor.execute(statement)


def let_tests_flush() -> None:
    """Transactional tests end by emptying every table, which the audit log would refuse."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def execute_sql_flush(self, sql_list):
        with guards_down():
            flush(self, sql_list)

    BaseDatabaseOperations.execute_sql_flush = execute_sql_flush


@pytest.fixture
def at_once(tmp_path):
    """Run a function in several threads at once, each with a connection; return what they return.

    For tests with `django_db(transaction=True)`. On SQLite they share a file, a copy of the test's
    database made at the first call: one in memory does not wait for locks. So what came of it is
    asked in there as well: `at_once(function, times=1)`.
    """
    path = None

    def copied():
        file = tmp_path / "at_once.sqlite3"
        with closing(sqlite3.connect(file)) as target:
            connection.ensure_connection()
            connection.connection.backup(target)
            target.execute("PRAGMA journal_mode=WAL")
        return file

    def _at_once(function, times=8):
        nonlocal path
        if connection.vendor == "sqlite" and path is None:
            path = copied()
        ready = Barrier(times)

        def run():
            if path:
                own = connections.create_connection("default")
                own.settings_dict = {**own.settings_dict, "NAME": str(path)}
                connections["default"] = own
            try:
                ready.wait(10)
                return function()
            finally:
                connection.close()

        with ThreadPoolExecutor(times) as threads:
            return [future.result() for future in [threads.submit(run) for _ in range(times)]]

    return _at_once


def pytest_configure(config):
    let_tests_flush()
    # Registered after pytest-django, whose fixture of that name it extends.
    config.pluginmanager.register(Facts(), "pocket-facts")
    config.pluginmanager.register(Emptied(), "pocket-emptied")
    # A password is made in every tenth test; the real hashers are slow on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Emptied:
    """A transactional test leaves the database empty: the next one in a transaction gets the facts.

    pytest-django puts those tests last, but a process that is done early takes over another's.
    """

    def __init__(self) -> None:
        self.is_so = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item):
        marker = item.get_closest_marker("django_db")
        flushes = marker is not None and marker.kwargs.get("transaction", False)
        if self.is_so and not flushes and uses_database(item):
            with item.config.stash[blocking_manager_key].unblock():
                load_facts()
            self.is_so = False
        self.is_so = self.is_so or flushes
        return (yield)


@pytest.fixture
def states_loaded(db):
    """The 36 states, also after a transactional test, which leaves the database empty."""
    from states.models import State

    if not State.objects.exists():
        load_facts()


# --- Servers and a browser, brought by `make test` ---------------------------------------------

CHROMIUM_OPTIONS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def pytest_addoption(parser):
    parser.addoption(
        "--database-only",
        action="store_true",
        help="leave out tests that no database decides, for a run on a second one",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Mark what uses a browser or a Redis, so that plain `pytest` leaves it to `make test`."""
    for item in items:
        if {"chromium", "browser"} & set(item.fixturenames):
            item.add_marker("browser")
        if "redis_url" in item.fixturenames:
            item.add_marker("redis")
    if lost := [it.nodeid for it in items if misses_its_place(it)]:
        raise pytest.UsageError(f"`make test` looks for a browser's tests elsewhere: {lost}")
    if config.getoption("database_only"):
        config.hook.pytest_deselected(items=[it for it in items if not differs_by_database(it)])
        items[:] = [it for it in items if differs_by_database(it)]


def pytest_collection_finish(session):
    """Let the garbage collector leave alone what stays; it would look through 5,000 tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def misses_its_place(item) -> bool:
    """Whether a test of a browser stands where tools/test.py does not look."""
    in_place = re.search(r"/tests/[^/:]*browser", item.nodeid)
    return item.get_closest_marker("browser") is not None and not in_place


def differs_by_database(item) -> bool:
    return uses_database(item) and not item.get_closest_marker("any_database")


def uses_database(item) -> bool:
    """Whether a test asks a database, or the site, which may look what it is.

    pytest-django lets no other test reach a database. Processes that a test starts have a SQLite of
    their own, whatever the run is on; a test that hands them another is marked with `database`.
    """
    marks = {mark.name for mark in item.iter_markers()}
    asks = {"django_db_setup", "client", "make_door"} & set(item.fixturenames)
    return bool(asks or marks & {"django_db", "database"})


@pytest.fixture(scope="session")
def _redis_server():
    if not (url := os.environ.get("POCKET_REDIS")):
        pytest.fail("No Redis: run `make test`, or set POCKET_REDIS to one that may be emptied.")
    return url


@pytest.fixture
def redis_url(_redis_server, worker_id):
    """The address of an empty Redis database, a different one for each process of the tests."""
    number = 0 if worker_id == "master" else int(worker_id.removeprefix("gw")) % 15 + 1
    url = f"{_redis_server.rpartition('/')[0]}/{number}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture(scope="session")
def live_site(tmp_path_factory):
    """The real site as `make run` starts it: gunicorn, production settings, all states loaded.

    Its database is its own. Tests share it, so they only look, or make what no other looks at.
    """
    from tools.serving import serve

    # One worker: each process of the tests has such a site, and starting more takes its time.
    with serve(tmp_path_factory.mktemp("live"), WEB_CONCURRENCY="1") as site:
        yield site


@pytest.fixture(scope="session")
def inside(django_db_blocker):
    """Ask and change the database of a site that is served, which a command would take seconds for.

    `with inside(site): ...`; the site itself is told of a change as by another of its processes.
    """

    @contextmanager
    def _inside(site):
        own = connections.create_connection("default")
        # One on a server is on that of the tests.
        name = urlsplit(site.environment["DATABASE_URL"]).path[1:] or site.var / "pocket.sqlite3"
        own.settings_dict = {**own.settings_dict, "NAME": str(name)}
        # A pool is known by its alias, and would hand out connections to the tests' database.
        own.settings_dict["OPTIONS"] = {
            option: value
            for option, value in own.settings_dict["OPTIONS"].items()
            if option != "pool"
        }
        before = connections["default"]
        changed = {
            "SECRET_KEY": (site.var / "secret_key").read_text().strip(),
            "VAR_DIR": site.var,
            "MEDIA_ROOT": site.var / "media",
            "PASSWORD_HASHERS": _settings_made()["PASSWORD_HASHERS"],
        }
        with django_db_blocker.unblock(), override_settings(**changed):
            connections["default"] = own
            try:
                yield
            finally:
                own.close()
                connections["default"] = before

    return _inside


@pytest.fixture(scope="session")
def cookie_of(inside):
    """Make a person on a site, and return the cookie of their session as a browser takes it."""

    def _cookie_of(site, name: str, *, superuser: bool = False) -> dict:
        from tools.sessions import begin

        with inside(site):
            key = begin(name, superuser=superuser)
        return {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": site.url}

    return _cookie_of


@pytest.fixture(scope="session")
def chromium():
    """A started Chromium; each test takes a `new_context()` or `new_page()` from it."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=15_000)  # on a machine with much to do
    if not (path := os.environ.get("POCKET_CHROMIUM")):
        pytest.fail("No Chromium: run `make test`, or set POCKET_CHROMIUM to its path.")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps a loop in this thread, beside which a test may use the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS + root)
        yield browser
        browser.close()


# --- The front door -----------------------------------------------------------------------------


@dataclass
class Answer:
    """What came out of the front door; `answer["ETag"]` is a header, None where there is none."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __getitem__(self, name: str) -> str | None:
        return next((v for n, v in self.headers if n.lower() == name.lower()), None)

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def title(self) -> str:
        return unescape(re.search(r"<title>(.*?)</title>", self.text)[1])


@contextmanager
def connections_kept():
    """Django closes connections around a request; a test's holds its transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


class Door:
    """A client that knocks where gunicorn does, so that nothing in front of Django is left out."""

    def __init__(self, app):
        self.app = app

    def __call__(self, path="/", method="GET", *, headers=None, body=b"", **environ) -> Answer:
        """Ask as a stranger would; `environ` sets (or, with None, removes) what gunicorn would."""
        path, _, query = path.partition("?")
        asked = {
            "REQUEST_METHOD": method,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "REMOTE_ADDR": "203.0.113.9",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1:8000",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        if body:
            asked["CONTENT_LENGTH"] = str(len(body))
        for name, value in (headers or {}).items():
            asked[f"HTTP_{name.upper().replace('-', '_')}"] = value
        asked |= environ
        told: list = []

        def start_response(status, headers, exc_info=None):
            told[:] = [status, headers]

        with connections_kept():
            answer = self.app({n: v for n, v in asked.items() if v is not None}, start_response)
            try:
                content = b"".join(answer)
            finally:
                answer.close()
        answered = Answer(int(told[0][:3]), told[1], content)
        if method == "HEAD":
            answered.body = b""  # as gunicorn does
        elif (length := answered["Content-Length"]) and answered.status != 304:
            assert int(length) == len(content), "readers would wait for the rest"
        return answered


@pytest.fixture(scope="session")
def collected(tmp_path_factory):
    """All static files as `make run` collects them: hashed, compressed, in one stylesheet."""
    from django.core.management import call_command

    folder = tmp_path_factory.mktemp("static")
    rarely = ("js", "svg", "png", "txt", "woff2")  # stylesheets are enough to see packing work
    with override_settings(
        STATIC_ROOT=folder, STORAGES=hashed_storages(), WHITENOISE_SKIP_COMPRESS_EXTENSIONS=rarely
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", _files_read_once({}))
        yield folder


def _files_read_once(known: dict):
    """Stand in for WhiteNoise's walk over a folder, which each of 500 doors would begin anew."""
    walk = WhiteNoise.update_files_dictionary

    def update_files_dictionary(self, root, prefix):
        key = (root, prefix, self.max_age, self.allow_all_origins, self.charset)
        if key not in known:
            walk(self, root, prefix)
            known[key] = dict(self.files)
        self.files.update(known[key])

    return update_files_dictionary


def hashed_storages() -> dict:
    return {**settings.STORAGES, "staticfiles": {"BACKEND": "pocket.web.staticfiles.HashedStorage"}}


def settings_with(**environ: str) -> dict:
    """What pocket/settings.py makes of these variables, as far as they change anything."""
    with pytest.MonkeyPatch.context() as patch:
        plain = _settings_made()
        for name, value in environ.items():
            patch.setenv(name, value)
        changed = _settings_made() if environ else plain
    names = [name for name in changed if name.isupper() and changed[name] != plain.get(name)]
    return {name: changed[name] for name in (*names, "ALLOWED_HOSTS")}


def _settings_made() -> dict:
    path = Path(settings.BASE_DIR, "pocket", "settings.py")
    made = {"__file__": str(path), "__name__": "settings_made"}
    exec(_compiled(path), made)
    return made


@cache
def _compiled(path: Path):
    return compile(path.read_text(), path, "exec")


def forget() -> None:
    """Empty everything that a process keeps of its settings and of pages."""
    from pocket.web import fragments, generation, pagecache, staticfiles
    from pocket.web.security import fixed_headers

    reset_loaders()  # templates hold the names of the collected files
    pagecache.parts.clear()
    fragments.shelf.clear()
    generation._seen.clear()
    for kept in (fixed_headers, pagecache._is_ours, pagecache._language, staticfiles._digest_once):
        kept.cache_clear()


@pytest.fixture(scope="session")
def atlas_keeper():
    """One atlas for all tests that only read; it is read anew where the generation is another."""
    from states.atlas import _Keeper

    return _Keeper()


@pytest.fixture
def kept(states_loaded, settings, monkeypatch, atlas_keeper):
    """Keep the atlas between tests that only read the states, as a running site does."""
    from pocket.web import generation
    from states import atlas

    settings.KEEP_ATLAS = True
    monkeypatch.setattr(atlas, "_keeper", atlas_keeper)
    monkeypatch.setattr(generation, "AGE", 3600)  # asking is no page's own cost


@pytest.fixture
def make_door(request, tmp_path, collected, monkeypatch, atlas_keeper):
    """Compose the front door as pocket/wsgi.py does, under the environment that is handed in.

    The page cache is on; the generation is this test's own and is not asked for each second.
    The facts are read once for all doors, as a test changes them on paths of their own.
    """
    from pocket.web import generation
    from states import atlas

    overridden = request.getfixturevalue("settings")
    monkeypatch.setattr(generation, "AGE", 3600)
    monkeypatch.setattr(atlas, "_keeper", atlas_keeper)
    before: dict = {}  # so that a second door of one test begins like the first

    def _make_door(**environ: str) -> Door:
        from django.core.handlers.wsgi import WSGIHandler

        from pocket import wsgi

        changed = settings_with(**environ) | {
            "PAGE_CACHE": True,
            "KEEP_ATLAS": True,
            "VAR_DIR": tmp_path,
            "STATIC_ROOT": collected,
            "STORAGES": hashed_storages(),
        }
        for name, value in {**before, **changed}.items():
            before.setdefault(name, getattr(overridden, name, None))
            setattr(overridden, name, value)
        forget()
        return Door(wsgi.front_door(WSGIHandler()))

    yield _make_door
    forget()


@pytest.fixture
def door(make_door):
    return make_door()


@pytest.fixture
def https_door(make_door):
    """The door behind one proxy that ends https; see SECURE."""
    return make_door(SITE_URL="https://pocket.example", TRUSTED_PROXIES="1")


SECURE = {"Host": "pocket.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
