import re
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth import hashers
from django.core import mail

from accounts.models import User
from accounts.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def log_in(client, login="meera", password=PASSWORD, path="/accounts/login/", **more):
    return client.post(path, {"login": login, "password": password, **more})


@pytest.mark.parametrize(
    "login", ["meera", "MEERA", "meera@pocket.example", " Meera@Pocket.Example "]
)
def test_name_and_address_both_open_the_door(client, meera, login):
    response = log_in(client, login, path="/accounts/login/?next=/states/goa/")
    assert (response.status_code, response["Location"]) == (302, "/states/goa/")


def test_another_verified_address_opens_it_too_and_an_unverified_one_does_not(client, meera):
    meera.emailaddress_set.create(email="second@pocket.example", verified=False)
    assert log_in(client, "second@pocket.example").status_code == 422
    meera.emailaddress_set.update(verified=True)
    assert log_in(client, "second@pocket.example").status_code == 302


def test_one_answer_for_a_wrong_password_and_for_nobody(client, meera):
    pages = []
    for login in ("meera", "nobody", "meera@pocket.example", "nobody@pocket.example"):
        response = log_in(client, login, "not the password")
        assert response.status_code == 422
        pages.append(response.content.decode().replace(login, ""))
    assert "do not belong together" in pages[0]
    assert len({len(page) for page in pages}) == 1


@pytest.mark.parametrize("login", ["meera", "nobody", "meera@pocket.example", "no@pocket.example"])
def test_it_costs_the_same_whoever_is_asked_for(client, meera, monkeypatch, login):
    made = []
    real = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher,
        "encode",
        lambda self, *args, **more: made.append(1) or real(self, *args, **more),
    )
    log_in(client, login, "not the password")
    assert len(made) == 1


def test_who_guesses_is_stopped_and_the_owner_is_not(client, meera):
    for _ in range(5):
        log_in(client, "meera", "a wrong guess", REMOTE_ADDR="203.0.113.66")
    guesser = type(client)(REMOTE_ADDR="203.0.113.66")
    for _ in range(6):
        stopped = log_in(guesser, "meera", "a wrong guess")
    assert "Wait five minutes" in stopped.content.decode()
    assert "Wait five minutes" in log_in(guesser, "meera", PASSWORD).content.decode()
    owner = type(client)(REMOTE_ADDR="198.51.100.7")
    assert log_in(owner).status_code == 302


def test_the_limit_is_the_same_for_names_that_nobody_has(client, meera):
    answers = []
    for login in ("meera", "nobody"):
        guesser = type(client)(REMOTE_ADDR=f"203.0.113.{len(answers) + 1}")
        answers.append(
            [log_in(guesser, login, "wrong").content.count(b"five minutes") for _ in range(7)]
        )
    assert answers[0] == answers[1]
    assert answers[0][-1] > 0


def test_letter_case_does_not_get_around_the_limit(client, meera):
    for guess in ("meera", "Meera", "MEERA", "mEERA", "meErA", "MeErA"):
        page = log_in(client, guess, "wrong").content.decode()
    assert "Wait five minutes" in page


def test_an_address_that_asks_too_often_is_told_how_long_to_wait(client, meera):
    for number in range(31):
        response = log_in(client, f"somebody{number}", "wrong")
    assert response.status_code == 429
    assert response["Retry-After"] == "60"
    assert "60 seconds" in response.content.decode()


def test_the_session_has_another_key_after_log_in(client, meera):
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    log_in(client)
    assert client.session.session_key != session.session_key


def test_a_session_lasts_12_hours_or_14_days(client, meera):
    log_in(client)
    assert client.cookies["sessionid"]["max-age"] == 12 * 60 * 60
    client.logout()
    log_in(client, remember="on")
    assert client.cookies["sessionid"]["max-age"] == 14 * 24 * 60 * 60


