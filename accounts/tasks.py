from django.tasks import task

from accounts import unverified
from accounts.former import FormerName


@task
def forget_former_names() -> None:
    FormerName.objects.expired().delete()


@task
def forget_unverified() -> None:
    unverified.forget_overdue()
