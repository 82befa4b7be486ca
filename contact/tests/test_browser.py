"""Writing to us in a real browser, with and without scripts, and answering; axe on each page."""

import re

import pytest
from playwright.sync_api import expect

from pocket.tests.browser.conftest import AXE, TELL_VIOLATIONS
from pocket.tests.browser.test_accessibility import COLOURS, EVERY_RULE, RUN, told

HARMLESS = re.compile(
    "Transition was|Failed to load resource: .*( 422 | 429 |ERR_FAILED)|AbortError|htmx"
)
RECEIPT = re.compile(r"/contact/[\w-]{22}/$")
both_ways = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])


@pytest.fixture(scope="session")  # lives as long as the site it writes to
def team(live_site, cookie_of) -> dict:
    """The session cookie of somebody who may answer."""
    return cookie_of(live_site, "answerer", superuser=True)


@pytest.fixture
def page_of(chromium, live_site):
    """Open a page; at the end nothing may have complained on its console."""
    pages, complaints = [], []

    def _page_of(*cookies, width=360, **options):
        context = chromium.new_context(
            base_url=live_site.url, viewport={"width": width, "height": 800}, **options
        )
        context.set_default_timeout(10_000)
        context.add_cookies(cookies)
        if options.get("java_script_enabled", True):
            context.add_init_script(TELL_VIOLATIONS)
            context.add_init_script(path=AXE)
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        pages.append(page)
        return page

    yield _page_of
    for page in pages:
        page.context.close()
    assert [said for said in complaints if not HARMLESS.search(said)] == []


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def look(page, path: str | None = None) -> None:
    """axe in light and dark, on a phone and on a desk; nothing is wider than the screen."""
    if path:
        page.goto(path)
    for scheme, width, options in [
        ("light", 360, EVERY_RULE),
        ("light", 1280, EVERY_RULE),
        ("dark", 1280, COLOURS),
    ]:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        assert told(page.evaluate(RUN, options)) == [], f"{page.url}, {scheme}, {width}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@both_ways
def test_a_correction_is_sent_answered_and_read(page_of, team, scripts):
    reader = page_of(java_script_enabled=scripts)
    reader.goto("/states/goa/")
    reader.get_by_role("link", name="Something wrong? Literacy", exact=False).first.click()
    expect(reader.get_by_text("About this figure: Goa, Literacy rate, 2011")).to_be_visible()
    expect(reader.get_by_label("The page it is about")).to_have_value("/states/goa/")
    expect(reader.get_by_label("Leave this empty")).to_be_hidden()
    press(reader, "Send")
    expect(reader.get_by_role("alert")).to_be_focused()
    expect(reader.get_by_role("alert")).to_contain_text("Write your message.")
    expect(reader).to_have_title(re.compile("^Error:"))
    expect(reader.get_by_label("Subject")).to_have_value("Correction: Goa, Literacy rate, 2011")
    if scripts:
        look(reader)
    reader.locator("[name=text]").fill("It is 88.7 per cent,\nsays the paper.")
    press(reader, "Send")
    reader.wait_for_url(RECEIPT)
    expect(reader.get_by_text("Your message has arrived")).to_be_visible()
    number = re.search(r"No\. (\d+)", reader.title())[1]
    if scripts:
        look(reader)

    staff = page_of(team, java_script_enabled=scripts)
    staff.goto(f"/contact/inbox/{number}/")
    if staff.get_by_role("button", name="It is not suspicious").count():  # faster than people
        press(staff, "It is not suspicious")
    staff.goto("/contact/inbox/")
    staff.get_by_role("link", name=f"No. {number}:").click()
    staff.get_by_label("Note", exact=False).last.fill("Looked it up.")
    press(staff, "Keep the note")
    expect(staff.get_by_text("Looked it up.")).to_be_visible()
    press(staff, "Send the answer")
    expect(staff.get_by_role("alert")).to_contain_text("Write the answer.")
    staff.locator("#answer_text").fill("You are right.")
    press(staff, "Send the answer")
    expect(staff.get_by_text("You are right.")).to_be_visible()
    if scripts:
        look(staff)
        look(staff, "/contact/inbox/?status=answered")

    reader.reload()
    expect(reader.get_by_text("You are right.")).to_be_visible()
    expect(reader.get_by_text("Looked it up.")).to_have_count(0)


def test_a_form_that_the_site_does_not_answer_keeps_its_words(page_of):
    page = page_of()
    look(page, "/contact/?about=/states/kerala/&fact=kerala.hdi")
    page.get_by_label("Message").fill("A long text.")
    page.route("**/contact/", lambda route: route.abort())
    press(page, "Send")
    expect(page.locator("#toasts")).to_contain_text("The site did not answer. Nothing is lost")
    expect(page.get_by_label("Message")).to_have_value("A long text.")


def test_who_writes_too_often_reads_how_long_to_wait_with_the_words_still_there(page_of):
    page = page_of()
    page.goto("/contact/")
    words = "<form id='contact-form'><div role='alert'>Wait 3 minutes</div></form>"
    page.route("**/contact/", lambda route: route.fulfill(status=429, body=words))
    press(page, "Send")
    expect(page.get_by_role("alert")).to_have_text("Wait 3 minutes")
    expect(page.locator("#toasts")).not_to_contain_text("That did not work")