def test_a_session_that_is_used_lives_on(client, meera):
    log_in(client)
    client.get("/accounts/")
    assert "sessionid" not in client.get("/accounts/").cookies
    session = client.session
    session["seen"] -= 301
    session.save()
    before = meera.usersession_set.get().last_seen_at
    assert client.get("/accounts/").cookies["sessionid"]["max-age"] == 12 * 60 * 60
    assert meera.usersession_set.get().last_seen_at > before


def test_logging_out_is_a_post(client, meera):
    log_in(client)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/accounts/").status_code == 200
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert client.get("/accounts/")["Location"].startswith("/accounts/login/")


def test_staff_come_to_their_rooms_and_others_home(client, meera):
    assert log_in(client)["Location"] == "/"
    client.logout()
    User.objects.filter(pk=meera.pk).update(is_staff=True)
    assert log_in(client)["Location"] in ("/dashboard/", "/admin/")


def test_the_admin_has_no_door_of_its_own(client, meera):
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    away = client.get("/admin/login/?next=/admin/states/")
    assert away["Location"] == "/accounts/login/?next=%2Fadmin%2Fstates%2F"
    posted = client.post("/admin/login/", {"username": "meera", "password": PASSWORD})
    assert posted.status_code == 302
    assert "_auth_user_id" not in client.session
    client.force_login(meera)
    assert client.get("/admin/", follow=True).status_code == 403


def test_staff_without_a_second_proof_wait_where_the_site_wants_one(client, settings, admin_user):
    settings.REQUIRE_STAFF_MFA = True
    client.force_login(admin_user)
    response = client.get("/admin/states/state/")
    assert response["Location"] == "/accounts/2fa/"
    assert "second proof" in client.get("/accounts/2fa/").content.decode()
    assert client.get("/states/").status_code == 200


# --- A new password -----------------------------------------------------------------------------


def test_a_forgotten_password_is_replaced_by_a_code(client, meera, last_code, mailoutbox):
    response = client.post("/accounts/password/reset/", {"email": "Meera@pocket.example"})
    assert response["Location"] == "/accounts/password/reset/confirm/"
    assert "http" not in mailoutbox[0].body.removesuffix("http://127.0.0.1:8000")
    response = client.post(response["Location"], {"code": last_code()})
    new = "a quite different sentence"
    done = client.post(response["Location"], {"password1": new, "password2": new})
    assert done.status_code == 302
    client.logout()
    assert log_in(client).status_code == 422
    assert log_in(client, password=new).status_code == 302


def test_nobody_learns_who_has_an_account_by_asking_for_a_password(
    client, meera, verifying, mailoutbox
):
    answers = []
    for address in ("meera@pocket.example", "nobody@pocket.example"):
        visitor = type(client)()
        response = visitor.post("/accounts/password/reset/", {"email": address})
        page = visitor.get(response["Location"]).content.decode().replace(address, "")
        answers.append((response.status_code, response["Location"], len(page)))
    assert answers[0] == answers[1]
    assert len(mailoutbox) == 2


def test_changing_the_password_ends_the_other_sessions_and_says_so(client, meera, mailoutbox):
    other = type(client)()
    log_in(other)
    log_in(client)
    new = "a quite different sentence"
    response = client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
        follow=True,
    )
    assert "All your other sessions have ended" in response.content.decode()
    assert client.get("/accounts/").status_code == 200
    assert other.get("/accounts/").status_code == 302
    assert "password was changed" in mailoutbox[-1].body


def test_a_mail_server_that_is_away_is_nobodys_500(client, meera, monkeypatch, caplog):
    def refuse(self, messages):
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr(mail.backends.locmem.EmailBackend, "send_messages", refuse)
    response = client.post("/accounts/password/reset/", {"email": "meera@pocket.example"})
    assert response.status_code == 302
    assert "GivenUpError" in caplog.text
    assert "meera" not in caplog.text


# --- Sessions -----------------------------------------------------------------------------------

PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A155F) Chrome/141.0 Mobile Safari/537.36"


