"""The worker of the queue: `manage.py work`, which gunicorn.conf.py starts beside the site.

It looks for work once a second with one read by an index: 0.4 ms on SQLite. The library's own loop
opens an exclusive transaction each time, 1.4 ms in the line of those who write; here that happens
only where there is something to claim. Several workers do not take the same task.

A task takes less than five minutes and may be done twice: what a worker began and did not finish
by then is done again, as the worker was probably killed.
"""

import contextlib
import logging
import os
import select
import signal
import socket
import time
from datetime import timedelta

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.tasks import DEFAULT_TASK_BACKEND_ALIAS, TaskResultStatus
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.module_loading import import_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from pocket.web.mail import send_mail

log = logging.getLogger("pocket.web.queue")

LOOK = 1.0  # seconds from one look for work to the next
TIDY = 60.0
STRANDED = timedelta(minutes=5)
MOST_STARTS = 3
DAY = timedelta(days=1)
EMPTY = {"args": [], "kwargs": {}}
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP)


class QueueWorker(Worker):
    """`serve` works until it is stopped; `run` does what there is, and returns."""

    def __init__(self, *, parent: int | None = None) -> None:
        super().__init__(
            queue_names=["*"],
            interval=0.1,
            batch=True,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{socket.gethostname()[:40]}-{os.getpid()}-{get_random_string(8)}",
            excluded_queue_names=[],
        )
        self.parent = parent
        self.tidy_at = 0.0
        self.is_away = False

    def serve(self) -> None:
        waking = self.listen_for_signals()
        log.info("The worker of the queue begins.")
        while self.is_wanted():
            self.look()
            if self.is_wanted():
                select.select([waking], [], [], LOOK)
        log.info("The worker of the queue ends.")

    def is_wanted(self) -> bool:
        """Not once whoever started it is gone, even without having been able to say so."""
        return self.running and self.parent in (None, os.getppid())

    def listen_for_signals(self) -> int:
        """Finish the task at hand and end; a pause ends at once, through what this returns."""
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        signal.set_wakeup_fd(writing)
        for number in STOPPING:
            signal.signal(number, lambda *_: setattr(self, "running", False))
        return reading

    def look(self) -> None:
        try:
            close_old_connections()
            self.tidy()
            if DBTaskResult.objects.ready().filter(backend_name=self.backend_name).exists():
                self.run()
            self.is_away = False
        except Error as problem:  # in the next second the database may be there again
            if not self.is_away:
                reason = type(problem).__name__
                log.error("The queue cannot be read.", extra={"fields": {"reason": reason}})
            self.is_away = True
            with contextlib.suppress(
                Error
            ):  # it may be broken already; the next look opens another
                connection.close()

    def tidy(self) -> None:
        if time.monotonic() >= self.tidy_at:
            take_up_stranded()
            enqueue_daily()
            self.tidy_at = time.monotonic() + TIDY

    def run_task(self, row: DBTaskResult) -> None:
        super().run_task(row)
        forget_mails(pk=row.pk)
        self.running = self.is_wanted()


def forget_mails(**which) -> None:
    """Empty the rows of mails that left or never will; what they held may open an account."""
    done = DBTaskResult.objects.finished().filter(task_path=send_mail.module_path, **which)
    done.update(args_kwargs=EMPTY)


def take_up_stranded() -> None:
    """Offer again what a worker began and never finished; give up what ended several of them."""
    now = timezone.now()
    for row in DBTaskResult.objects.running().filter(started_at__lt=now - STRANDED):
        as_seen = DBTaskResult.objects.running().filter(pk=row.pk, started_at=row.started_at)
        if len(row.worker_ids) < MOST_STARTS:
            as_seen.update(status=TaskResultStatus.READY)
        elif as_seen.update(
            status=TaskResultStatus.FAILED,
            finished_at=now,
            exception_class_path="builtins.TimeoutError",
        ):
            forget_mails(pk=row.pk)
            log.error("A task was given up.", extra={"fields": {"task": row.task_path}})


def enqueue_daily() -> None:
    """Put into the queue what nobody put there within a day. Two workers may both do: no harm."""
    lately = DBTaskResult.objects.filter(
        task_path__in=settings.DAILY_TASKS, enqueued_at__gt=timezone.now() - DAY
    )
    done = set(lately.values_list("task_path", flat=True))
    for path in settings.DAILY_TASKS:
        if path not in done:
            import_string(path).enqueue()
