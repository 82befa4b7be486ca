"""The worker of the queue beside the real site: it begins, is replaced and ends with it."""

import os
import runpy
import signal
import subprocess
import time
from types import SimpleNamespace

import pytest

from tools.serving import HERE, manage, serve


def queue_workers(master: int | None = None) -> list[int]:
    """The workers that this master has, or that had it and are left over."""
    mark = f"manage.py work --parent={master}"
    told = subprocess.run(["pgrep", "-f", mark], capture_output=True, text=True).stdout
    return [int(line) for line in told.split()]


def within(seconds: float, look):
    end = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < end:
        time.sleep(0.05)
    return seen


def leave_mail(site, subject: str) -> None:
    words = (
        f"from pocket.web.mail import send_mail; send_mail.enqueue('{subject}', 'x', ['a@b.co'])"
    )
    manage("shell", "-c", words, environment=site.environment)


def arrived(site, subject: str) -> bool:
    return any(f"Subject: {subject}\n" in file.read_text() for file in site.var.glob("mail/*"))


def test_the_worker_lives_and_ends_with_the_site(tmp_path):
    with serve(tmp_path, WEB_CONCURRENCY="1") as site:
        leave_mail(site, "one")
        assert within(5, lambda: arrived(site, "one"))

        [first] = queue_workers(site.pid)
        os.kill(first, signal.SIGKILL)
        leave_mail(site, "two")
        assert within(5, lambda: arrived(site, "two"))
        [second] = queue_workers(site.pid)
        assert second != first

        os.kill(site.pid, signal.SIGHUP)
        assert within(5, lambda: queue_workers(site.pid) not in ([], [second]))
        assert len(queue_workers(site.pid)) == 1
    assert queue_workers(site.pid) == []

    with serve(tmp_path, prepare=False, WEB_CONCURRENCY="1") as site:
        assert within(5, lambda: queue_workers(site.pid))
        os.kill(site.pid, signal.SIGKILL)
        assert within(5, lambda: not queue_workers(site.pid))


# --- The keeper in gunicorn.conf.py -------------------------------------------------------------


@pytest.fixture
def conf(monkeypatch):
    """The names in gunicorn.conf.py, where nothing is started and no timer runs."""

    def _conf(**environ: str):
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        started = []

        class Popen:
            def __init__(self, *args, **options):
                started.append(self)
                self.is_over = False

            def poll(self):
                return 0 if self.is_over else None

            def terminate(self):
                self.is_over = True

        monkeypatch.setattr(subprocess, "Popen", Popen)
        monkeypatch.setattr(signal, "signal", lambda *_: None)
        monkeypatch.setattr(signal, "setitimer", lambda *_: None)
        names = runpy.run_path(str(HERE / "gunicorn.conf.py"))
        return SimpleNamespace(**names), started

    return _conf


@pytest.mark.parametrize("switch", [{"TASK_WORKER": "False"}, {"DEBUG": "True"}])
def test_the_worker_can_be_left_to_somebody_else(conf, switch):
    names, started = conf(**switch)
    server = SimpleNamespace()
    names.when_ready(server)
    names.on_reload(server)
    names.on_exit(server)

    assert started == []


def test_a_worker_that_keeps_dying_is_started_more_and_more_seldom(conf, monkeypatch):
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    names, started = conf()
    keeper = names.QueueKeeper(None)
    begun = []
    while now < 130:
        before = len(started)
        keeper.watch()
        if len(started) > before:
            begun.append(now - 100)
            started[-1].is_over = True
        now += 0.5

    assert begun == [0, 1, 3, 7, 15]


def test_a_reload_waits_for_the_old_worker(conf):
    names, started = conf()
    server = SimpleNamespace()
    names.when_ready(server)
    started[0].terminate = lambda: None  # it is sending just now
    names.on_reload(server)
    assert len(started) == 1

    started[0].is_over = True
    server.queue_keeper.watch()
    assert len(started) == 2
