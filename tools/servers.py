"""A Postgres and a Redis for the time of the tests, gone without a trace afterwards.

    with postgres() as url, redis() as url: ...

Each is looked for in this order: a server that is installed; Debian's package, where we may
install it; a wheel that carries the server. When none can be had, `Missing` says so in one line.
Both listen on 127.0.0.1 only and keep their files in a folder of their own.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tools.serving import HERE, free_port

WHEELS = HERE / ".servers"


class Missing(Exception):  # noqa: N818  it is no error of ours
    """Something the tests need cannot be had on this machine."""


# --- Finding ------------------------------------------------------------------------------------


def provide(what: str, find: Callable[[], Path | None], package: str) -> Path:
    """Find a program, or install what brings it."""
    for install in (lambda: None, lambda: install_from_debian(package), install_wheels):
        install()
        if found := find():
            return found
    raise Missing(f"{what} cannot be had: not installed, no Debian package, no wheel to install.")


def install_from_debian(package: str) -> None:
    if not shutil.which("apt-get"):
        return
    command = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", package]
    if os.geteuid() != 0:
        if not shutil.which("sudo") or quiet("sudo", "-n", "true"):
            return
        command = ["sudo", "-n", *command]
    print(f"Installing Debian's {package} …", flush=True)
    # RUNLEVEL=1: the package does not start a server of its own beside ours.
    settings = ["env", "RUNLEVEL=1", "DEBIAN_FRONTEND=noninteractive"]
    where = command.index("apt-get")
    command = [*command[:where], *settings, *command[where:]]
    if quiet(*command):  # lists may be missing or old
        quiet(*command[: where + len(settings)], "apt-get", "update", "-qq")
        quiet(*command)


def install_wheels() -> None:
    """Only the binaries inside matter, so the wheels for the Python of the lock do for any."""
    print("Installing requirements-servers.txt …", flush=True)
    quiet(
        *[sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"],
        *["--target", str(WHEELS), "--upgrade", "--require-hashes", "--only-binary", ":all:"],
        *["--python-version", "3.12", "-r", str(HERE / "requirements-servers.txt")],
    )


def quiet(*command: str) -> int:
    return subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL).returncode


def newest(pattern: str, root: Path) -> Path | None:
    found = [path for path in root.glob(pattern) if os.access(path, os.X_OK)]
    return max(found, key=lambda path: [int(n) for n in path.parts if n.isdigit()], default=None)


def on_path(*names: str) -> Path | None:
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


def find_postgres() -> Path | None:
    """Return the folder with initdb and postgres in it."""
    if found := newest("*/bin/postgres", Path("/usr/lib/postgresql")) or on_path("postgres"):
        return found.resolve().parent
    if pg_config := on_path("pg_config"):
        told = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True).stdout
        folder = Path(told.strip() or "/nowhere")
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            return folder
    found = newest("**/bin/postgres", WHEELS)
    return found and found.parent


def find_redis() -> Path | None:
    return on_path("redis-server", "valkey-server") or newest("**/bin/redis-server", WHEELS)


# --- Running ------------------------------------------------------------------------------------


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    programs = provide("Postgres", find_postgres, "postgresql")
    with folder() as here:
        programs = within_reach(programs, here)
        data, password, port = here / "data", secrets.token_hex(16), free_port()
        (here / "password").write_text(password)
        give_away(here)
        run_once(
            *[programs / "initdb", "--pgdata", data, "--username=pocket", "--encoding=UTF8"],
            *["--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={here / 'password'}"],
            "--no-sync",
        )
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            # The data lives as long as the tests: what protects it from a power cut only costs.
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        url = f"postgres://pocket:{password}@127.0.0.1:{port}/postgres"
        with running(
            [programs / "postgres", "-D", data, *options],
            here / "log",
            lambda: postgres_answers(url),
            stop_with=signal.SIGINT,
        ):
            yield url


def postgres_answers(url: str) -> bool:
    import psycopg

    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url, connect_timeout=2):
        return True
    return False


@contextlib.contextmanager
def redis() -> Iterator[str]:
    program = provide("Redis", find_redis, "redis-server")
    with folder() as here:
        program = within_reach(program.parent, here) / program.name
        password, port = secrets.token_hex(16), free_port()
        give_away(here)
        options = {"bind": "127.0.0.1", "port": port, "requirepass": password, "dir": here}
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        url = f"redis://:{password}@127.0.0.1:{port}/0"
        with running(
            [program, *arguments, "--save", "", "--appendonly", "no"],
            here / "log",
            lambda: redis_answers(url),
        ):
            yield url


def redis_answers(url: str) -> bool:
    from redis import Redis, RedisError

    with contextlib.suppress(RedisError), Redis.from_url(url, socket_timeout=2) as client:
        return client.ping()
    return False


@contextlib.contextmanager
def running(
    command: list, log: Path, ready: Callable[[], bool], *, stop_with=signal.SIGTERM
) -> Iterator[None]:
    # A session of its own: Ctrl-C is for us, and we stop the server when we are done with it.
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [str(part) for part in command],
            stdout=output,
            stderr=output,
            start_new_session=True,
            cwd=log.parent,
            **unprivileged(),
        ) as process,
    ):
        try:
            end = time.monotonic() + 30
            while not ready():
                if process.poll() is not None or time.monotonic() > end:
                    lines = log.read_text(errors="replace").strip().splitlines() or ["no word"]
                    raise Missing(f"{Path(command[0]).name} does not start: {lines[-1]}")
                time.sleep(0.1)
            yield
        finally:
            process.send_signal(stop_with)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def run_once(*command) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        cwd="/",
        **unprivileged(),
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no word"]
        raise Missing(f"{Path(command[0]).name} failed: {lines[-1]}")


# --- As whom ------------------------------------------------------------------------------------


def someone() -> pwd.struct_passwd | None:
    """Return who runs the servers when we are root, which Postgres refuses to be."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise Missing("Neither a user postgres nor nobody is there to run the servers.")


def unprivileged() -> dict:
    if not (person := someone()):
        return {}
    return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="pocket-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def give_away(here: Path) -> None:
    if person := someone():
        os.chown(here, person.pw_uid, person.pw_gid)
        for path in here.iterdir():
            os.chown(path, person.pw_uid, person.pw_gid)


def within_reach(programs: Path, here: Path) -> Path:
    """Copy programs from a folder that only root may enter, such as root's home."""
    if not someone() or not programs.is_relative_to(WHEELS):
        return programs
    # All of it: the programs find their libraries in folders beside theirs.
    shutil.copytree(WHEELS, here / "programs", symlinks=True)
    return here / "programs" / programs.relative_to(WHEELS)
