"""When a request fails, a toast says so and nothing is lost."""

import pytest
from playwright.sync_api import expect

SERVER_DOWN = "The site did not answer. Nothing is lost; please try again."
NOT_FOUND = "There is no state or union territory at this address."


def fail(reader, how: str) -> str:
    """Let each later partial request fail in this way; the words that the reader should get."""
    page = reader.page
    page.unroute_all()

    def answer(route):
        if route.request.headers.get("hx-request-type") != "partial":
            return route.continue_()
        if how == "no network":
            return route.abort("connectionrefused")
        if how == "404":
            return route.fulfill(response=route.fetch(url=f"{reader.home}/states/keralla/"))
        return route.fulfill(status=int(how), content_type="text/plain", body="broken")

    page.route("**/*", answer)
    reader.forgive("Failed to load resource", "TypeError: Failed to fetch", "net::ERR")
    return {"no network": SERVER_DOWN, "404": NOT_FOUND}.get(
        how, "That did not work. Please try again."
    )


@pytest.mark.parametrize("how", ["500", "502", "404", "no network"])
def test_a_failed_request_says_so_and_loses_nothing(reader, page, how):
    reader.goto("/")
    before = page.locator("#chart").inner_text()
    title = page.title()
    words = fail(reader, how)

    page.get_by_label("Show on the map").select_option("hdi")

    expect(page.locator("#toasts .toast")).to_have_text(words)
    assert page.locator("#chart").inner_text() == before
    assert page.title() == title
    page.unroute_all()  # and when all is well again, so is the page
    page.get_by_role("link", name="Tiles").click()
    expect(page.locator(".map.tiles")).to_be_visible()


def test_what_was_typed_stays_when_the_network_is_down(reader, page):
    reader.goto("/states/compare/?s=kerala")
    words = fail(reader, "no network")

    page.get_by_label("Add a state").fill("Bihar")
    page.get_by_label("Add a state").press("Enter")

    expect(page.locator("#toasts .toast")).to_have_text(words)
    expect(page.get_by_label("Add a state")).to_have_value("Bihar")
    expect(page.locator(".compare-picks li")).to_have_count(1)
