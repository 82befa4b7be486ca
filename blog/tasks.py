from django.tasks import task

from blog import clearing, transfer


@task
def empty_bin() -> None:
    clearing.empty_bin()


@task
def drop_forgotten_images() -> None:
    clearing.drop_forgotten_images()


@task
def drop_old_imports() -> None:
    transfer.drop_old()
