"""People's pages in a real browser: from sign-up to the second proof, with and without scripts."""

import re
import time

import pyotp
import pytest
from playwright.sync_api import expect

from pocket.tests.browser.conftest import AXE, TELL_VIOLATIONS
from pocket.tests.browser.test_accessibility import COLOURS, EVERY_RULE, RUN, told
from tools.serving import serve

PASSWORD = "monsoon over Kaveri 1924"
GOA = re.compile(r"^[^?]*/states/goa/$")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("people"), WEB_CONCURRENCY="1") as site:
        yield site


@pytest.fixture
def page(request, chromium, site):
    """A page on a phone that also tells what was said against it."""
    scripts = getattr(request, "param", True)
    context = chromium.new_context(
        base_url=site.url.replace("127.0.0.1", "localhost"),
        viewport={"width": 360, "height": 800},
        java_script_enabled=scripts,
    )
    context.set_default_timeout(10_000)
    if scripts:
        context.add_init_script(TELL_VIOLATIONS)
    page = context.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console", lambda said: "Content Security" in said.text and complaints.append(said.text)
    )
    yield page
    context.close()
    assert [said for said in complaints if "Transition was" not in said] == []


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def sign_up(page, name: str) -> None:
    page.goto("/accounts/signup/?next=/states/goa/")
    page.get_by_label("User name").fill(name)
    page.get_by_label("E-mail address").fill(f"{name}@pocket.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Sign up")
    page.wait_for_url(GOA)


def log_in(page, name: str) -> None:
    page.goto("/accounts/login/?next=/states/goa/")
    page.get_by_label("E-mail or user name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    press(page, "Log in")


def show_again(page) -> None:
    """Show once more that it is me, where the site asks."""
    if "/reauthenticate/" in page.url:
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        press(page, "Confirm")


def log_out(page) -> None:
    page.goto("/accounts/")
    press(page, "Log out")
    expect(page.get_by_role("link", name="Log in")).to_be_visible()


def newest_code(site, name: str) -> str:
    """The code in the newest mail to this person, which leaves a moment after the answer."""
    end = time.monotonic() + 8
    while time.monotonic() < end:
        mails = sorted(site.var.glob("mail/*.log"), key=lambda file: file.stat().st_mtime)
        texts = [file.read_text() for file in mails]
        theirs = "\n".join(text for text in texts if f"To: {name}@pocket.example\n" in text)
        if codes := re.findall(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", theirs, re.MULTILINE):
            return codes[-1]
        time.sleep(0.1)
    raise AssertionError(f"no mail with a code for {name}")


@pytest.mark.parametrize("page", [True, False], indirect=True, ids=["scripts", "no scripts"])
def test_from_sign_up_to_a_recovery_code(page, site, request):
    name = "meera" if "no scripts" not in request.node.name else "kabir"
    sign_up(page, name)

    page.goto("/accounts/email/")
    page.get_by_role("button", name=f"Verify {name}@pocket.example").click()
    expect(page.get_by_text("Its mails land, as files, in")).to_be_visible()
    page.get_by_label("Code").fill(newest_code(site, name))
    press(page, "Confirm")
    expect(page.get_by_text("verified", exact=True)).to_be_visible()

    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Set up an app").click()
    show_again(page)
    app = pyotp.TOTP(page.locator("main code").inner_text())
    page.locator("[name=code]").fill(app.now())
    press(page, "Switch it on")
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    page.reload()
    expect(page.locator(".codes")).to_have_count(0)  # shown once

    log_out(page)
    log_in(page, name)
    page.locator("[name=code]").fill("000000")
    press(page, "Log in")
    expect(page.locator(".error-summary")).to_be_visible()
    page.locator("[name=code]").fill(codes[0])
    press(page, "Log in")
    page.wait_for_url(GOA)

    page.goto("/accounts/sessions/")
    expect(page.locator("#seats li")).to_have_count(1)
    expect(page.locator("#seats")).to_contain_text("Chrome on Linux")


def test_a_passkey_opens_the_door(page):
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    sign_up(page, "asha")
    page.goto("/accounts/2fa/webauthn/add/")
    show_again(page)
    page.get_by_label("Log in with it alone").check()
    press(page, "Add a passkey")
    page.wait_for_url("**/recovery-codes/")
    log_out(page)
    page.goto("/accounts/login/?next=/states/goa/")
    press(page, "Use a passkey")
    page.wait_for_url(GOA)
    page.goto("/accounts/2fa/webauthn/")
    expect(page.locator(".rows li")).to_contain_text("used last on")


def test_a_password_is_shown_while_its_button_is_pressed(page):
    page.goto("/accounts/login/")
    field = page.get_by_label("Password", exact=True)
    field.fill("see me")
    button = page.get_by_role("button", name="Show Password")
    button.click()
    expect(field).to_have_attribute("type", "text")
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(field).to_have_attribute("type", "password")


def test_a_wrong_form_takes_the_focus_to_its_summary(page):
    page.goto("/accounts/login/")
    press(page, "Log in")
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").first.click()
    expect(page.get_by_label("E-mail or user name")).to_be_focused()


@pytest.mark.parametrize("page", [True, False], indirect=True, ids=["scripts", "no scripts"])
def test_who_deletes_their_account_may_come_back(page, request):
    name = "tara" if "no scripts" not in request.node.name else "tarun"
    sign_up(page, f"{name}-before")  # who may be the first, and has to stay
    log_out(page)
    sign_up(page, name)
    page.goto("/accounts/")
    page.get_by_role("link", name="Delete my account").click()
    page.get_by_label("goes as well").check()
    press(page, "Delete my account")
    show_again(page)
    expect(page.get_by_role("heading", name="Your account is deleted")).to_be_visible()
    press(page, "Log out")
    log_in(page, name)
    press(page, "Keep my account")
    expect(page.get_by_text("Welcome back. Everything of yours is where it was.")).to_be_visible()
    page.goto(f"/people/{name}/")
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def test_axe_finds_nothing_on_the_pages_of_people(page):
    page.context.add_init_script(path=AXE)
    paths = ["login/", "signup/", "password/reset/"]
    found = [*axed(page, paths)]
    sign_up(page, "bina")
    rooms = [
        "",
        "email/",
        "password/change/",
        "2fa/",
        "sessions/",
        "security/",
        "logout/",
        "reauthenticate/",
        "privacy/",
        "delete/",
    ]
    found += axed(page, rooms)
    page.goto("/accounts/2fa/totp/activate/")
    show_again(page)
    found += axed(page, ["2fa/totp/activate/", "2fa/webauthn/add/"])
    page.goto("/accounts/signup/")
    assert found == []


def axed(page, paths: list[str]):
    for path in paths:
        page.goto(f"/accounts/{path}")
        if path in ("login/", "signup/"):
            page.get_by_role(
                "button", name="Log in" if path == "login/" else "Sign up"
            ).first.click()
        for scheme, options in [("light", EVERY_RULE), ("dark", COLOURS)]:
            page.emulate_media(color_scheme=scheme)
            yield from (f"{path} {scheme}: {said}" for said in told(page.evaluate(RUN, options)))
