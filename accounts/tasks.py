from django.tasks import task

from accounts.former import FormerName


@task
def forget_former_names() -> None:
    FormerName.objects.expired().delete()
