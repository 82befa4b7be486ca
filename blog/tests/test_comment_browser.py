"""A comment, its approval and a reply in a browser, with and without scripts; axe on the pages."""

import re
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from accounts.models import User
from blog.tests.factories import story
from pocket.tests.browser.test_accessibility import COLOURS, EVERY_RULE, RUN, told

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
HARMLESS = re.compile("Transition was|Failed to load resource: .* 422 ")  # a form that was wrong


@pytest.fixture(scope="session")  # lives as long as the site it writes to
def cookies(live_site, inside, cookie_of) -> dict:
    """The session cookies of members, a moderator and an editor, on a site with three stories."""
    names = ["new.member", "new.member2", "new.member3", "old.member"]
    people = {name: cookie_of(live_site, name) for name in [*names, "the.moderator", "the.editor"]}
    with inside(live_site):
        for slug in ("with-scripts", "plain", "looks"):
            story(slug, byline="Pocket editors")
        User.objects.get(username="the.moderator").give_role("Moderator", by=None)
        User.objects.get(username="the.editor").give_role("Editor", by=None)
    return people


@pytest.fixture
def page_of(chromium, live_site, cookies):
    """Open a page for somebody; at the end nothing may have complained on its console."""
    pages, complaints = [], []

    def _page_of(who: str, **options):
        context = chromium.new_context(base_url=live_site.url, **options)
        context.set_default_timeout(10_000)
        if who in cookies:
            context.add_cookies([cookies[who]])
        page = context.new_page()
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        pages.append(page)
        return page

    yield _page_of
    for page in pages:
        page.context.close()
    assert [said for said in complaints if not HARMLESS.match(said)] == []


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_comment_approve_reply(page_of, scripts):
    slug = "with-scripts" if scripts else "plain"
    options = {"java_script_enabled": scripts}
    story = f"/blog/{slug}/"
    writer = page_of("new.member" if scripts else "new.member2", **options)
    writer.goto(story)
    writer.get_by_role("button", name="Post comment").click()
    expect(writer.get_by_role("alert")).to_contain_text("Write something first.")
    expect(writer.get_by_role("alert")).to_be_focused()
    writer.get_by_label("Your comment").fill("Is it **true**?")
    writer.get_by_role("button", name="Post comment").click()
    expect(writer.get_by_text("as it is your first comment")).to_be_visible()
    expect(writer.locator("#toasts")).to_contain_text("waits for a moderator")

    visitor = page_of("visitor", **options)
    visitor.goto(story)
    expect(visitor.get_by_text("No comments yet.")).to_be_visible()

    moderator = page_of("the.moderator", **options)
    moderator.goto("/blog/moderate/")
    moderator.get_by_role("button", name="Approve").click()
    expect(moderator.get_by_text("Nothing waits.")).to_be_visible()
    moderator.goto(story)
    moderator.get_by_role("link", name="Reply").click()
    moderator.get_by_label("Your reply").fill("It *is*.")
    moderator.get_by_role("button", name="Post reply").click()
    replies = moderator.locator(".talk__replies")
    expect(replies).to_contain_text("It is.")
    expect(moderator).to_have_url(re.compile(f"{story}(#comment-.*)?$"))

    writer.goto("/notices/")
    writer.get_by_role("button", name="the.moderator replied to your comment").click()
    writer.get_by_role("link", name="Show it among the others").click()
    expect(writer.locator(".talk__replies")).to_contain_text("It is.")
    writer.get_by_label("Your comment").fill("Thank you!")
    writer.get_by_role("button", name="Post comment").click()
    expect(writer.locator("#talks")).to_contain_text("Thank you!")
    expect(writer.get_by_role("link", name="1 new notice")).to_be_visible()

    visitor.reload()
    for words in ("Is it true?", "It is.", "Thank you!"):
        expect(visitor.locator("#talks")).to_contain_text(words)


def test_a_story_from_first_word_to_first_reply_without_scripts(page_of):
    plain = {"java_script_enabled": False, "viewport": {"width": 360, "height": 800}}
    editor = page_of("the.editor", **plain)
    editor.goto("/blog/write/")
    editor.get_by_label("Title").fill("Tea on two slopes")
    editor.get_by_label("Dek").fill("Darjeeling and the Nilgiris.")
    editor.get_by_role("textbox", name="Text (optional)").fill("The mist *stays*. " * 70)
    editor.get_by_role("button", name="Preview").click()
    expect(editor.locator("#preview em").first).to_have_text("stays")
    editor.get_by_role("button", name="Save and go on to publish").click()
    expect(editor.get_by_text("It is ready to be published.")).to_be_visible()
    editor.get_by_role("button", name="Publish").click()
    expect(editor.locator("#toasts")).to_contain_text("The story is published.")

    member = page_of("new.member3", **plain)
    member.goto("/blog/")
    member.get_by_role("link", name="Tea on two slopes").click()
    member.get_by_label("Your comment").fill("Which of them is older?")
    member.get_by_role("button", name="Post comment").click()
    expect(member.get_by_text("as it is your first comment")).to_be_visible()

    moderator = page_of("the.moderator", **plain)
    moderator.goto("/blog/moderate/")
    moderator.get_by_role("button", name="Approve the comment by new.member3").click()
    expect(moderator.locator("#toasts")).to_contain_text("The comment is published.")

    editor.goto("/blog/tea-on-two-slopes/")
    editor.get_by_role("link", name="Reply to new.member3").click()
    editor.get_by_label("Your reply").fill("Darjeeling.")
    editor.get_by_role("button", name="Post reply").click()
    expect(editor.locator(".talk__replies .chip")).to_have_text("Author")

    member.goto("/notices/")
    member.get_by_role("button", name="the.editor replied to your comment").click()
    expect(member.locator(".comment__words")).to_have_text("Darjeeling.")


def test_axe_finds_nothing(page_of):
    member, moderator = page_of("old.member"), page_of("the.moderator")
    moderator.goto("/blog/looks/")
    moderator.get_by_label("Your comment").fill("One.\n\n> two\n\n- three `four`")
    moderator.get_by_role("button", name="Post comment").click()
    expect(moderator.locator("#talks")).to_contain_text("three")
    comment = moderator.locator(".comment__head a:has(time)").last.get_attribute("href")
    member.goto(f"{comment}report/")
    member.get_by_label("Something else").check()
    member.get_by_role("button", name="Report").click()
    member.goto("/blog/looks/comments/")
    member.get_by_label("Your comment").fill("See https://x.example")
    member.get_by_role("button", name="Post comment").click()
    expect(member.get_by_text("waits for a moderator, as it has a link").first).to_be_visible()
    waiting = member.url
    key = comment.split("/")[-2]

    looks = [("light", 360, EVERY_RULE), ("dark", 1280, COLOURS)]
    for page, paths in [
        (member, ["/blog/looks/", waiting, f"{comment}report/", f"{comment}reply/", "/notices/"]),
        (
            moderator,
            [
                "/blog/moderate/",
                "/blog/moderate/bans/",
                f"/blog/moderate/{key}/ban/",
                f"/blog/moderate/{key}/refuse/",
                comment,
            ],
        ),
    ]:
        page.context.add_init_script(path=AXE)
        for path in paths:
            assert page.goto(path).status == 200
            for scheme, width, options in looks:
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 800})
                assert told(page.evaluate(RUN, options)) == [], f"{path}, {scheme}, {width} px"
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
