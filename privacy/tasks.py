from django.tasks import task

from privacy import erasing
from privacy.models import Export, tidy_exports


@task
def erase_leavers() -> None:
    erasing.erase_due()


@task
def make_export(key: str) -> None:
    export = Export.objects.select_related("person").filter(pk=key).first()
    if export:  # the person may be gone
        export.make()


@task
def sweep_exports() -> None:
    tidy_exports()
