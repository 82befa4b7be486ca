from django.tasks import task

from notices.models import Notice


@task
def forget_old_notices() -> None:
    Notice.objects.outdated().delete()
