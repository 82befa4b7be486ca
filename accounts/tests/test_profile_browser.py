"""A reader's preferences and picture in a real browser."""

from io import BytesIO

import pytest
from PIL import Image

SCHEME = "getComputedStyle(document.documentElement).colorScheme"
PAPER = "getComputedStyle(document.body).backgroundColor"
DARK, LIGHT = "rgb(20, 19, 42)", "rgb(251, 246, 236)"


@pytest.fixture
def page_of(chromium, live_site, cookie_of):
    """Open the site as somebody signed in."""
    contexts = []

    def _page_of(name: str, **options):
        context = chromium.new_context(base_url=live_site.url, **options)
        contexts.append(context)
        context.add_cookies([cookie_of(live_site, name)])
        return context.new_page()

    yield _page_of
    for context in contexts:
        context.close()


def test_a_theme_holds_from_the_first_paint_of_every_page_without_scripts(page_of):
    page = page_of("themed", color_scheme="light", java_script_enabled=False)
    page.goto("/accounts/preferences/")
    assert page.evaluate(PAPER) == LIGHT
    page.get_by_label("Dark", exact=True).check()
    page.get_by_label("1,234,567").check()
    page.get_by_role("button", name="Save my preferences").click()
    page.get_by_text("Your preferences are saved").wait_for()
    assert page.evaluate(PAPER) == DARK
    page.goto("/states/karnataka/")
    assert page.evaluate(PAPER) == DARK
    assert "61.1 million" in page.locator("main").inner_text()
    page.emulate_media(media="print")
    assert page.evaluate(SCHEME) == "light"
    # Before the stylesheet is there, the page itself says it.
    page.emulate_media(media="screen")
    page.route("**/*.css", lambda route: route.abort())
    page.goto("/about/")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.locator("meta[name=color-scheme]").get_attribute("content") == "dark"


def test_a_picture_is_chosen_sent_and_seen(page_of):
    file = BytesIO()
    Image.new("RGB", (300, 200), (200, 30, 30)).save(file, "JPEG")
    photo = {"name": "me.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
    page = page_of("pictured")
    page.goto("/accounts/profile/")
    page.get_by_label("New picture").set_input_files({**photo, "buffer": b"<svg/>"})
    page.get_by_label("Home state").first.select_option("kerala")
    page.get_by_role("button", name="Save my profile").click()
    page.get_by_role("link", name="That file cannot be read as a picture").wait_for()
    assert page.title().startswith("Error:")
    assert page.get_by_label("Home state").first.input_value() == "kerala"
    page.get_by_label("New picture").set_input_files(photo)
    page.get_by_role("button", name="Save my profile").click()
    page.get_by_text("Your profile is saved").wait_for()
    picture = page.locator("img.avatar")
    assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth }")
