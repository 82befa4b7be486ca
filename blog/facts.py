"""Live facts in stories: `{{ fact:kerala.literacy_rate_2011 }}`."""

from pocket.web.markdown import SHORTCODE
from states.atlas import atlas


def unknown_marks(body: str) -> list[tuple[int, str]]:
    """Each shortcode that names no state or indicator that we have, with its line."""
    india = atlas()
    indicators = {indicator.key for indicator in india.indicators}
    wrong = []
    for number, line in enumerate(body.splitlines(), 1):
        for found in SHORTCODE.finditer(line):
            slug, _, key = found[2].partition(".")
            is_known = slug in india.by_slug and (found[1] != "fact" or key in indicators)
            if not is_known or found[1] not in ("fact", "state"):
                wrong.append((number, found[0]))
    return wrong
