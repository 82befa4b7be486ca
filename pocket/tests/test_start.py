"""What the settings take, and what stops the start with one clear line."""

import itertools
import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tools.serving import HERE, environment_with, setting_names

SHOW = "from pocket import settings as s; import json; print(json.dumps({}, default=str))"


def start(var, code="import pocket.settings", **settings):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=HERE,
        env=environment_with(VAR_DIR=str(var), **settings),
        capture_output=True,
        text=True,
    )


def setting(var, name, **settings):
    done = start(var, f"from pocket import settings; print(repr(settings.{name}))", **settings)
    assert done.returncode == 0, done.stderr
    return eval(done.stdout)


WRONG = [
    ("WEB_CONCURRENCY", "many", "whole number"),
    ("DEBUG", "perhaps", "True or False"),
    ("PORT", "80a", "whole number from 1 to 65535"),
    ("PORT", "0", "whole number"),
    ("PORT", "70000", "whole number"),
    ("SITE_URL", "pocket.example", "must begin with http:, https:"),
    ("SITE_URL", "https://", "must look like"),
    ("SITE_URL", "https://pocket.example/path", "must look like"),
    ("SITE_URL", "https://pocket.example:99999", "cannot be understood"),
    ("SITE_URL", "https://[::1", "cannot be understood"),
    ("SITE_URL", "https://name@pocket.example", "must look like"),
    ("ALLOWED_HOSTS", "*", "exact host names"),
    ("ALLOWED_HOSTS", "https://pocket.example", "exact host names"),
    ("ALLOWED_HOSTS", "pocket.example:443", "exact host names"),
    ("ALLOWED_HOSTS", ".pocket.example", "exact host names"),
    ("CSRF_TRUSTED_ORIGINS", "https://", "addresses as https://pocket.example"),
    ("SECURITY_CONTACT", "nonsense", "must begin with mailto:"),
    ("CSRF_TRUSTED_ORIGINS", "pocket.example", "addresses as https://pocket.example"),
    ("SECRET_KEY", "short", "at least 50 characters"),
    ("SECRET_KEY", "a" * 60, "at least 50 characters"),
    ("TRUSTED_PROXIES", "-1", "whole number"),
    ("TRUSTED_PROXIES", "some", "whole number"),
    ("WEB_THREADS", "0", "whole number"),
    ("DATABASE_POOLER", "2", "True or False"),
    ("DATABASE_URL", "x", "must begin with postgres:, postgresql:, sqlite:"),
    ("DATABASE_URL", "mysql://host/name", "must begin with"),
    ("DATABASE_URL", "postgres://host:port/name", "cannot be understood"),
    ("DATABASE_URL", "postgres://host", "must name a database"),
    ("DATABASE_URL", "sqlite://:memory:", "cannot be understood"),
    ("DATABASE_URL", "sqlite://", "must name a"),
    ("CACHE_URL", "x", "must begin with redis:, rediss:, unix:"),
    ("CACHE_URL", "redis://", "must look like"),
    ("CACHE_URL", "redis://host:port", "cannot be understood"),
    ("EMAIL_URL", "x", "EMAIL_URL"),
    ("LOG_LEVEL", "loud", "DEBUG, INFO, WARNING or ERROR"),
    ("SENTRY_DSN", "x", "SENTRY_DSN"),
]


@pytest.mark.parametrize(("name", "value", "word"), WRONG)
def test_a_wrong_value_stops_the_start_with_one_clear_line(tmp_path, name, value, word):
    done = start(tmp_path, **{name: value})

    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(r"Pocket cannot start: [^\n]+\n", done.stderr), done.stderr
    assert name in done.stderr
    assert word in done.stderr


def test_a_wrong_value_of_hsts_stops_the_start(tmp_path):
    done = start(tmp_path, SITE_URL="https://pocket.example", HSTS_SECONDS="long")

    assert done.stderr.startswith("Pocket cannot start: HSTS_SECONDS")


def test_no_line_shows_a_password(tmp_path):
    for name in ("DATABASE_URL", "CACHE_URL"):
        done = start(tmp_path, **{name: "ftp://pocket:sesame@host:x/1"})
        assert "sesame" not in done.stderr


def test_the_address_follows_the_port(tmp_path):
    assert setting(tmp_path, "SITE_URL", PORT="8011") == "http://127.0.0.1:8011"
    assert setting(tmp_path, "SITE_URL", PORT="8011", SITE_URL="http://a.example") == (
        "http://a.example"
    )


def test_only_the_sites_own_host_and_loopback_are_answered(tmp_path):
    hosts = setting(tmp_path, "ALLOWED_HOSTS", SITE_URL="https://pocket.example")
    assert hosts == ["pocket.example", "127.0.0.1", "localhost", "[::1]"]


# --- Database and cache -------------------------------------------------------------------------


