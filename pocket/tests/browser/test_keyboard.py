"""Map, search, comparison and filters by keyboard alone, with scripts; the focus is never lost."""

import re

import pytest
from playwright.sync_api import expect

FOCUSED = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"


def is_lost(page) -> bool:
    """Whether the focus has fallen back to the page itself."""
    return page.evaluate("document.activeElement === document.body")


def labels(page, selector: str) -> list[str]:
    return page.locator(selector).all_inner_texts()


def test_the_first_tab_offers_to_skip_to_the_content(reader, page):
    reader.goto("/")
    skip = page.get_by_role("link", name="Skip to content")
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_map_is_walked_by_tab_and_enter_opens_the_state(reader, page):
    reader.goto("/")
    page.get_by_role("link", name="Skip the map").focus()
    page.keyboard.press("Tab")
    first = page.locator(".map a").first
    expect(first).to_be_focused()
    expect(first).to_have_accessible_name(re.compile(r"^[A-Z].*: .*\d"))
    shown = first.locator("use").first.evaluate(
        "use => [getComputedStyle(use).strokeWidth, getComputedStyle(use).stroke,"
        " getComputedStyle(use).fill]"
    )
    assert float(shown[0].removesuffix("px")) >= 3
    assert shown[1] != shown[2]
    page.keyboard.press("Tab")
    second = page.locator(".map a").nth(1)
    expect(second).to_be_focused()
    address = second.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/states/rankings/gsdp/"])
def test_a_link_skips_the_map_to_the_values_as_a_table(reader, page, path):
    reader.goto(path)
    page.get_by_role("link", name="Skip the map").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#ranked-caption")).to_be_in_viewport()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.closest('.map') !== null")
    # What has the focus now comes after the map.
    assert page.evaluate(
        "document.querySelector('.map').compareDocumentPosition(document.activeElement)"
        " & Node.DOCUMENT_POSITION_FOLLOWING"
    )


def test_another_indicator_changes_map_legend_table_and_address_and_keeps_the_focus(reader, page):
    reader.goto("/")
    select = page.get_by_label("Show on the map")
    chosen = select.input_value()

    def state_of_page():
        return (
            labels(page, ".legend li"),
            page.locator(".map a").first.get_attribute("aria-label"),
            page.locator("#chart-table tbody").text_content(),
            page.locator("#chart h2").inner_text(),
            select.input_value(),
        )

    before = state_of_page()
    select.focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_url(re.compile(r"\?indicator="))
    expect(page.locator("#chart h2")).not_to_have_text(before[3])
    expect(select).to_be_focused()
    after = state_of_page()
    assert all(new != old for new, old in zip(after, before, strict=True))
    assert f"indicator={select.input_value()}" in page.url

    page.go_back()
    expect(page.locator("#chart h2")).to_have_text(before[3])
    expect(select).to_have_value(chosen)
    assert state_of_page() == before
    page.go_forward()
    expect(page.locator("#chart h2")).to_have_text(after[3])
    assert state_of_page() == after


@pytest.mark.parametrize(
    ("path", "tab", "label", "value", "shown"),
    [
        ("/", "Tiles", "Show on the map", "gsdp", ".map.tiles"),
        ("/states/", "Table", "Region", "South", "#results table"),
    ],
)
def test_the_way_of_showing_stays_and_so_does_the_focus(
    reader, page, path, tab, label, value, shown
):
    reader.goto(path)
    page.get_by_role("link", name=tab, exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(shown)).to_be_visible()
    expect(page.get_by_role("link", name=tab, exact=True)).to_be_focused()
    select = page.get_by_label(label)
    select.select_option(value)
    page.wait_for_url(re.compile(value))
    expect(page.locator(shown)).to_be_visible()


