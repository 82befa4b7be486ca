"""What this app itself holds of a person."""

from django.utils.translation import gettext_lazy as _

from privacy.models import Export, drop_exports

WORDS = {"exports": _("the times that you asked for a file like this one")}


def of(person) -> dict:
    return {
        "exports": [
            {
                "asked_at": export.asked_at.isoformat(),
                "ready_at": export.ready_at and export.ready_at.isoformat(),
                "expires_at": export.expires_at and export.expires_at.isoformat(),
                "size_in_bytes": export.size,
                "failed_at": export.failed_at and export.failed_at.isoformat(),
            }
            for export in Export.objects.of(person).newest()
        ]
    }


def erase(person, *, keeps_words: bool) -> None:
    drop_exports(person)
