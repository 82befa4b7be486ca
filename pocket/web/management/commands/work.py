"""Do what pages put into the queue, until stopped."""

from django.core.management.base import BaseCommand, CommandError
from django.tasks import task_backends
from django_tasks_db import DatabaseBackend

from pocket.web.queue import QueueWorker


class Command(BaseCommand):
    help = "Do what pages put into the queue (mail, housekeeping), until stopped."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--parent", type=int, help="end when this process is not the parent")

    def handle(self, *, parent: int | None, **options):
        if not isinstance(task_backends["default"], DatabaseBackend):
            raise CommandError("With DEBUG there is no queue: tasks are done at once.")
        QueueWorker(parent=parent).serve()
