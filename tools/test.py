"""Check everything: `make test`. Every step runs, even after one failed; the end sums up."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tools.browser import chromium
from tools.servers import Missing, postgres, redis
from tools.serving import HERE, environment_with

PYTHON = sys.executable
MANAGE = (PYTHON, "manage.py")
# Each process begins with tests that stand together, which share what is slow to make.
PYTEST = (PYTHON, "-m", "pytest", "--quiet", "--dist", "worksteal", "-n")
# Where the tests for a browser are; to look through the others as well would take seconds.
BROWSER_TESTS = sorted(str(path.relative_to(HERE)) for path in HERE.glob("*/tests/*browser*"))
# Half of the time a test waits for its browser.
BROWSERS = min(2 * (os.cpu_count() or 1), 8)
PRODUCTION = {
    "SITE_URL": "https://pocket.example",
    "TRUSTED_PROXIES": "1",
    "DATABASE_URL": "postgres://pocket:secret@db.example/pocket",
    "CACHE_URL": "redis://pocket:secret@cache.example:6379/0",
    "EMAIL_URL": "smtp+tls://pocket:secret@mail.example:587",
}


class Checks:
    def __init__(self):
        self.results: list[tuple[str, bool, str]] = []

    def run(self, title: str, *command: str, **settings: str) -> None:
        print(f"\n== {title}", flush=True)
        began = time.monotonic()
        last = ""
        with subprocess.Popen(
            command,
            cwd=HERE,
            env=environment_with(**settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            for line in process.stdout:
                print(line, end="", flush=True)
                last = line.strip() or last
        took = f"{time.monotonic() - began:.0f} s"
        word = last.strip("= ") if "pytest" in command else took
        self.results.append((title, process.returncode == 0, word))

    def summary(self) -> str:
        marks = {True: "ok    ", False: "FAILED"}
        return "\n".join(f"{marks[ok]} {title}: {word}" for title, ok, word in self.results)


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped
    began = time.monotonic()
    checks = Checks()
    with contextlib.ExitStack() as until_the_end:
        var = until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="pocket-"))
        browser = str(chromium())
        postgres_url = until_the_end.enter_context(postgres())
        redis_url = until_the_end.enter_context(redis())
        prepared = Path(until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="pocket-")))
        tools = {
            "VAR_DIR": var,
            "POCKET_REDIS": redis_url,
            "POCKET_CHROMIUM": browser,
            "POCKET_PREPARED": str(prepared),
            "PYTHONDONTWRITEBYTECODE": "",  # a hundred processes would compile everything anew
        }

        checks.run("lint", PYTHON, "-m", "ruff", "check", ".")
        checks.run("format", PYTHON, "-m", "ruff", "format", "--check", ".")
        checks.run("migrations", *MANAGE, "makemigrations", "--check", "--dry-run", VAR_DIR=var)
        checks.run(
            "production settings",
            *[*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
            **{"VAR_DIR": var, **PRODUCTION},
        )
        checks.run("a start", *[*MANAGE, "prepare"], VAR_DIR=str(prepared))
        checks.run("tests on SQLite", *PYTEST, "auto", "-m", "not browser", **tools)
        checks.run(
            "tests on Postgres",
            *[*PYTEST, "auto", "-m", "not browser", "--database-only"],
            **{**tools, "DATABASE_URL": postgres_url},
        )
        checks.run(
            "tests in Chromium",
            *[*PYTEST, str(BROWSERS), "-m", "browser", *BROWSER_TESTS],
            **tools,
        )

    print(f"\n== all checks, {time.monotonic() - began:.0f} s\n{checks.summary()}", flush=True)
    return 0 if all(ok for _, ok, _ in checks.results) else 1


if __name__ == "__main__":
    os.chdir(HERE)
    try:
        sys.exit(main())
    except Missing as problem:
        sys.exit(f"make test cannot run: {problem}")
    except KeyboardInterrupt:
        sys.exit("Stopped.")
