"""Writing in real browsers: two editors at once, a server that stops, no scripts, axe."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from blog.tests.conftest import photo
from pocket.tests.browser.conftest import AXE, TELL_VIOLATIONS
from pocket.tests.browser.test_accessibility import COLOURS, EVERY_RULE, RUN, told
from tools.serving import HERE, serve, stop, wait_until_open

BODY = "It rains on the coast of Kerala, and then it rains again. " * 6


@pytest.fixture(scope="session")
def cookies(live_site, cookie_of):
    """Two editors' sessions."""
    return {name: cookie_of(live_site, name, superuser=True) for name in ("meera", "ravi")}


@pytest.fixture
def desk_of(chromium, live_site, cookies):
    contexts, complaints = [], []

    def _desk_of(name: str, **options):
        context = chromium.new_context(
            base_url=live_site.url, viewport={"width": 1280, "height": 900}, **options
        )
        context.set_default_timeout(10_000)
        if options.get("java_script_enabled", True):
            context.add_init_script(TELL_VIOLATIONS)
            context.add_init_script(path=AXE)
        contexts.append(context)
        context.add_cookies([cookies[name]])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: "Content Security" in said.text and complaints.append(said.text)
        )
        return page

    yield _desk_of
    for context in contexts:
        context.close()
    assert [said for said in complaints if "Transition was" not in said] == []


def write(page, title: str) -> str:
    page.goto("/blog/write/")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text", exact=False).first.fill(BODY)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/edit/")
    return page.url


def text_of(page):
    return page.locator("#id_body")


def test_two_editors_save_one_story(desk_of):
    mine, theirs = desk_of("meera"), desk_of("ravi")
    address = write(mine, "Two at once")
    theirs.goto(address)
    text_of(theirs).fill("They say it pours.")
    text_of(mine).fill("I say it rains.")
    theirs.get_by_role("button", name="Save", exact=True).click()
    expect(theirs.get_by_text("Saved.")).to_be_visible()

    mine.get_by_role("button", name="Save", exact=True).click()
    expect(mine.get_by_role("heading", name="Somebody saved this story")).to_be_visible()
    expect(mine.get_by_role("region", name="Yours")).to_have_text("I say it rains.")
    expect(mine.get_by_role("region", name="Theirs")).to_have_text("They say it pours.")
    assert axed(mine) == []

    mine.get_by_role("button", name="Merge by hand").click()
    expect(text_of(mine)).to_have_value("I say it rains.")
    text_of(mine).fill("I say it rains. They say it pours.")
    mine.get_by_role("button", name="Save", exact=True).click()
    expect(mine.get_by_text("Saved.")).to_be_visible()
    theirs.goto(address)
    expect(text_of(theirs)).to_have_value("I say it rains. They say it pours.")
    theirs.goto(address.replace("/edit/", "/history/?from=1&to=3"))
    expect(theirs.locator(".diff ins").first).to_be_visible()
    assert axed(theirs) == []


def test_nothing_is_lost_while_the_server_is_away(tmp_path_factory, chromium, cookie_of):
    with serve(tmp_path_factory.mktemp("away"), WEB_CONCURRENCY="1", TASK_WORKER="False") as site:
        context = chromium.new_context(base_url=site.url)
        context.set_default_timeout(15_000)
        context.add_cookies([cookie_of(site, "asha", superuser=True)])
        page = context.new_page()
        page.goto("/blog/write/")
        page.get_by_label("Title").fill("While the server is away")
        text_of(page).press_sequentially("First words.")
        expect(page.locator("[data-saved]")).to_have_text(re.compile(r"Draft saved \d+ s ago"))

        stop_master(site)
        text_of(page).press_sequentially(" Written while it was away.")
        expect(page.locator("[data-trouble]")).to_contain_text("Your words are in this page")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".toast--error")).to_be_visible()
        expect(text_of(page)).to_have_value("First words. Written while it was away.")
        asked = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
        page.evaluate("location.href = '/blog/write/all/'")
        page.wait_for_timeout(300)
        assert asked == ["beforeunload"]

        with started_again(site):
            expect(page.locator("[data-trouble]")).to_have_text("", timeout=30_000)
            expect(page.locator("[data-saved]")).to_have_text(re.compile("Draft saved"))
            second = context.new_page()
            second.goto("/blog/write/")
            second.get_by_text("See them").click()
            expect(second.locator(".diff").first).to_contain_text("Written while it was away.")
            second.get_by_role("link", name="Take them").click()
            expect(text_of(second)).to_have_value("First words. Written while it was away.")
            second.get_by_role("button", name="Save", exact=True).click()
            second.wait_for_url("**/while-the-server-is-away/edit/")
        context.close()


