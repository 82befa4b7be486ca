"""An export in a real browser, made by the worker of a real site; with and without scripts."""

import re
from pathlib import Path
from zipfile import ZipFile

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from accounts.models import User
from pocket.tests.browser.conftest import TELL_VIOLATIONS
from pocket.tests.browser.test_accessibility import COLOURS, EVERY_RULE, RUN, told
from privacy.tests.conftest import PASSWORD

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")


@pytest.fixture(scope="session")  # lives as long as the site it writes to
def people(live_site, inside) -> None:
    with inside(live_site):
        for name in ("taker", "plaintaker"):
            User.objects.create_user(name, f"{name}@pocket.example", PASSWORD)


@pytest.fixture(params=[True, False], ids=["scripts", "plain"])
def page(request, chromium, live_site, people):
    context = chromium.new_context(
        base_url=live_site.url,
        viewport={"width": 320, "height": 800},
        java_script_enabled=request.param,
    )
    context.set_default_timeout(10_000)
    complaints = []
    if request.param:
        context.add_init_script(TELL_VIOLATIONS)
        context.add_init_script(path=AXE)
    page = context.new_page()
    page.has_scripts = request.param
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
    yield page
    context.close()
    assert [said for said in complaints if "Transition was" not in said] == []


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def look_at_it(page) -> None:
    """What must hold in every state of the page, where scripts can tell."""
    if not page.has_scripts:
        return
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for scheme, rules in (("light", EVERY_RULE), ("dark", COLOURS)):
        page.emulate_media(color_scheme=scheme)
        assert told(page.evaluate(RUN, rules)) == []


def test_everything_of_mine_is_asked_for_and_downloaded(page, tmp_path):
    name = "taker" if page.has_scripts else "plaintaker"
    page.goto("/accounts/login/?next=/accounts/export/")
    page.get_by_label("E-mail or user name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Log in")
    page.wait_for_url("**/accounts/export/")
    look_at_it(page)

    press(page, "Make an export")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Confirm")
    page.wait_for_url("**/accounts/export/")
    expect(page.get_by_text("Your export is asked for")).to_be_visible()

    link = page.get_by_role("link", name=re.compile("^Download"))
    if page.has_scripts:
        expect(link).to_be_visible()  # by itself
    else:
        again = page.get_by_role("link", name="Look again")
        while again.count():
            again.click()
    look_at_it(page)

    with page.expect_download() as coming:
        link.click()
    file = coming.value
    assert re.fullmatch(rf"pocket-{name}-\d{{4}}-\d\d-\d\d\.zip", file.suggested_filename)
    file.save_as(tmp_path / "mine.zip")
    with ZipFile(tmp_path / "mine.zip") as zipped:
        assert zipped.testzip() is None
        assert f"about {name}\n" in zipped.read("README.txt").decode()
        assert f"{name}@pocket.example" in zipped.read("data/accounts-account.json").decode()
