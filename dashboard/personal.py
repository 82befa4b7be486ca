"""What the desk keeps for a person, for the export; it goes with the account by itself."""

from django.utils.translation import gettext_lazy as _

from dashboard.models import SavedView

WORDS = {"views": _("filters of lists at the staff's desk that you kept")}


def of(person) -> dict:
    kept = SavedView.objects.filter(person=person).order_by("desk_list", "name")
    return {"views": list(kept.values("desk_list", "name", "query"))}
