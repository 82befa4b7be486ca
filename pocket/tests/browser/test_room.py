"""Every kind of page in every size: nothing sticks out, nothing is cut, all can be hit."""

import pytest

from pocket.tests.browser.kinds import KINDS

# 320 x 256 is what 400 % zoom leaves of a screen of 1280 x 1024.
SIZES = [(320, 640), (320, 256), (360, 740), (768, 1024), (900, 700), (1280, 900), (2560, 1440)]

SEEN = """
  const isSpoken = (it) => it && (getComputedStyle(it).clipPath === "inset(50%)"
    || isSpoken(it.parentElement)); // there for screen readers alone
  const seen = [...document.querySelectorAll("body *")].filter((it) => it.checkVisibility()
    && !it.closest("svg, select, input, [class^=skip]") && !isSpoken(it));
  const told = (it) => `${it.localName}.${it.className}: ${it.textContent.trim().slice(0, 60)}`;
"""
STICKS_OUT = f"""() => {{ {SEEN}
  const root = document.documentElement, wide = root.scrollWidth - root.clientWidth;
  const out = seen.filter((it) => {{
    const box = it.getBoundingClientRect();
    return !it.closest(".scroll") && (box.right > root.clientWidth + 1 || box.left < -1);
  }});
  const onTheNext = seen.filter((it) => /^t[dh]$/.test(it.localName)
    && it.scrollWidth > it.clientWidth + 1);
  return [...(wide > 0 ? [`the page is ${{wide}} px too wide`] : []),
    ...out.map(told), ...onTheNext.map(told)];
}}"""
CUT_OFF = f"""() => {{ {SEEN}
  const hides = (way) => way === "hidden" || way === "clip";
  return seen.filter((it) => {{
    const {{ overflowX, overflowY }} = getComputedStyle(it);
    return (hides(overflowY) && it.scrollHeight > it.clientHeight + 1)
      || (hides(overflowX) && it.scrollWidth > it.clientWidth + 1);
  }}).map(told);
}}"""
# The values of WCAG 1.4.12. A constructed stylesheet is what the CSP lets a test add.
SPACE_OUT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
SIZES_OF = """links => links.map((link) => {
  const box = link.getBoundingClientRect();
  return [link.getAttribute("aria-label"), Math.min(box.width, box.height)];
})"""


@pytest.mark.parametrize("name", KINDS)
def test_nothing_sticks_out_or_is_cut_at_any_width(reader, page, name):
    reader.goto(KINDS[name])
    for spaced in (False, True):
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            faults = page.evaluate(STICKS_OUT) + page.evaluate(CUT_OFF)
            assert faults[:5] == [], f"{width} x {height}{', spaced out' if spaced else ''}"
        page.evaluate(SPACE_OUT)


@pytest.mark.parametrize("view", ["map", "tiles"])
def test_small_territories_and_tiles_can_be_hit_on_a_phone(reader_of, view):
    reader = reader_of(width=360, height=740)
    reader.goto(f"/?view={view}")
    links = reader.page.locator(".map a:has(.touch)" if view == "map" else ".map a")
    sizes = links.evaluate_all(SIZES_OF)
    assert len(sizes) == 36 if view == "tiles" else len(sizes) > 5
    assert [(name, size) for name, size in sizes if size < 24] == []


@pytest.mark.parametrize("view", ["map", "tiles"])
def test_every_state_can_be_clicked_where_it_is_drawn(reader_of, view):
    reader = reader_of(width=360, height=740)
    reader.goto(f"/?view={view}")
    unreachable = reader.page.locator(".map a").evaluate_all(
        """links => links.filter((link) => {
          const shape = link.querySelector(".marker") ?? link.querySelector("rect, use");
          link.scrollIntoView({ block: "center" });
          const box = shape.getBoundingClientRect();
          for (let x = 1; x < 20; x++) for (let y = 1; y < 20; y++) {
            const hit = document.elementFromPoint(
              box.left + (box.width * x) / 20, box.top + (box.height * y) / 20);
            if (hit?.closest("a") === link) return false;
          }
          return true;
        }).map((link) => link.getAttribute("aria-label"))"""
    )
    assert unreachable == []
