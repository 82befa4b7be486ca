from django.tasks import task

from dashboard import counting


@task
def count_days() -> None:
    counting.count_days()
