"""Every page is whole and every form works when no script runs."""

import re

import pytest
from playwright.sync_api import expect

from pocket.tests.browser.kinds import KINDS

SHOWN = """() => {
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), words = [];
  while (walk.nextNode()) {
    const { parentElement: it, data } = walk.currentNode;
    if (data.trim() && it.checkVisibility() && !it.closest("[data-needs-script], [data-spare]"))
      words.push(data.trim());
  }
  return words.filter((word) => !/^[0-9a-f]{16}$/.test(word));
}"""  # the number of a request is never the same


@pytest.fixture
def plain(reader_of):
    return reader_of(java_script_enabled=False)


@pytest.mark.parametrize("name", KINDS)
def test_a_page_says_the_same_with_and_without_scripts(reader, plain, name):
    reader.goto(KINDS[name])
    plain.goto(KINDS[name])
    assert plain.page.evaluate(SHOWN) == reader.page.evaluate(SHOWN)
    for form in plain.page.locator("form").all():
        expect(form.locator("button").first).to_be_visible()
    assert plain.page.locator("[data-needs-script]:visible").count() == 0


def test_another_indicator_is_shown_by_a_button(plain):
    page = plain.page
    plain.goto("/?view=tiles")
    page.get_by_label("Show on the map").select_option("gsdp")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/?indicator=gsdp&view=tiles")
    expect(page.locator("#chart h2")).to_contain_text("Gross")
    expect(page.locator(".map.tiles")).to_be_visible()


def test_filters_work_by_a_button(plain):
    page = plain.page
    plain.goto("/states/?show=table")
    page.get_by_label("Region").select_option("South")
    page.get_by_label("Words").fill("kerala")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("region=South"))
    assert "show=table" in page.url
    expect(page.locator("#results tbody tr")).to_have_count(1)


def test_states_are_compared_by_a_button(plain):
    page = plain.page
    plain.goto("/states/compare/")
    for name in ("Kerala", "Bihar"):
        page.locator("#add").fill(name)
        page.get_by_role("button", name="Add").click()
    expect(page.locator(".compare-picks li")).to_have_count(2)
    expect(page.locator(".compare-table").first).to_be_visible()
    page.get_by_role("link", name="Take Bihar out").click()
    expect(page.locator(".compare-picks li")).to_have_count(1)


def test_search_works_by_a_button(plain):
    page = plain.page
    plain.goto("/")
    page.get_by_label("Search the site").fill("ಕರ್ನಾಟಕ")
    page.get_by_role("search").get_by_role("button", name="Search").click()
    expect(page.locator(".hit").first).to_contain_text("Karnataka")
