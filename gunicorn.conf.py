"""How gunicorn serves Pocket: `make run`, or `gunicorn` where a service manager starts it.

Read again at every reload (HUP), so it neither imports the settings nor changes os.environ:
what is loaded here, the new workers would inherit as it was.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import environ

HERE = Path(__file__).resolve().parent


class Environment(environ.Env):
    ENVIRON = dict(os.environ)


Environment.read_env(HERE / ".env")


def number(name: str, default: int, *, least: int, most: int) -> int:
    value = Environment.ENVIRON.get(name, "").strip() or str(default)
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        sys.exit(
            f"Pocket cannot start: {name} must be a whole number from {least} to {most},"
            f" not {value!r}."
        )
    return int(value)


def flag(name: str, default: bool) -> bool:
    value = Environment.ENVIRON.get(name, "").strip() or str(default)
    return value.lower() in {"true", "1", "yes", "on"}


def cores() -> int:
    """The cores that we may use; not every system tells which."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def address() -> str:
    host = Environment.ENVIRON.get("HOST", "").strip() or "127.0.0.1"
    port = number("PORT", 8000, least=1, most=65535)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def on_starting(server) -> None:
    """Stop here when a setting is wrong; the workers would die and be replaced for ever."""
    if subprocess.run([sys.executable, "-c", "import pocket.settings"], cwd=HERE).returncode:
        sys.exit(1)


def when_ready(server) -> None:
    print(f"\nPocket is at http://{address()}  (Ctrl-C stops it)\n", flush=True)
    keep_queue_worker(server)


def on_reload(server) -> None:
    server.queue_keeper.end()
    keep_queue_worker(server, before=server.queue_keeper.process)


def on_exit(server) -> None:
    server.queue_keeper.stop()


def keep_queue_worker(server, before: subprocess.Popen | None = None) -> None:
    server.queue_keeper = QueueKeeper(before)
    # With DEBUG tasks are done at once, and the worker would have nothing to do.
    if flag("TASK_WORKER", True) and not flag("DEBUG", False):
        server.queue_keeper.watch()


class QueueKeeper:
    """Keeps one `manage.py work` alive, beginning when the one `before` has ended.

    By a timer: a thread in a process that forks could leave a lock closed in the new worker. And
    by a timer that rings once and is wound up again, so that it never rings into itself.
    """

    def __init__(self, before: subprocess.Popen | None) -> None:
        self.process = before
        self.start_at = 0.0
        self.pause = 1.0

    def watch(self, *_) -> None:
        signal.signal(signal.SIGALRM, self.watch)
        now = time.monotonic()
        if self.is_alive():
            if now > self.start_at + 60:
                self.pause = 1.0
        elif now >= self.start_at:
            with contextlib.suppress(OSError):  # no memory for it just now
                self.process = subprocess.Popen(  # noqa: S603 nothing of it is from outside
                    [sys.executable, "manage.py", "work", f"--parent={os.getpid()}"], cwd=HERE
                )
            # One that keeps dying is started more and more seldom.
            self.start_at = now + self.pause
            self.pause = min(self.pause * 2, 60.0)
        signal.setitimer(signal.ITIMER_REAL, 0.5)

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def end(self) -> None:
        """Ask it to finish the task at hand, and watch no more."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        if self.is_alive():
            self.process.terminate()

    def stop(self) -> None:
        """It may be sending; a mail server may take this long. The queue forgets nothing."""
        self.end()
        if self.process is not None:
            try:
                self.process.wait(8)
            except subprocess.TimeoutExpired:
                self.process.kill()


wsgi_app = "pocket.wsgi:application"
bind = address()
backlog = 1024

worker_class = "pocket.web.worker.Worker"
workers = number("WEB_CONCURRENCY", cores(), least=1, most=256)
threads = number("WEB_THREADS", 4, least=1, most=64)

# One worker per core with threads, not sync workers: answered a second on two busy cores by a bare
# view through all middleware, medians of 3 rounds at 16 connections, 3 924 with 2 x 4 threads,
# 4 138 with 2 sync, 4 052 with 4 sync: the difference is noise. Threads decide because they keep
# connections alive and one slow client holds a thread, where a sync worker would stand still.
# With threads a slow request is not cut at 30 s (the database's own limits do that); a worker
# that hangs altogether is.
timeout = 30
graceful_timeout = 30
keepalive = 5
# A worker is replaced now and then, so that no leak grows for ever; not all at the same time.
max_requests = 20_000
max_requests_jitter = 4_000
# Workers show that they live by touching a file: in memory, a busy disk does not kill them.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108

# Without preload a reload brings new code and settings too. Old workers finish what they began.
preload_app = False

# With TRUSTED_PROXIES=0 nobody's word on the scheme counts; otherwise whoever reaches us is a
# proxy of ours (the settings say the same). No proxy of ours renames paths.
forwarded_allow_ips = "*" if number("TRUSTED_PROXIES", 0, least=0, most=10) else ""
forwarder_headers = ""

control_socket_disable = True
accesslog = None  # the site writes its own line for each request
errorlog = "-"
loglevel = "warning"
proc_name = "pocket"