def test_sessions_are_told_in_words_and_ended_one_by_one(client, meera):
    phone = type(client)(HTTP_USER_AGENT=PHONE, REMOTE_ADDR="203.0.113.77")
    log_in(phone)
    log_in(client)
    page = client.get("/accounts/sessions/").content.decode()
    assert "Chrome on Android" in page
    assert "203.0.113.0/24" in page
    assert "203.0.113.77" not in page
    theirs = meera.usersession_set.get(user_agent=PHONE)
    client.post(f"/accounts/sessions/{theirs.pk}/end/")
    assert phone.get("/accounts/").status_code == 302
    assert client.get("/accounts/").status_code == 200


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
    ],
)
def test_of_a_clients_address_the_network_is_kept(client, meera, address, kept):
    client.defaults["REMOTE_ADDR"] = address
    log_in(client)
    new = "a quite different sentence"
    changed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post("/accounts/password/change/", changed)
    assert set(meera.usersession_set.values_list("ip", flat=True)) == {kept}


def test_addresses_kept_in_full_before_are_shortened(meera):
    migration = import_module("accounts.migrations.0005_session_networks")
    full = {"a": "203.0.113.77", "b": "2001:db8:1:2::7", "c": "::ffff:203.0.113.77"}
    for key, ip in full.items():
        meera.usersession_set.create(session_key=key, ip=ip, user_agent=PHONE)
        meera.usersession_set.filter(session_key=key).update(ip=ip)
    migration.shorten(apps, None)
    kept = dict(meera.usersession_set.values_list("session_key", "ip"))
    assert kept == {"a": "203.0.113.0", "b": "2001:db8:1::", "c": "203.0.113.0"}


def test_all_other_sessions_end_at_once(client, meera):
    others = [type(client)() for _ in range(2)]
    for other in others:
        log_in(other)
    log_in(client)
    client.post("/accounts/sessions/end-others/")
    assert [other.get("/accounts/").status_code for other in others] == [302, 302]
    assert client.get("/accounts/").status_code == 200


def test_nobody_ends_the_session_of_another(client, meera):
    log_in(client)
    theirs = meera.usersession_set.get()
    kabir = User.objects.create_user("kabir", "kabir@pocket.example", PASSWORD)
    stranger = type(client)()
    stranger.force_login(kabir)
    assert stranger.post(f"/accounts/sessions/{theirs.pk}/end/").status_code == 404
    assert stranger.get(f"/accounts/sessions/{theirs.pk}/end/").status_code == 405
    assert client.get("/accounts/").status_code == 200


# --- Second factors -----------------------------------------------------------------------------


def test_keys_of_second_factors_are_locked_in_the_database(client, meera, settings):
    from accounts.adapter import MFAAdapter

    locked = MFAAdapter().encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DPEHPK3PXP" not in locked
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another key of chance" * 4
    settings.SECRET_KEY_FALLBACKS = [old]
    assert MFAAdapter().decrypt(locked) == "JBSWY3DPEHPK3PXP"


@pytest.mark.parametrize("pk", ["0", "9" * 30, "9" * 300])
def test_no_number_in_an_address_is_our_fault(client, meera, pk):
    log_in(client)
    for path in (f"sessions/{pk}/end/", f"2fa/webauthn/keys/{pk}/edit/"):
        assert client.post(f"/accounts/{path}").status_code in (302, 404)
    assert client.post(f"/accounts/2fa/webauthn/keys/{pk}/remove/").status_code in (302, 404)


def test_what_somebody_typed_stays_on_their_page(door):
    blank = door("/accounts/login/").text
    cookie = door("/accounts/login/")["Set-Cookie"].split(";")[0]
    token = cookie.partition("=")[2]
    wrong = door(
        "/accounts/login/",
        "POST",
        headers={"Cookie": cookie},
        body=f"csrfmiddlewaretoken={token}&login=asha&password=wrong".encode(),
        CONTENT_TYPE="application/x-www-form-urlencoded",
    )
    assert wrong.status == 422
    assert 'value="asha"' in wrong.text
    again = door("/accounts/login/").text
    assert "asha" not in again
    assert re.sub(r'value="\w{64}"', "", again) == re.sub(r'value="\w{64}"', "", blank)
