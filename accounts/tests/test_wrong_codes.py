"""Whoever knows a password and guesses codes gets nowhere, and does not lock the owner out."""

import time
from types import SimpleNamespace

import pyotp
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from accounts import limits
from accounts.tests.conftest import PASSWORD
from audit.models import Entry

pytestmark = pytest.mark.django_db
CODE = "/accounts/2fa/authenticate/"
STRANGER = "203.0.113.66"
HOME = "198.51.100.7"


@pytest.fixture(autouse=True)
def one_window(monkeypatch):
    """No five minutes end while a test runs."""
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))


@pytest.fixture
def app(meera):
    secret = pyotp.random_base32()
    TOTP.activate(meera, secret)
    RecoveryCodes.activate(meera)
    return pyotp.TOTP(secret)


@pytest.fixture
def half_in(client, meera, app):
    """A browser in which the password was right."""

    def _half_in(address=STRANGER, password=PASSWORD):
        browser = type(client)(REMOTE_ADDR=address)
        sent = {"login": "meera", "password": password}
        assert browser.post("/accounts/login/", sent)["Location"] == CODE
        return browser

    return _half_in


def wrong(browser, times=1):
    for _ in range(times):
        answer = browser.post(CODE, {"code": "000000"})
    return answer.content.decode()


def test_after_five_wrong_codes_a_client_waits(half_in, app):
    browser = half_in()
    assert "five minutes" not in wrong(browser, 5)
    assert "Wait five minutes" in wrong(browser)
    answer = half_in().post(CODE, {"code": app.now()})  # another session, the same address
    assert "Wait five minutes" in answer.content.decode()


def test_the_owner_comes_in_from_elsewhere_meanwhile(half_in, app):
    wrong(half_in(), 6)
    assert half_in(HOME).post(CODE, {"code": app.now()}).status_code == 302


def test_a_recovery_code_counts_like_another(half_in, meera):
    browser = half_in()
    wrong(browser, 5)
    [code, *_] = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()
    assert "Wait five minutes" in browser.post(CODE, {"code": code}).content.decode()
    assert half_in(HOME).post(CODE, {"code": code}).status_code == 302


def test_many_networks_together_are_slowed_down(half_in, app, monkeypatch):
    monkeypatch.setattr(limits, "CODES_OF_STRANGERS", (4, 86400))
    answers = [wrong(half_in(f"203.0.{number}.1")) for number in range(6)]
    assert ["five minutes" in page for page in answers] == [False] * 5 + [True]
    assert "five minutes" in half_in(HOME).post(CODE, {"code": app.now()}).content.decode()


def test_where_the_owner_logged_in_lately_they_are_not_slowed_down(half_in, app, monkeypatch):
    assert half_in(HOME).post(CODE, {"code": app.now()}).status_code == 302
    monkeypatch.setattr(limits, "CODES_OF_STRANGERS", (0, 86400))
    monkeypatch.setattr(limits, "CODES_WHEN_SLOW", (0, 600))
    assert "five minutes" in wrong(half_in())
    later = app.at(time.time() + 30)
    neighbour = HOME.replace(".7", ".8")  # of the same network
    assert half_in(neighbour).post(CODE, {"code": later}).status_code == 302


def test_a_known_network_has_an_end_too(half_in, app, monkeypatch):
    half_in(HOME).post(CODE, {"code": app.now()})
    monkeypatch.setattr(limits, "CODES_OF_KNOWN", (2, 300))
    pages = [wrong(half_in(f"198.51.100.{number}")) for number in range(1, 5)]
    assert ["five minutes" in page for page in pages] == [False, False, True, True]


def test_with_a_new_password_counting_begins_anew(half_in, meera, app, monkeypatch):
    monkeypatch.setattr(limits, "CODES_OF_STRANGERS", (0, 86400))
    monkeypatch.setattr(limits, "CODES_WHEN_SLOW", (1, 600))
    assert "five minutes" not in wrong(half_in())
    assert "five minutes" in wrong(half_in())
    new = "a quite different sentence"
    meera.set_password(new)
    meera.save()
    assert half_in(HOME, new).post(CODE, {"code": app.now()}).status_code == 302


def test_a_right_code_lets_the_client_begin_anew(half_in, app):
    browser = half_in()
    wrong(browser, 4)
    assert browser.post(CODE, {"code": app.now()}).status_code == 302
    assert "five minutes" not in wrong(half_in(), 3)


def test_the_owner_gets_one_mail_and_reads_it_in_their_log(half_in, client, meera, mailoutbox):
    browser = half_in()
    wrong(browser, 2)
    assert mailoutbox == []
    wrong(browser, 3)
    wrong(half_in("203.0.112.1"), 3)
    [mail] = mailoutbox
    assert mail.to == [meera.email]
    assert "They did not get in" in mail.body
    assert "203.0.113.0/24" in mail.body
    assert Entry.objects.about(meera).of_action("accounts.wrong_code").count() == 8
    client.force_login(meera)
    page = client.get("/accounts/security/").content.decode()
    assert "<strong>Somebody who knew the password typed a wrong code</strong>" in page


def test_nobody_uses_up_the_mails_before_that_one(client, half_in, mailoutbox):
    for number in range(31):
        asking = type(client)(REMOTE_ADDR=f"192.0.2.{number + 1}")
        asking.post("/accounts/password/reset/", {"email": "meera@pocket.example"})
    assert len(mailoutbox) == 30
    wrong(half_in(), 3)
    assert "seems to know your password" in mailoutbox[-1].subject
