"""The pocket card, printed: one A6 page for each of the 36."""

import json
import re

import pytest

from states.reading import DATA

MM = 96 / 25.4  # CSS pixels in a millimetre
A6 = (105 * 72 / 25.4, 148 * 72 / 25.4)  # in points, as a PDF says it

STATES = [it["slug"] for it in json.loads((DATA / "culture.json").read_text())["states"].values()]

NOT_ON_THE_CARD = """() => {
  const card = document.querySelector(".pocket-card"), edge = card.getBoundingClientRect();
  const out = [...card.querySelectorAll("*")].filter((it) => {
    const box = it.getBoundingClientRect();
    return box.bottom > edge.bottom + 1 || box.right > edge.right + 1 || box.left < edge.left - 1;
  });
  const cut = card.scrollHeight > card.clientHeight + 1 || card.scrollWidth > card.clientWidth + 1;
  const parts = [...card.children].map((it) => it.getBoundingClientRect());
  const overlap = parts.some((part, at) => at && part.top < parts[at - 1].bottom - 1);
  const full = [...card.children].filter((it) => it.scrollHeight > it.clientHeight + 1);
  return [...out.map((it) => it.textContent), ...full.map((it) => it.textContent),
    ...(cut ? ["is cut"] : []), ...(overlap ? ["overlaps"] : [])];
}"""


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """The size in points of each page, read from the bytes as Chromium writes them."""
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    assert len(boxes) == pages > 0
    return [(float(width), float(height)) for width, height in boxes]


@pytest.mark.parametrize("slugs", [STATES[at::4] for at in range(4)], ids=["1", "2", "3", "4"])
def test_every_card_prints_on_one_page_of_a6_with_all_of_it(reader, page, slugs):
    for slug in slugs:
        reader.goto(f"/states/{slug}/card/")
        page.emulate_media(media="print")
        assert page.evaluate(NOT_ON_THE_CARD) == [], slug
        qr = page.locator(".pocket-card__foot img").bounding_box()
        assert min(qr["width"], qr["height"]) >= 18 * MM, slug
        assert page.evaluate("document.querySelector('.pocket-card__foot img').naturalWidth") > 0
        pdf = page.pdf(prefer_css_page_size=True, print_background=True)
        assert page_sizes(pdf) == [pytest.approx(A6, abs=1)], slug
        page.emulate_media(media="screen")


def test_the_card_stays_black_on_white_in_the_dark(reader_of):
    reader = reader_of(color_scheme="dark")
    reader.goto("/states/kerala/card/")
    for media in ("screen", "print"):
        reader.page.emulate_media(media=media, color_scheme="dark")
        card = reader.page.locator(".pocket-card")
        colours = card.evaluate(
            "it => [getComputedStyle(it).color, getComputedStyle(it).background]"
        )
        assert colours[0] == "rgb(0, 0, 0)"
        assert colours[1].startswith("rgb(255, 255, 255)")
