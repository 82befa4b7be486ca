"""The worker of the queue beside the real site: it begins, is replaced and ends with it."""

import os
import re
import runpy
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from types import SimpleNamespace

import pytest

from tools.serving import HERE, environment_with, manage, serve


def queue_workers(master: int) -> list[int]:
    """The workers that this process started, also where it is gone."""
    mark = f"manage.py work --parent={master}"
    told = subprocess.run(["pgrep", "-f", mark], capture_output=True, text=True).stdout
    return [int(line) for line in told.split()]


def within(seconds: float, look):
    end = time.monotonic() + seconds
    while not (seen := look()) and time.monotonic() < end:
        time.sleep(0.05)
    return seen


MAILS = """
from datetime import timedelta
from django.utils import timezone
from pocket.web.mail import send_mail
send_mail.enqueue("now", "", ["meera@pocket.example"])
tomorrow = timezone.now() + timedelta(days=1)
send_mail.using(run_after=tomorrow).enqueue("tomorrow", "", ["meera@pocket.example"])
"""


def make_tomorrow_today(site) -> None:
    with closing(sqlite3.connect(site.var / "pocket.sqlite3", timeout=5)) as database:
        database.execute("UPDATE django_tasks_database_dbtaskresult SET run_after = enqueued_at")
        database.commit()


def arrived(site) -> list[str]:
    texts = [file.read_text() for file in site.var.glob("mail/*")]
    return sorted(re.findall(r"^Subject: (\w+)$", "\n".join(texts), re.MULTILINE))


def test_the_worker_lives_and_ends_with_the_site(tmp_path):
    with serve(tmp_path, WEB_CONCURRENCY="1") as site:
        manage("shell", "-c", MAILS, environment=site.environment)
        assert within(5, lambda: arrived(site)) == ["now"]

        [first] = queue_workers(site.pid)
        os.kill(first, signal.SIGKILL)
        make_tomorrow_today(site)
        assert within(8, lambda: arrived(site) == ["now", "tomorrow"])
        [second] = queue_workers(site.pid)

        os.kill(site.pid, signal.SIGHUP)
        assert within(8, lambda: queue_workers(site.pid) not in ([], [second]))
        assert len(queue_workers(site.pid)) == 1
    assert queue_workers(site.pid) == []


def test_the_worker_ends_when_its_parent_was_killed(tmp_path):
    """Here below a shell, which starts faster than the site."""
    line = f"{sys.executable} manage.py work --parent=$$ & wait"
    environment = environment_with(VAR_DIR=str(tmp_path))
    with subprocess.Popen(
        ["sh", "-c", line], cwd=HERE, env=environment, stdout=subprocess.PIPE, text=True
    ) as shell:
        begins = shell.stdout.readline()
        seen = len(queue_workers(shell.pid))
        shell.kill()
        left = within(5, lambda: not queue_workers(shell.pid))
    assert ("worker of the queue begins" in begins, seen, left) == (True, 1, True)


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
