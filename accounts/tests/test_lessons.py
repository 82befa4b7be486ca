"""What a hostile reader once found stays found."""

import json
import re

import pyotp
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP

from accounts import proof_forms
from accounts.models import User
from accounts.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "a quite different sentence"


def log_in(client, login="meera", password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": login, "password": password}, **more)


@pytest.fixture
def app(meera):
    """Meera's app with codes."""
    secret = pyotp.random_base32()
    TOTP.activate(meera, secret)
    return pyotp.TOTP(secret)


def test_a_code_of_an_app_opens_the_door_once(client, app, monkeypatch):
    code = app.now()
    for expected in (302, 422):
        other = type(client)()
        log_in(other)
        # allauth forgets after half a minute what was used, and takes it for longer.
        monkeypatch.setattr(TOTP, "_mark_code_used", lambda self, code: True)
        answer = other.post("/accounts/2fa/authenticate/", {"code": code})
        assert answer.status_code == expected


def test_who_began_with_the_old_password_does_not_get_in(client, meera, app):
    half = type(client)()
    assert log_in(half)["Location"] == "/accounts/2fa/authenticate/"
    meera.set_password(NEW)
    meera.save()
    answer = half.post("/accounts/2fa/authenticate/", {"code": app.now()})
    assert answer["Location"] == "/accounts/login/"
    assert half.get("/accounts/").status_code == 302


def test_other_sessions_end_with_a_new_factor(client, meera, django_capture_on_commit_callbacks):
    other = type(client)()
    log_in(other)
    log_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r"<code class=\"break\">(\w+)</code>", page)[1]
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": pyotp.TOTP(secret).now()})
    assert "A second proof was added" in client.get("/accounts/security/").content.decode()
    assert Authenticator.objects.filter(user=meera, type="totp").exists()
    assert client.get("/accounts/").status_code == 200
    assert other.get("/accounts/").status_code == 302


def test_nobody_keeps_another_from_a_new_password(client, meera, mailoutbox):
    asked = {"email": "meera@pocket.example"}
    for number in range(12):
        stranger = type(client)(REMOTE_ADDR=f"203.0.113.{number % 3 + 1}")
        assert stranger.post("/accounts/password/reset/", asked).status_code == 302
    before = len(mailoutbox)
    owner = type(client)(REMOTE_ADDR="198.51.100.7")
    assert owner.post("/accounts/password/reset/", asked).status_code == 302
    assert len(mailoutbox) == before + 1


def test_one_client_does_not_flood_a_mailbox_and_is_not_told(client, mailoutbox):
    asked = {"email": "nobody@pocket.example"}
    answers = [client.post("/accounts/password/reset/", asked).status_code for _ in range(9)]
    assert answers == [302] * 9
    assert len(mailoutbox) == 5


@pytest.mark.parametrize(
    "following",
    [
        "http://[",
        "http://localhost/",
        "http://127.0.0.1/",
        "https://evil.example",
        "//evil.example",
    ],
)
def test_next_stays_on_the_site(client, meera, following):
    for path in ("login", "signup", "password/reset", "logout"):
        assert client.get(f"/accounts/{path}/", {"next": following}).status_code < 400
    answer = client.post(
        f"/accounts/login/?next={following}", {"login": "meera", "password": PASSWORD}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")


KEYS = [
    "",
    "null",
    "[]",
    "{",
    '"a"',
    json.dumps({"id": "a", "rawId": "b", "type": "public-key", "response": {}}),
    json.dumps(
        {
            "id": "YQ",
            "rawId": "YQ",
            "type": "public-key",
            "response": {"clientDataJSON": "W10", "attestationObject": "ow"},
        }
    ),
    json.dumps(
        {
            "id": "YQ",
            "rawId": "YQ",
            "type": "public-key",
            "response": {
                "clientDataJSON": "e30",
                "attestationObject": "gYGB" * 1000,
                "authenticatorData": "gYGB" * 1000,
                "signature": "YQ",
            },
        }
    ),
    "[" * 100_000,
    "x" * 200_000,
]


@pytest.mark.parametrize("number", range(len(KEYS)))
def test_no_passkey_whatever_is_our_fault(client, meera, app, number):
    sent = {"credential": KEYS[number], "name": "key"}
    client.get("/accounts/2fa/webauthn/login/")
    assert client.post("/accounts/2fa/webauthn/login/", sent).status_code in (302, 422)
    log_in(client)
    assert client.post("/accounts/2fa/authenticate/", sent).status_code in (302, 422)
    client.force_login(meera)
    client.post("/accounts/2fa/reauthenticate/", {"code": app.now()})
    assert client.get("/accounts/2fa/webauthn/add/").status_code == 200
    assert client.post("/accounts/2fa/webauthn/add/", sent).status_code == 422


def test_log_in_is_counted_by_network_in_ipv6(client, meera):
    for number in range(6):
        answer = log_in(client, password="wrong", REMOTE_ADDR=f"2001:db8::{number + 1:x}")
    assert "Wait five minutes" in answer.content.decode()


def test_name_and_address_are_counted_together(client, meera):
    for login in ("meera", "meera@pocket.example", "MEERA", "ｍｅｅｒａ", "meera", "meera"):
        answer = log_in(client, login, "wrong")
    assert "Wait five minutes" in answer.content.decode()


def test_nobody_has_a_page_before_an_address_is_verified(client, meera, verifying):
    assert client.get("/people/meera/").status_code == 404
    meera.emailaddress_set.create(email=meera.email, verified=True, primary=True)
    assert client.get("/people/meera/").status_code == 200


def test_names_hold_nothing_that_cannot_be_seen(client, meera):
    log_in(client)
    answer = client.post("/accounts/profile/", {"first_name": "Me\u202eera"})
    assert answer.status_code == 422
    assert "cannot be seen" in answer.content.decode()


def test_the_back_room_changes_no_password_and_no_name(client, admin_user, meera):
    client.force_login(admin_user)
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/change/"
    page = client.get(f"/admin/accounts/user/{meera.pk}/change/").content.decode()
    assert 'name="username"' not in page


def test_the_back_room_gives_nobody_the_address_of_another(client, proved, admin_user, meera):
    meera.emailaddress_set.create(email="second@pocket.example", verified=True)
    kabir = User.objects.create_user("kabir", "kabir@pocket.example")
    proved(admin_user)
    address = f"/admin/accounts/user/{kabir.pk}/change/"
    filled = {
        "email": "second@pocket.example",
        "is_active": "on",
        "date_joined_0": "2026-11-21",
        "date_joined_1": "10:00:00",
    }
    assert "has an account" in client.post(address, filled).content.decode()


def test_logging_out_clears_what_the_browser_kept(client, meera):
    log_in(client)
    assert client.post("/accounts/logout/")["Clear-Site-Data"] == '"cache", "storage"'


def test_a_used_code_is_remembered_as_long_as_it_would_be_taken():
    assert proof_forms.CODE_SECONDS >= 90
