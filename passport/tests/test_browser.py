"""The passport by keyboard, with and without scripts; axe on what a member sees; the print."""

import re
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from pocket.tests.browser.test_accessibility import COLOURS, EVERY_RULE, RUN, told

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
HARMLESS = re.compile("Transition was|Failed to load resource: .* 422 ")  # a form that was wrong
both_ways = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


@pytest.fixture(scope="session")  # lives as long as the site it writes to
def member(live_site, cookie_of) -> dict:
    """The session cookie of one person; each test marks states that no other looks at."""
    return cookie_of(live_site, "traveller")


@pytest.fixture
def page_of(chromium, live_site, member):
    """Open a page for the member; at the end nothing may have complained on its console."""
    pages, complaints = [], []

    def _page_of(**options):
        context = chromium.new_context(base_url=live_site.url, **options)
        context.set_default_timeout(10_000)
        context.add_cookies([member])
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        pages.append(page)
        return page

    yield _page_of
    for page in pages:
        page.context.close()
    assert [said for said in complaints if not HARMLESS.match(said)] == []


def button(page, name: str):
    return page.get_by_role("button", name=name, exact=True)


@both_ways
def test_states_are_marked_by_keyboard(page_of, scripts):
    state = "Bihar" if scripts else "Assam"
    page = page_of(java_script_enabled=scripts)
    page.goto("/passport/?region=East" if scripts else "/passport/?region=North-East")
    visited, wish = button(page, f"Visited {state}"), button(page, f"Wish {state}")
    stamp = page.locator(".slot").filter(has=visited).locator(".stamp__fact")
    visited.focus()
    page.keyboard.press("Tab")
    expect(wish).to_be_focused()
    page.keyboard.press("Enter")
    expect(stamp).to_have_text("wished for")
    expect(page.locator("#toasts[role=status]")).to_have_text(f"{state} is marked as wished for.")
    expect(wish).to_have_attribute("aria-pressed", "true")
    assert page.url.partition("?")[2].startswith("region=")
    if scripts:
        expect(wish).to_be_focused()
        page.keyboard.press("Space")
        expect(stamp).to_have_text("not yet")
        expect(wish).to_be_focused()
        page.keyboard.press("Shift+Tab")
        expect(visited).to_be_focused()
    visited.focus()
    page.keyboard.press("Enter")
    expect(stamp).to_have_text("visited")
    expect(page.locator("#tally")).to_have_text(re.compile(r"[1-9]\d* of 36 visited"))


@both_ways
def test_a_state_is_marked_on_its_page_and_given_a_year(page_of, scripts):
    slug, name = ("kerala", "Keralam") if scripts else ("goa", "Goa")
    page = page_of(java_script_enabled=scripts)
    page.goto(f"/states/{slug}/")
    button(page, f"Visited {name}").press("Enter")
    expect(button(page, f"Visited {name}")).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(f"/states/{slug}/$"))
    page.get_by_role("link", name="Year and note").click()
    page.get_by_label("Year of the visit").fill("2019")
    page.get_by_label("Wished for").check()
    button(page, "Save").click()
    expect(page.get_by_role("alert")).to_contain_text("A wish has no year yet.")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Year of the visit")).to_have_value("2019")
    page.get_by_label("Visited", exact=True).check()
    button(page, "Save").click()
    expect(page.locator(f"#stamp-{slug} .stamp__fact")).to_have_text("visited in 2019")


def test_axe_finds_nothing_and_it_prints_on_two_sheets(page_of):
    page = page_of()
    page.add_init_script(path=AXE)
    page.goto("/passport/sikkim/")
    page.get_by_label("Year of the visit").fill("2011")
    page.get_by_label("Note").fill("Snow.")
    button(page, "Save").click()
    button(page, "Wish Lakshadweep").click()
    expect(page.locator("#stamp-lakshadweep .stamp__fact")).to_have_text("wished for")
    page.get_by_label("Share my notes as well").check()
    button(page, "Make a link").click()
    expect(page.get_by_alt_text("QR code")).to_be_visible()
    assert page.get_by_alt_text("QR code").evaluate("it => it.naturalWidth") > 0

    # One region has all that the 36 have; axe takes seconds for a page with all of them.
    looks = [("light", 360, EVERY_RULE), ("light", 1280, EVERY_RULE), ("dark", 1280, COLOURS)]
    for path, schemes in [
        ("/passport/?region=North-East", looks),
        ("/passport/sikkim/", looks[:1]),
    ]:
        assert page.goto(path).status == 200
        for scheme, width, options in schemes:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            assert told(page.evaluate(RUN, options)) == [], f"{path}, {scheme}, {width} px wide"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.goto("/passport/")
    pdf = page.pdf(format="A4", print_background=False)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2
