"""Start the site as `make run` does, beside whatever else runs: for tests and the bench."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


SIGN_IN = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
people = get_user_model().objects
user = people.{maker}("{name}", "{name}@pocket.example")
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session.create()
print("cookie", settings.SESSION_COOKIE_NAME, session.session_key)
"""


class ServingError(Exception):
    """The site did not start; the message says what it wrote."""


@dataclass(frozen=True)
class Site:
    port: int
    pid: int  # of gunicorn's master: HUP reloads, TERM stops
    var: Path
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def serve(var: Path, *arguments: str, prepare: bool = True, **settings: str) -> Iterator[Site]:
    """Serve from the folder `var` with these settings and gunicorn arguments, then stop."""
    port = free_port()
    environment = environment_with(VAR_DIR=str(var), PORT=str(port), **settings)
    if prepare:
        if ready := os.environ.get("POCKET_PREPARED"):  # `make test` prepares once for all
            shutil.copytree(ready, var, dirs_exist_ok=True)
        manage("prepare", environment=environment)
    log = var / "gunicorn.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *arguments],
            cwd=HERE,
            env=environment,
            stdout=output,
            stderr=output,
        ) as process,
    ):
        try:
            wait_until_open(port, process, log)
            yield Site(port, process.pid, var, environment)
        finally:
            stop(process)


def environment_with(**settings: str) -> dict[str, str]:
    """The environment without what it, or a .env file, says about the site, and then `settings`."""
    environment = {**os.environ, **dict.fromkeys(setting_names(), ""), **settings}
    if not environment["WEB_CONCURRENCY"]:  # gunicorn reads it by itself, and cannot read nothing
        del environment["WEB_CONCURRENCY"]
    return environment


def setting_names() -> list[str]:
    return re.findall(r"^#?\s?([A-Z_]+)=", (HERE / ".env.example").read_text(), re.MULTILINE)


def manage(*arguments: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=HERE,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise ServingError(f"manage.py {' '.join(arguments)}: {done.stdout}{done.stderr}")
    return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_open(port: int, process: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        if answers(port):
            return
        time.sleep(0.05)
    raise ServingError(f"The site does not answer: {log.read_text(errors='replace')}")


def answers(port: int) -> bool:
    """Whether a worker answers; the master alone only holds the port open."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as client:
        client.sendall(b"GET /health/ HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        return client.recv(5) == b"HTTP/"
    return False


def stop(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()


def signed_in(
    environment: dict[str, str], name: str, *, superuser: bool = False
) -> tuple[str, str]:
    """Make a person with a session, and return the name and the value of its cookie."""
    return all_signed_in(environment, [name], superuser=superuser)[name]


def all_signed_in(
    environment: dict[str, str], names: list[str], *, superuser: bool = False
) -> dict[str, tuple[str, str]]:
    """The same for several people, for the price of one."""
    maker = "create_superuser" if superuser else "create_user"
    script = "".join(SIGN_IN.format(name=name, maker=maker) for name in names)
    told = manage("shell", "-c", script, environment=environment)
    cookies = re.findall(r"^cookie (\S+) (\S+)$", told, re.MULTILINE)
    return dict(zip(names, cookies, strict=True))