def test_a_postgres_address_keeps_its_password_and_sslmode(tmp_path):
    url = "postgres://pocket:p%40ss%2Fw%3Ard%25@db.example:6432/facts?sslmode=require"
    database = setting(tmp_path, "DATABASES['default']", DATABASE_URL=url)

    assert database["PASSWORD"] == "p@ss/w:rd%"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", 6432, "facts")
    assert database["OPTIONS"]["sslmode"] == "require"
    assert database["OPTIONS"]["connect_timeout"] == 3
    assert database["OPTIONS"]["pool"]["max_size"] == 5
    assert "statement_timeout=5s" in database["OPTIONS"]["options"]


def test_behind_a_pooler_nothing_is_kept_in_the_session(tmp_path):
    url = "postgresql://pocket:secret@pooler.example/facts?sslmode=require"
    database = setting(tmp_path, "DATABASES['default']", DATABASE_URL=url, DATABASE_POOLER="True")

    assert database["DISABLE_SERVER_SIDE_CURSORS"] is True
    assert database["OPTIONS"] == {"sslmode": "require", "connect_timeout": 3}


def test_a_cache_address_means_redis_with_short_patience(tmp_path):
    cache = setting(
        tmp_path, "CACHES['default']", CACHE_URL="rediss://pocket:secret@cache.example:6380/2"
    )

    assert cache["BACKEND"] == "pocket.web.caches.SteadyRedis"
    assert cache["OPTIONS"] == {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}


def test_the_pragmas_are_in_force(tmp_path):
    done = start(
        tmp_path,
        "import django, os; os.environ['DJANGO_SETTINGS_MODULE'] = 'pocket.settings';"
        "django.setup(); from django.db import connection as c; k = c.cursor();"
        "print({p: k.execute('PRAGMA ' + p).fetchone()[0] for p in"
        " ('journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout', 'mmap_size')},"
        " c.transaction_mode)",
    )

    assert done.stdout.strip() == (
        "{'journal_mode': 'wal', 'synchronous': 2, 'foreign_keys': 1, 'busy_timeout': 20000,"
        " 'mmap_size': 0} IMMEDIATE"
    ), done.stderr


# --- Secret key and folder ----------------------------------------------------------------------


def test_eight_processes_starting_together_agree_on_one_secret_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: setting(tmp_path, "SECRET_KEY"), range(8)))

    assert len(keys) == 1
    key = tmp_path / "secret_key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_an_empty_secret_file_stops_the_start(tmp_path):
    (tmp_path / "secret_key").touch()
    done = start(tmp_path)

    assert re.fullmatch(r"Pocket cannot start: [^\n]*secret_key[^\n]*\n", done.stderr)


def test_an_unreadable_secret_file_stops_the_start(tmp_path):
    (tmp_path / "secret_key").mkdir()
    done = start(tmp_path)

    assert re.fullmatch(r"Pocket cannot start: [^\n]*secret_key[^\n]*\n", done.stderr)


def test_a_var_dir_that_cannot_be_written_stops_the_start(tmp_path):
    (tmp_path / "file").touch()
    done = start(tmp_path / "file")
    assert re.fullmatch(r"Pocket cannot start: VAR_DIR [^\n]+\n", done.stderr)

    done = start("/proc/pocket")
    assert re.fullmatch(r"Pocket cannot start: VAR_DIR [^\n]+\n", done.stderr)


# --- The list of variables ----------------------------------------------------------------------


def test_env_example_names_exactly_what_is_read():
    settings = (HERE / "pocket" / "settings.py").read_text()
    gunicorn = (HERE / "gunicorn.conf.py").read_text()
    read = set(re.findall(r'\b(?:text|flag|number|listing|web_address)\(\s*"([A-Z_]+)"', settings))
    read |= set(re.findall(r'(?:number|ENVIRON\.get)\(\s*"([A-Z_]+)"', gunicorn))
    read |= set(re.findall(r"\$\$\{([A-Z_]+)", (HERE / "Makefile").read_text()))

    assert len(setting_names()) == len(set(setting_names()))
    assert set(setting_names()) == read


def test_env_example_explains_each_variable():
    lines = (HERE / ".env.example").read_text().splitlines()
    for before, line in itertools.pairwise(lines):
        if re.match(r"# [A-Z_]+=", line) and not re.match(r"# [A-Z_]+=", before):
            assert re.match(r"# \w.{20,}", before), line


def test_env_example_works_when_every_line_is_used(tmp_path):
    values = dict(re.findall(r"^# ([A-Z_]+)=(.+)$", (HERE / ".env.example").read_text(), re.M))
    values["VAR_DIR"] = str(tmp_path)
    done = start(tmp_path, **{name: value for name, value in values.items() if name != "VAR_DIR"})

    assert done.returncode == 0, done.stderr
    assert os.listdir(tmp_path) == ["secret_key"]


def test_a_dollar_sign_is_part_of_the_value(tmp_path):
    key = "$" + "abcdefghij" * 6
    assert setting(tmp_path, "SECRET_KEY", SECRET_KEY=key) == key
