"""What the site told a person, for the export; it goes with the account by itself."""

from django.utils.translation import gettext_lazy as _

from notices.models import Notice

WORDS = {"notices": _("what the site told you, such as of replies to your comments")}


def of(person) -> dict:
    """Return of what kind and about what; the words of a notice may name somebody else."""
    found = Notice.objects.of(person).order_by("made_at", "id")
    return {
        "notices": [
            {
                "kind": notice.kind,
                "link": notice.link,
                "made_at": notice.made_at.isoformat(),
                "read_at": notice.read_at and notice.read_at.isoformat(),
            }
            for notice in found
        ]
    }
