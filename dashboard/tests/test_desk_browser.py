"""The desk in a real browser: for every eye and hand, on a phone and on a desk."""

import re
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from pocket.tests.browser.test_accessibility import COLOURS, EVERY_RULE, RUN, told
from pocket.tests.browser.test_room import CUT_OFF, STICKS_OUT

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
HARMLESS = re.compile(".*Transition was|Failed to load resource: .* 422 ")  # a form that was wrong


@pytest.fixture(scope="session")  # lives as long as the site it writes to
def admin(live_site, cookie_of) -> dict:
    return cookie_of(live_site, "desk.admin", superuser=True)


@pytest.fixture
def page_of(chromium, live_site, admin):
    """Open a page for an admin; at the end nothing may have complained on its console."""
    contexts, complaints = [], []

    def _page_of(**options):
        context = chromium.new_context(base_url=live_site.url, **options)
        context.set_default_timeout(10_000)
        context.add_cookies([admin])
        if options.get("java_script_enabled", True):
            context.add_init_script(path=AXE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield _page_of
    for context in contexts:
        context.close()
    assert [said for said in complaints if not HARMLESS.match(said)] == []


@pytest.mark.parametrize(
    "path",
    [
        "/dashboard/",
        "/dashboard/log/?since=2026-01-01",
        "/dashboard/stories/",
        "/dashboard/people/?standing=active",
    ],
)
def test_axe_finds_nothing_and_nothing_sticks_out(page_of, path):
    page = page_of()
    page.goto(path)
    looked_at(page)


def test_axe_finds_nothing_on_a_persons_page_nor_on_that_of_a_deed(page_of, live_site, cookie_of):
    cookie_of(live_site, "desk.member")
    page = page_of()
    page.goto("/dashboard/people/?words=desk.member")
    page.get_by_role("link", name="desk.member", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("desk.member")
    looked_at(page)
    page.get_by_role("link", name="Ban", exact=True).click()
    page.get_by_role("button", name="Ban", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    looked_at(page)


def looked_at(page) -> None:
    for scheme, width, options in [
        ("light", 360, EVERY_RULE),
        ("light", 1280, EVERY_RULE),
        ("dark", 768, COLOURS),
        ("light", 320, COLOURS),
    ]:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        assert told(page.evaluate(RUN, options)) == [], f"{scheme}, {width} px wide"
        assert page.evaluate(STICKS_OUT) + page.evaluate(CUT_OFF) == [], f"{width} px wide"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_the_log_is_filtered_and_its_columns_chosen(page_of, scripts):
    page = page_of(java_script_enabled=scripts)
    page.goto("/dashboard/")
    page.get_by_role("link", name="Audit log", exact=True).first.click()
    page.locator("summary", has_text="Filter").click()
    page.get_by_label("Person").fill("system")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("tbody tr").first).to_contain_text("the site itself")
    page.locator("summary", has_text="Columns").click()
    page.get_by_label("Hash").set_checked(True)
    page.get_by_role("button", name="Show these").click()
    expect(page.get_by_role("columnheader", name="Hash")).to_be_visible()
    expect(page.get_by_label("Person")).to_have_value("system")
    page.set_viewport_size({"width": 360, "height": 800})
    assert not scripts or page.evaluate(STICKS_OUT) == []  # with a word of 64 letters