def stop_master(site) -> None:
    os.kill(site.pid, signal.SIGTERM)
    end = time.monotonic() + 10
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", site.port)):
                return
        time.sleep(0.1)
    raise AssertionError("the server does not stop")


@contextmanager
def started_again(site):
    path = site.var / "again.log"
    command = [sys.executable, "-m", "gunicorn"]
    with (
        path.open("wb") as log,
        subprocess.Popen(
            command, cwd=HERE, env=site.environment, stdout=log, stderr=log
        ) as process,
    ):
        try:
            wait_until_open(site.port, process, path)
            yield
        finally:
            stop(process)


def test_a_file_that_was_chosen_is_asked_about_and_a_form_that_is_sent_stands_still(desk_of):
    page = desk_of("meera")
    page.goto("/blog/write/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_text("Cover", exact=True).click()
    page.locator("#id_cover_file").set_input_files(
        {"name": "rain.jpg", "mimeType": "image/jpeg", "buffer": photo().read()}
    )
    page.evaluate("location.href = '/blog/write/all/'")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]

    page.locator("#id_title").fill("Chosen")
    page.locator("#id_cover_alt").fill("Rain")
    text_of(page).fill(BODY)
    page.route("**/blog/write/", lambda route: (page.wait_for_timeout(400), route.continue_()))
    page.get_by_role("button", name="Save", exact=True).click()
    page.keyboard.type("typed while it is sent")
    expect(page.locator("#story-form")).to_have_attribute("inert", "")
    page.wait_for_url("**/chosen/edit/")
    assert asked == ["beforeunload"]
    expect(page.locator(".editor__cover")).to_have_attribute("alt", "Rain")


def test_the_preview_follows_and_a_dropped_picture_lands_in_the_text(desk_of):
    page = desk_of("meera")
    page.goto("/blog/write/")
    text_of(page).fill("## Coast\n\n")
    expect(page.locator("#preview h2")).to_have_text("Coast")
    text_of(page).evaluate("field => field.setSelectionRange(0, 0)")
    page.get_by_role("button", name="Bold").click()
    expect(text_of(page)).to_have_value("****## Coast\n\n")
    text_of(page).fill("")
    drop(page, photo().read())
    expect(text_of(page)).to_have_value(re.compile(r"!\[\]\(/media/stories/[\w-]{22}\)"))
    page.keyboard.type("A roof")
    expect(page.locator("#preview img")).to_have_attribute("alt", "A roof")
    drop(page, b"<svg/>")
    expect(page.locator("[data-trouble]")).to_contain_text("cannot be read as a picture")
    page.locator("#id_title").fill("Drop")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/drop/edit/")


def drop(page, data: bytes) -> None:
    page.evaluate(
        """data => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(data)], "a.jpg", { type: "image/jpeg" }));
          document.getElementById("id_body").dispatchEvent(
            new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }""",
        list(data),
    )


def test_a_story_is_written_and_published_without_scripts(desk_of):
    page = desk_of("ravi", java_script_enabled=False)
    page.goto("/blog/write/")
    page.locator("#id_title").fill("Without scripts")
    page.locator("#id_dek").fill("It rains.")
    text_of(page).fill(f"{BODY}\n\n**again**")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview strong")).to_have_text("again")
    page.get_by_role("button", name="Save and go on to publish").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("The story is published.")).to_be_visible()


def test_axe_finds_nothing_where_editors_work(desk_of):
    page = desk_of("meera")
    write(page, "For axe")
    found = []
    for path in (
        "/blog/write/",
        "/blog/for-axe/edit/",
        "/blog/for-axe/publish/",
        "/blog/for-axe/history/",
        "/blog/for-axe/history/1/",
        "/blog/write/all/",
        "/blog/write/import/",
    ):
        page.goto(path)
        if path.endswith("edit/"):
            page.evaluate("document.querySelectorAll('details').forEach(it => (it.open = true))")
        found += [f"{path} {said}" for said in axed(page)]
    assert found == []


def axed(page) -> list[str]:
    found = []
    for scheme, width, options in [
        ("light", 360, EVERY_RULE),
        ("light", 1280, EVERY_RULE),
        ("dark", 1280, COLOURS),
    ]:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{scheme} {width}: {said}" for said in told(page.evaluate(RUN, options))]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{width} px: {wide} px too wide"] if wide > 0 else []
    return found
