"""The queue in a browser: by keys, without scripts at a phone's width, and before axe."""

import re
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from accounts.models import User
from blog.models import Comment, Post
from blog.tests.comment_factories import say
from blog.tests.factories import story
from contact.models import Message
from contact.tests.factories import MessageFactory
from dashboard.models import Claim
from pocket.tests.browser.test_accessibility import COLOURS, EVERY_RULE, RUN, told

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
HARMLESS = re.compile("Transition was|Failed to load resource: .* (422|409) ")
REVIEW = "/dashboard/review/"


@pytest.fixture(scope="session")
def cookie(live_site, inside, cookie_of) -> dict:
    cookie = cookie_of(live_site, "queue.moderator")
    with inside(live_site):
        User.objects.get(username="queue.moderator").give_role("Moderator", by=None)
        User.objects.create_user("queue.member", "queue.member@pocket.example")
        story("queue-story", byline="Pocket editors")
    return cookie


@pytest.fixture
def waiting(live_site, inside, cookie):
    """Three messages of machines and a comment; gone at the end, as others share the site."""
    with inside(live_site):
        for at in range(3):
            MessageFactory(subject=f"Subject {at}", suspicion="fast", email="")
        post = Post.objects.get(slug="queue-story")
        say(post, "First words.", by=User.objects.get(username="queue.member"))
    yield
    with inside(live_site):
        Message.objects.filter(subject__startswith="Subject ").delete()
        Comment.objects.filter(post__slug="queue-story").delete()
        Claim.objects.all().delete()


@pytest.fixture
def open_page(chromium, live_site, cookie):
    pages, complaints = [], []

    def _open_page(**options):
        context = chromium.new_context(base_url=live_site.url, **options)
        context.set_default_timeout(10_000)
        context.add_cookies([cookie])
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        pages.append(page)
        return page

    yield _open_page
    for page in pages:
        page.context.close()
    assert [said for said in complaints if not HARMLESS.match(said)] == []


def test_a_moderator_works_by_keys(open_page, waiting):
    page = open_page()
    page.goto(f"{REVIEW}?reason=fast")
    items = page.locator("li[data-item]")
    page.keyboard.press("j")
    expect(items.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(items.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(items.nth(0)).to_be_focused()
    page.keyboard.press("r")
    expect(page).to_have_url(re.compile("/message/.*#id_reason"))
    first = page.url.partition("?")[0]
    reason = page.locator("#id_reason")
    reason.focus()
    page.keyboard.type("jar?")
    expect(reason).to_have_value("jar?")
    page.get_by_role("button", name="Answer with it and close").click()
    expect(page.locator("#item")).to_contain_text("Subject 1")
    expect(page.locator("h1")).to_be_focused()
    expect(page).to_have_title(re.compile("Message · Review"))
    expect(page).to_have_url(re.compile("/message/[0-9]+/.reason=fast$"))
    assert not page.url.startswith(first)
    page.keyboard.press("a")
    expect(page.locator("#item")).to_contain_text("Subject 2")
    page.keyboard.press("r")
    expect(page.locator("#id_reason")).to_be_focused()
    page.locator("h1").focus()
    page.keyboard.press("?")
    expect(page.get_by_text("refuse: to the reason")).to_be_visible()
    page.get_by_role("button", name="Switch the keys off").click()
    page.goto(f"{REVIEW}?reason=fast")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(items.nth(0)).not_to_be_focused()
    page.keyboard.press("?")
    page.get_by_role("button", name="Switch the keys on").click()


def test_the_queue_works_without_scripts_on_a_phone(open_page, waiting):
    page = open_page(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page.goto(f"{REVIEW}?reason=fast")
    page.get_by_role("link", name=re.compile("Decide .+,")).first.click()
    page.get_by_role("button", name="Claim it").click()
    expect(page.get_by_text("You look at it")).to_be_visible()
    page.get_by_role("button", name="Answer with it and close").click()
    expect(page.get_by_role("alert")).to_contain_text("Give a reason")
    page.get_by_label("Reason").fill("Advertising.")
    page.get_by_role("button", name="Answer with it and close").click()
    expect(page.locator("#toasts")).to_contain_text("The message is closed")
    expect(page.locator("#item")).to_contain_text("Subject 1")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#item")).to_contain_text("Subject 0")
    page.goto(f"{REVIEW}?reason=fast")
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Approve the ticked").click()
    expect(page.get_by_text("3 of 3 are decided.")).to_be_visible()


def test_axe_finds_nothing(open_page, waiting):
    page = open_page()
    page.context.add_init_script(path=AXE)
    page.goto(f"{REVIEW}?kind=comment&reason=first")
    page.get_by_role("link", name=re.compile("Decide .+,")).last.click()
    comment = page.url
    page.goto(f"{REVIEW}?reason=fast")
    page.get_by_role("button", name="To the inbox").first.click()
    expect(page.locator("#toasts")).to_contain_text("open in the inbox")
    message = page.url
    for path in (REVIEW, comment, message, f"{REVIEW}decided/"):
        assert page.goto(path).status == 200
        for scheme, width, options in [("light", 360, EVERY_RULE), ("dark", 1280, COLOURS)]:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            assert told(page.evaluate(RUN, options)) == [], f"{path}, {scheme}, {width} px"
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
