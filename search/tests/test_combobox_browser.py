"""The search field in a real browser: keyboard, mouse, and what assistive technology is told."""

import re

import pytest
from playwright.sync_api import expect

from search import index
from search.tests.factories import INDIA

# A navigation that overtook the browser's transition; a question that a newer one overtook.
HARMLESS = re.compile("Transition was|htmx: htmx:error: signal is aborted")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(django_db_setup, live_server, chromium):  # the server shares the database
    index.put(INDIA)
    page = chromium.new_page(base_url=live_server.url)
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.route("**/state/kerala/", lambda route: route.fulfill(body="Kerala"))
    page.goto("/search/")
    yield page
    page.close()
    assert [said for said in complaints if not HARMLESS.match(said)] == []


@pytest.fixture
def field(page):
    return page.get_by_role("combobox")


def options(page):
    return page.get_by_role("option")


def is_active(field, option) -> bool:
    return field.get_attribute("aria-activedescendant") == option.get_attribute("id") != ""


def test_typing_suggests_and_says_how_many(page, field):
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("karna")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("listbox")).to_be_visible()
    expect(options(page).first).to_have_accessible_name("Karnataka ಕರ್ನಾಟಕ South India")
    expect(page.locator(".search-box [role=status]")).to_contain_text("5 results")


def test_arrows_walk_through_the_options_and_back_to_the_field(page, field):
    field.press_sequentially("tamil")
    expect(options(page)).to_have_count(2)
    for number in [0, 1, None, 0]:
        field.press("ArrowDown")
        active = field.get_attribute("aria-activedescendant")
        expected = "" if number is None else options(page).nth(number).get_attribute("id")
        assert active == expected
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") == ""
    field.press("ArrowUp")
    assert is_active(field, options(page).last)
    expect(field).to_be_focused()


@pytest.mark.parametrize("key", ["Home", "End", "ArrowLeft", "a"])
def test_keys_for_the_text_leave_the_options(page, field, key):
    field.press_sequentially("karna")
    expect(options(page).first).to_be_visible()
    field.press("ArrowDown")
    field.press(key)
    assert field.get_attribute("aria-activedescendant") == ""
    expect(options(page).first).to_have_attribute("aria-selected", "false")


def test_enter_opens_the_active_option(page, field):
    field.press_sequentially("keral")
    expect(options(page).first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url("**/state/kerala/")


def test_enter_without_an_active_option_searches(page, field):
    field.press_sequentially("keral")
    field.press("Enter")
    page.wait_for_url("**/search/?q=keral")


def test_escape_closes_and_arrow_down_opens_again(page, field):
    field.press_sequentially("keral")
    expect(options(page).first).to_be_visible()
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("keral")
    field.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()


def test_a_click_opens_an_option_and_leaving_closes(page, field):
    field.press_sequentially("keral")
    expect(options(page).first).to_be_visible()
    field.press("Tab")
    expect(page.get_by_role("listbox")).to_be_hidden()
    field.focus()
    field.press("ArrowDown")
    options(page).first.click()
    page.wait_for_url("**/state/kerala/")


def test_an_emptied_field_has_no_list(page, field):
    field.press_sequentially("keral")
    expect(options(page).first).to_be_visible()
    field.fill("")
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#site-search-list [role=option]")).to_have_count(0)
    field.fill("qqqqqq")
    expect(page.locator(".search-box [role=status]")).to_have_text("No suggestions.")
    expect(field).to_have_attribute("aria-expanded", "false")


def test_results_follow_the_typing_and_the_address_follows_them(page):
    words = page.get_by_label("States, places, dishes")
    words.press_sequentially("karnataka", delay=20)
    expect(page.locator("#results h2").first).to_contain_text("States")
    page.wait_for_url("**/search/?q=karnataka")
    expect(page).to_have_title("Search: karnataka · Pocket")
    page.locator(".search-page__kinds").get_by_text("Dishes").click()
    page.wait_for_url("**/search/?q=karnataka&kind=dish")
    expect(page.locator(".hit")).to_have_count(1)
    words.fill("mysore")
    page.wait_for_url("**/search/?q=mysore&kind=dish")
    expect(page.locator(".hit")).to_have_count(1)
    expect(words).to_be_focused()