def test_sorting_a_ranking_keeps_the_focus(reader, page):
    reader.goto("/states/rankings/gsdp/")
    first = page.locator("#chart tbody th").first
    highest = first.inner_text()
    page.get_by_role("link", name="lowest first").focus()
    page.keyboard.press("Enter")
    expect(first).not_to_have_text(highest)
    page.wait_for_url("**?sort=low")
    expect(page.get_by_role("link", name="lowest first")).to_be_focused()
    expect(page.locator("#chart [aria-sort]")).to_have_attribute("aria-sort", "ascending")


def test_states_are_compared_by_keyboard(reader, page):
    reader.goto("/states/compare/")
    field = page.locator("#add")
    picks = page.locator(".compare-picks li")
    for number, name in enumerate(["Bihar", "goa", "ಕರ್ನಾಟಕ"], 1):
        field.focus()
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(picks).to_have_count(number)
        expect(field).to_be_focused()
        expect(field).to_have_value("")
    expect(page.locator(".compare-table").first).to_be_visible()
    assert page.url.endswith("?s=bihar&s=goa&s=karnataka") or "add=" in page.url

    page.get_by_role("link", name="Take Goa out").focus()
    page.keyboard.press("Enter")
    expect(picks).to_have_count(2)
    assert not is_lost(page)
    page.go_back()
    expect(picks).to_have_count(3)


def test_an_unknown_name_gets_a_word_that_is_announced(reader, page):
    reader.goto("/states/compare/?s=bihar")
    page.locator("#add").focus()
    page.keyboard.type("Atlantis")
    page.keyboard.press("Enter")
    expect(page.locator("#comparison").get_by_role("status")).to_contain_text("Atlantis")
    expect(page.locator("#add")).to_be_focused()


def test_filters_follow_the_keys_and_keep_the_focus(reader, page):
    reader.goto("/states/")
    words = page.get_by_label("Words")
    words.focus()
    page.keyboard.type("kar", delay=30)
    expect(page.locator(".stamp")).not_to_have_count(36)
    expect(page.locator(".stamp", has_text="Karnataka")).to_be_visible()
    page.wait_for_url("**/states/?q=kar*")
    expect(words).to_be_focused()
    expect(words).to_have_value("kar")
    page.get_by_label("Region").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_url(re.compile(r"region=\w"))
    expect(page.get_by_label("Region")).to_be_focused()


@pytest.mark.parametrize(
    ("path", "label", "value", "said"),
    [
        ("/", "Show on the map", "gsdp", "Gross state domestic product"),
        ("/states/", "Region", "South", "of 36"),
    ],
)
def test_what_changed_is_announced(reader, page, path, label, value, said):
    reader.goto(path)
    live = page.locator("main [role=status]").first
    # A live region speaks only when it stood there before its words changed.
    live.evaluate("it => { window.standing = it; window.before = it.textContent; }")
    page.get_by_label(label).select_option(value)
    page.wait_for_url(re.compile(value))
    expect(live).to_contain_text(said)
    assert page.evaluate("window.standing.isConnected")
    assert page.evaluate("window.standing.textContent !== window.before")


def test_search_is_walked_by_keyboard_on_real_facts(reader, page):
    reader.goto("/")
    field = page.get_by_role("combobox", name="Search the site")
    field.focus()
    page.keyboard.insert_text("karna")  # at once: no later answer renews the list
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(field).to_be_focused()
    assert field.get_attribute("aria-activedescendant")
    page.keyboard.press("Enter")
    page.wait_for_url("**/states/karnataka/")


def test_nothing_moves_for_who_wants_less_motion(reader_of):
    reader = reader_of(reduced_motion="reduce")
    page = reader.page
    page.add_init_script(
        "addEventListener('pagereveal', (event) => (window.moved = event.viewTransition !== null))"
    )
    reader.goto("/")
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((it) => {
          const style = getComputedStyle(it);
          const times = `${style.transitionDuration},${style.animationDuration}`;
          return times.split(",").some((time) => parseFloat(time) > 0);
        }).map((it) => it.outerHTML.slice(0, 80))"""
    )
    assert moving == []
    page.get_by_role("link", name="About").click()
    page.wait_for_url("**/about/")
    assert page.evaluate("window.moved") is False
