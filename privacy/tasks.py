from django.tasks import task

from privacy import erasing


@task
def erase_leavers() -> None:
    erasing.erase_due()
