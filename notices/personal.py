"""What the site told a person, for the export; it goes with the account by itself."""

from notices.models import Notice


def of(person) -> dict:
    found = Notice.objects.of(person).select_related("by").order_by("made_at", "id")
    return {
        "notices": [
            {
                "kind": notice.kind,
                "line": notice.line,
                "link": notice.link,
                "made_at": notice.made_at.isoformat(),
                "read_at": notice.read_at and notice.read_at.isoformat(),
            }
            for notice in found
        ]
    }
