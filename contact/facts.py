"""The figure that a message says is wrong, as its reader saw it."""

from states import wording
from states.atlas import Atlas


def fact_called(name: str, india: Atlas) -> dict | None:
    """What the site says of "kerala.literacy-rate-2011" now, as plain data; None if nothing."""
    slug, _, indicator_slug = name.partition(".")
    unit, indicator = india.by_slug.get(slug), india.indicator(indicator_slug)
    if unit is None or indicator is None:
        return None
    value = unit.values.get(indicator.slug)
    return {
        "state": unit.slug,
        "state_name": unit.name,
        "indicator": indicator.slug,
        "label": indicator.label,
        "year": indicator.year,
        "source": indicator.source.publication,
        "value": None if value is None else str(value),
        "shown": "" if value is None else str(wording.with_unit(value, indicator)),
    }
