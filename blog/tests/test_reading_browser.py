"""Stories in a real browser: for every eye and hand, on a phone and on a desk, with and without."""

import pytest
from playwright.sync_api import expect

from blog.tests.factories import story
from pocket.tests.browser.conftest import AXE, TELL_VIOLATIONS
from pocket.tests.browser.test_accessibility import COLOURS, EVERY_RULE, RUN, told
from pocket.tests.browser.test_room import CUT_OFF, STICKS_OUT

BODY = (
    "## बारिश\n\nIt is {{ fact:kerala.literacy_rate_2011 }}[^1] in {{ state:kerala }}.\n\n"
    + "| "
    + " | ".join(f"Column {n}" for n in range(12))
    + " |\n"
    + "|---" * 12
    + "|\n"
    + ("| a-long-word " * 12 + "|\n") * 3
    + "\n## Second\n\n[^1]: As counted.\n"
)


@pytest.fixture(scope="session")
def site(live_site, inside):
    with inside(live_site):
        story("facts", title="Facts of Kerala", body=BODY, tags=("Rain",), states=("kerala",))
    return live_site


@pytest.fixture
def page(chromium, site):
    context = chromium.new_context(
        base_url=site.url,
        viewport={"width": 360, "height": 740},
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(10_000)
    context.add_init_script(TELL_VIOLATIONS)
    context.add_init_script(path=AXE)
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: "CSP" in said.text and complaints.append(said.text))
    yield page
    context.close()
    assert [said for said in complaints if "Transition was" not in said] == []


def test_axe_finds_nothing_and_nothing_sticks_out(page):
    page.goto("/blog/facts/")
    for scheme, width, options in [
        ("light", 360, EVERY_RULE),
        ("light", 1280, EVERY_RULE),
        ("dark", 1280, COLOURS),
        ("light", 320, COLOURS),
        ("light", 768, COLOURS),
    ]:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        assert told(page.evaluate(RUN, options)) == [], f"{scheme}, {width} px wide"
        assert page.evaluate(STICKS_OUT) + page.evaluate(CUT_OFF) == [], f"{width} px wide"


def test_a_wide_table_scrolls_with_the_keyboard(page):
    page.goto("/blog/facts/")
    table = page.get_by_role("group", name="Column 0, Column 1")
    table.focus()
    page.keyboard.press("ArrowRight")
    expect(table).to_be_focused()
    page.wait_for_function("document.querySelector('.post__text .scroll').scrollLeft > 0")


def test_contents_and_footnotes_lead_there_and_back(page):
    page.goto("/blog/facts/")
    page.get_by_role("navigation", name="On this page").get_by_text("बारिश").click()
    expect(page.get_by_role("heading", name="बारिश")).to_be_in_viewport()
    page.locator(".footnote-ref a").click()
    expect(page.locator("#fn1")).to_be_in_viewport()
    page.locator("#fn1 a").click()
    expect(page.locator("#fnref1")).to_be_in_viewport()


def test_the_link_is_copied_and_that_is_said(page, site):
    page.goto("/blog/facts/")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("The link is copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{site.url}/blog/facts/"


@pytest.mark.parametrize("path", ["/", "/states/kerala/"])
def test_stories_unfold_where_home_and_state_lead_to_them(page, path):
    page.goto(path)
    link = page.locator("#stories a").first
    before = link.get_attribute("href")
    link.scroll_into_view_if_needed()
    expect(page.locator("#stories h3").first).to_be_visible()
    assert page.locator("#stories a").last.get_attribute("href") == before
    assert told(page.evaluate(RUN, EVERY_RULE)) == []


def test_without_scripts_they_are_one_link_away(chromium, site):
    context = chromium.new_context(base_url=site.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/states/kerala/")
    page.get_by_role("link", name="Stories about Keralam").click()
    page.get_by_role("link", name="Facts of Kerala").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Facts of Kerala")
    expect(page.get_by_role("button", name="Copy link")).to_be_hidden()
    context.close()


def test_on_paper_there_is_the_story_alone(page):
    page.goto("/blog/facts/")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="On this page")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.locator(".post__text")).to_be_visible()
    expect(page.locator("img.qr")).to_be_visible()
