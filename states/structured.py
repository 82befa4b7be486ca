"""What search engines read of a page: schema.org as JSON-LD."""

import json

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from states.atlas import Unit
from states.models import Indicator

# What could end the script element, or begin a comment in it.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def site() -> SafeString:
    home = settings.SITE_URL + reverse("states:home")
    return script(
        {
            "@type": "WebSite",
            "name": "Pocket",
            "alternateName": _("India in your pocket"),
            "url": home,
            "potentialAction": {
                "@type": "SearchAction",
                "target": f"{settings.SITE_URL}{reverse('search:results')}?q={{words}}",
                "query-input": "required name=words",
            },
        }
    )


def state(unit: Unit) -> SafeString:
    capital = unit.capital
    return script(
        {
            "@type": "AdministrativeArea",
            "name": unit.name,
            "alternateName": [
                *([unit.also_known_as] if unit.also_known_as else []),
                *(name.name for name in unit.native_names),
            ],
            "description": unit.tagline,
            "identifier": unit.code,
            "url": settings.SITE_URL + unit.get_absolute_url(),
            "containedInPlace": {"@type": "Country", "name": "India"},
            **(
                {
                    "geo": {
                        "@type": "GeoCoordinates",
                        "name": capital.name,
                        "latitude": float(capital.latitude),
                        "longitude": float(capital.longitude),
                    }
                }
                if capital
                else {}
            ),
        }
    )


def dataset(indicator: Indicator) -> SafeString:
    address = settings.SITE_URL + indicator.get_absolute_url()
    return script(
        {
            "@type": "Dataset",
            "name": _("%s, states and union territories of India") % indicator.label,
            "description": _(
                "%(label)s (%(unit)s) of the 36 states and union territories of India."
            )
            % {"label": indicator.label, "unit": indicator.unit},
            "url": address,
            "temporalCoverage": indicator.as_of,
            "spatialCoverage": "India",
            "variableMeasured": indicator.label,
            "creator": {"@type": "Organization", "name": indicator.source.publication},
            "license": indicator.source.licence,
            "distribution": [
                {
                    "@type": "DataDownload",
                    "encodingFormat": kind,
                    "contentUrl": settings.SITE_URL + reverse(name, args=[indicator.slug]),
                }
                for kind, name in (
                    ("text/csv", "states:ranking-csv"),
                    ("application/json", "states:ranking-json"),
                )
            ],
        }
    )


def script(data: dict) -> SafeString:
    """A data block: never run, so the content security policy has nothing against it."""
    text = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False)
    escaped = text.translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{escaped}</script>')  # noqa: S308
