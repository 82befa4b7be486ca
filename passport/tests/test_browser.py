"""The passport by keyboard, with and without scripts; axe on what a member sees."""

from pathlib import Path

import axe_playwright_python
import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from passport.models import Passport, Stamp
from passport.tests.factories import PersonFactory, StampFactory, fill
from pocket.tests.browser.test_accessibility import COLOURS, EVERY_RULE, RUN, told

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("kept")]


@pytest.fixture
def page_of(django_db_setup, live_server, chromium):
    """Open a page for a signed-in person; nothing may complain on its console."""
    pages, complaints = [], []

    def _page_of(person, **options):
        client = Client()
        client.force_login(person)
        context = chromium.new_context(base_url=live_server.url, **options)
        context.set_default_timeout(10_000)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}
        context.add_cookies([cookie])
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        pages.append(page)
        return page

    yield _page_of
    for page in pages:
        page.context.close()
    assert [said for said in complaints if not said.startswith("Transition was")] == []


def press(page, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False])
def test_states_are_marked_by_keyboard(page_of, asha, scripts):
    page = page_of(asha, java_script_enabled=scripts)
    page.goto("/passport/?kind=none")
    visited = page.get_by_role("button", name="Visited: Bihar", exact=True)
    wish = page.get_by_role("button", name="Wish: Bihar", exact=True)
    visited.focus()
    page.keyboard.press("Tab")
    expect(wish).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Bihar")).to_have_text(
        "Bihar is marked as wished for."
    )
    expect(page.locator("#tally")).to_have_text("0 of 36 visited, 1 wished for")
    if scripts:
        expect(wish).to_be_focused()
        expect(wish).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("Space")
        expect(page.locator("#tally")).to_have_text("0 of 36 visited, 0 wished for")
        expect(wish).to_be_focused()
        page.keyboard.press("Shift+Tab")
        expect(visited).to_be_focused()
    else:
        page.goto("/passport/")
        visited.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tally")).to_have_text("1 of 36 visited, 0 wished for")
    assert Stamp.objects.of(asha).get().kind == "visited"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_state_is_marked_on_its_page_and_given_a_year(page_of, asha, scripts):
    page = page_of(asha, java_script_enabled=scripts)
    page.goto("/states/kerala/")
    press(page, "Visited: Keralam")
    button = page.get_by_role("button", name="Visited: Keralam", exact=True)
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(lambda address: address.endswith("/states/kerala/"))
    page.get_by_role("link", name="Year and note").click()
    page.get_by_label("Year of the visit").fill("2019")
    page.get_by_label("Wished for").check()
    if scripts:  # otherwise the refused form is a page, which the browser notes in its console
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert")).to_contain_text("A wish has no year yet.")
        expect(page.get_by_role("alert")).to_be_focused()
        expect(page.get_by_label("Year of the visit")).to_have_value("2019")
    page.get_by_label("Visited", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#stamp-kerala .stamp")).to_contain_text("visited in 2019")


def test_axe_finds_nothing(page_of):
    person = PersonFactory()
    StampFactory(person=person, year=2019, note="Backwaters")
    fill(person, visited=["goa", "lakshadweep"], wished=["bihar"])
    code = Passport.objects.share(person, with_notes=True).code
    page = page_of(person, bypass_csp=True)
    for path in ("/passport/", "/passport/kerala/", f"/passport/shared/{code}/"):
        page.goto(path)
        page.add_script_tag(path=AXE)
        for scheme, width, options in [
            ("light", 360, EVERY_RULE),
            ("light", 1280, EVERY_RULE),
            ("dark", 1280, COLOURS),
        ]:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            assert told(page.evaluate(RUN, options)) == [], f"{path}, {scheme}, {width} px wide"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_prints_on_two_sheets(page_of, asha):
    fill(asha, visited=["goa", "kerala"], wished=["bihar"])
    Passport.objects.share(asha, with_notes=False)
    page = page_of(asha)
    page.goto("/passport/")
    pdf = page.pdf(format="A4", print_background=False)
    assert pdf.count(b"/Type /Page\n") == 2
