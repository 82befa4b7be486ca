from django.core.exceptions import ValidationError
from django.db import transaction

from once.forms import OnceForm
from once.models import AlreadySpentError, spend
from privacy import tasks
from privacy.models import Export


class ExportForm(OnceForm):
    def ask(self, *, by) -> bool:
        """Begin an export, or say on the form why not. The form sent again begins no second one."""
        try:
            with transaction.atomic():
                spend(self.cleaned_data["once"])
                export = Export.objects.ask(by)
                tasks.make_export.enqueue(str(export.pk))
        except AlreadySpentError:
            return True
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return False
        return True
