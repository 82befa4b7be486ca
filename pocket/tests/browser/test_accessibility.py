"""axe-core on every kind of page, in light and dark, on a phone and on a desk."""

import pytest

from pocket.tests.browser.kinds import KINDS

# WCAG 2.2's target size is not among axe's defaults; nothing is switched off.
EVERY_RULE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# The dark scheme changes colours and nothing else.
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast", "link-in-text-block"]}
RUN = "options => axe.run(document, options).then(({ violations }) => violations)"


def told(violations: list[dict]) -> list[str]:
    return [
        f"{found['id']}: {found['help']}\n    {node['html'][:200]}\n    {node['failureSummary']}"
        for found in violations
        for node in found["nodes"][:4]
    ]


@pytest.mark.parametrize("name", KINDS)
def test_axe_finds_nothing(reader_of, name):
    reader = reader_of(axe=True)
    reader.goto(KINDS[name])
    for scheme, width, options in [
        ("light", 360, EVERY_RULE),
        ("light", 1280, EVERY_RULE),
        ("dark", 1280, COLOURS),
    ]:
        reader.page.emulate_media(color_scheme=scheme)
        reader.page.set_viewport_size({"width": width, "height": 800})
        violations = reader.page.evaluate(RUN, options)
        assert told(violations) == [], f"{scheme}, {width} px wide"
