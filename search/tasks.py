from django.tasks import task

from search import missed


@task
def forget_missed() -> None:
    missed.forget_old()
