"""What the house tidies once a day; settings.DAILY_TASKS names these and those of the apps."""

from importlib import import_module

from django.conf import settings
from django.core.cache import caches
from django.core.management import call_command
from django.tasks import task


@task
def clear_sessions() -> None:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@task
def clear_cache() -> None:
    caches["spare"].clear_expired()


@task
def prune_results() -> None:
    """Remove finished tasks; for more than a day they tell what was done today (queue.py)."""
    call_command(
        "prune_db_task_results",
        queue_name="*",
        min_age_days=2,
        failed_min_age_days=14,
        verbosity=0,
    )
