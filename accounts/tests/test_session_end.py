"""Sessions that end although they are used, and what becomes of what was sent."""

import re
import time

import pytest
from django.contrib.auth.models import Permission

from accounts.models import User
from accounts.roles import EDITOR
from accounts.tests.conftest import PASSWORD
from pocket.testing import HTMX

pytestmark = pytest.mark.django_db
HOUR, DAY = 3600, 86400
PROFILE = "/accounts/profile/"


def log_in(client, path="/accounts/login/", login="meera", **more):
    return client.post(path, {"login": login, "password": PASSWORD, **more})


def pass_by(client, *, idle=0, age=0) -> None:
    """Let time go: since the last request, and since the log-in."""
    session = client.session
    session["seen"] = int(time.time()) - idle
    session["began"] = int(time.time()) - max(age, idle)
    session.save()


@pytest.fixture
def editor(meera):
    meera.give_role(EDITOR, by=None)
    return meera


def test_after_30_days_a_session_ends_whatever_is_done_with_it(client, meera):
    log_in(client, remember="on")
    pass_by(client, age=30 * DAY - HOUR)
    assert client.get(PROFILE).status_code == 200
    pass_by(client, age=30 * DAY + 1)
    assert client.get(PROFILE)["Location"] == f"/accounts/login/?next={PROFILE}"
    assert not meera.usersession_set.exists()


def test_staff_have_two_hours(client, editor):
    log_in(client)
    pass_by(client, idle=2 * HOUR)
    assert client.get("/admin/").status_code == 200
    pass_by(client, idle=2 * HOUR + 301)
    assert client.get("/admin/").status_code == 302


def test_members_have_not(client, meera):
    log_in(client)
    pass_by(client, idle=11 * HOUR)
    assert client.get(PROFILE).status_code == 200


def test_whoever_may_do_something_counts_as_staff(client, meera):
    meera.user_permissions.add(Permission.objects.get(codename="change_state"))
    log_in(client)
    pass_by(client, idle=3 * HOUR)
    assert client.get(PROFILE).status_code == 302


def test_a_role_given_meanwhile_counts_at_once(client, meera):
    log_in(client)
    meera.give_role(EDITOR, by=None)
    pass_by(client, idle=3 * HOUR)
    assert client.get(PROFILE).status_code == 302


def test_how_long_is_for_the_site_to_say(client, editor, settings):
    settings.STAFF_IDLE_MINUTES = 10
    log_in(client)
    pass_by(client, idle=16 * 60)
    assert client.get(PROFILE).status_code == 302


def test_staff_do_not_stay_signed_in_and_are_told(client, editor):
    log_in(client, remember="on")
    assert client.cookies["sessionid"]["max-age"] == 12 * HOUR
    assert "Staff do not stay signed in" in client.get(PROFILE).content.decode()


def test_a_session_from_before_counts_from_when_it_is_seen(client, meera):
    client.force_login(meera)
    client.get(PROFILE)
    assert client.session["began"] == client.session["seen"]


def test_the_list_of_sessions_has_no_ended_ones(client, editor):
    other = type(client)()
    log_in(other)
    log_in(client)
    row = editor.usersession_set.get(session_key=other.session.session_key)
    row.last_seen_at = row.last_seen_at.replace(year=2020)
    row.save()
    client.get("/accounts/sessions/")
    assert not editor.usersession_set.filter(pk=row.pk).exists()


# --- What the reader is told --------------------------------------------------------------------


def test_the_reader_is_told_and_comes_back_to_where_they_were(client, editor):
    log_in(client)
    pass_by(client, idle=3 * HOUR)
    away = client.get("/admin/states/", follow=True)
    assert "Your session ended. Log in again" in away.content.decode()
    [(path, _status), *_] = away.redirect_chain[-1:]
    assert log_in(client, path)["Location"] == "/admin/states/"


def test_a_public_page_shows_and_says_it(client, editor):
    log_in(client)
    pass_by(client, idle=3 * HOUR)
    assert client.get("/people/meera/").status_code == 200
    assert "Your session ended" in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_form_that_was_sent_waits_for_its_sender(client, editor, headers):
    log_in(client)
    pass_by(client, idle=3 * HOUR)
    sent = {"shown_name": 'Meera "the writer"', "bio": "line one\nline two"}
    away = client.post(PROFILE, sent, headers=headers)
    door = away.headers.get("Location") or away.headers["HX-Redirect"]
    assert "what you sent is kept" in client.get(door).content.decode()
    assert log_in(client, door)["Location"] == "/accounts/kept-form/"
    editor.refresh_from_db()
    assert editor.shown_name == ""  # nothing is done by itself
    page = client.get("/accounts/kept-form/").content.decode()
    assert f'action="{PROFILE}"' in page
    assert 'name="shown_name" value="Meera &quot;the writer&quot;"' in page
    assert 'value="line one\nline two"' in page
    assert len(re.findall('name="csrfmiddlewaretoken"', page)) >= 1


def test_what_one_sent_is_not_shown_to_another(client, editor):
    User.objects.create_user("kabir", "kabir@pocket.example", PASSWORD)
    log_in(client)
    pass_by(client, idle=3 * HOUR)
    client.post(PROFILE, {"bio": "mine alone"})
    assert log_in(client, login="kabir")["Location"] == "/"
    assert client.get("/accounts/kept-form/")["Location"] == "/accounts/"
    assert "mine alone" not in str(client.session.items())


def test_it_waits_a_quarter_of_an_hour(client, editor):
    log_in(client)
    pass_by(client, idle=3 * HOUR)
    client.post(PROFILE, {"bio": "mine"})
    session = client.session
    session["kept_form"]["until"] -= 901
    session.save()
    assert log_in(client)["Location"] in ("/admin/", "/dashboard/")


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": "new words here"}),
        (PROFILE, {"bio": "x" * 70_000}),
    ],
)
def test_passwords_and_what_is_huge_do_not_wait(client, editor, path, sent):
    log_in(client)
    pass_by(client, idle=3 * HOUR)
    client.post(path, sent)
    assert "send the form once more" in client.get("/accounts/login/").content.decode()
    assert not any(value in str(client.session.items()) for value in sent.values())


def test_the_end_costs_a_page_no_query(client, meera, django_assert_num_queries):
    log_in(client)
    client.get("/accounts/username/")
    with django_assert_num_queries(3):  # session, person, notices
        client.get("/accounts/username/")
