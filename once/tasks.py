from django.tasks import task

from once import models


@task
def forget_old_keys() -> None:
    models.forget_old()
