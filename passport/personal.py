"""A person's passport as plain data, for the export of everything of theirs."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from passport.models import Passport, Stamp

WORDS = {
    "stamps": _("the states that you visited and wish for, with year and note"),
    "sharing": _("whether others may see your passport, and the link"),
}


def of(person) -> dict:
    """Return the stamps by the state's name, and the sharing; times in ISO 8601."""
    passport = Passport.objects.of(person)
    stamps = Stamp.objects.of(person).select_related("state").order_by("state__name")
    return {
        "stamps": [
            {
                "state": stamp.state.slug,
                "name": stamp.state.name,
                "kind": stamp.kind,
                "year": stamp.year,
                "note": stamp.note,
                "made_at": stamp.made_at.isoformat(),
                "changed_at": stamp.changed_at.isoformat(),
            }
            for stamp in stamps
        ],
        "sharing": {
            "is_shared": passport.is_shared,
            "with_notes": passport.with_notes,
            "link": passport.address if passport.is_shared else None,
        },
    }


def losses(person) -> list[str]:
    stamps = Stamp.objects.of(person).count()
    words = ngettext(
        "Your passport with its one stamp.", "Your passport with its %(count)s stamps.", stamps
    )
    return [words % {"count": stamps}] if stamps else []
