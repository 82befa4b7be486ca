"""Nobody keeps an address or a name by an account that they never opened."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import tasks
from accounts.models import User
from accounts.roles import EDITOR
from accounts.tests.conftest import PASSWORD
from audit import chain
from audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("meera", "verifying")]
FILLED = {"username": "kabir", "email": "kabir@pocket.example", "password1": PASSWORD}


@pytest.fixture
def kabir(client):
    """Somebody who signed up eight days ago and never typed the code."""
    client.post("/accounts/signup/", {**FILLED, "once": "k" * 22})
    User.objects.filter(username="kabir").update(date_joined=timezone.now() - timedelta(days=8))
    return User.objects.get(username="kabir")


def is_there(person) -> bool:
    tasks.forget_unverified.enqueue()
    return User.objects.filter(pk=person.pk).exists()


def test_it_goes_after_a_week_and_its_name_is_free(client, kabir):
    assert not is_there(kabir)
    other = type(client)()
    sent = {**FILLED, "email": "other@pocket.example", "once": "o" * 22}
    assert other.post("/accounts/signup/", sent)["Location"] == "/accounts/confirm-email/"
    assert User.objects.get(username="kabir").email == "other@pocket.example"


def test_the_log_tells_that_one_went_and_not_who(kabir):
    tasks.forget_unverified.enqueue()
    [entry] = Entry.objects.of_action("accounts.expired").in_words()
    assert (entry.actor_id, entry.person_id) == ("system", str(kabir.pk))
    about = Entry.objects.about(kabir).in_words()
    assert "kabir" not in str([(it.__dict__, it.detail.__dict__) for it in about])
    assert chain.verify()


def test_it_is_done_once(kabir):
    for _ in range(2):
        tasks.forget_unverified.enqueue()
    assert Entry.objects.of_action("accounts.expired").count() == 1


STAYS = {
    "within the week": lambda kabir: User.objects.filter(pk=kabir.pk).update(
        date_joined=timezone.now() - timedelta(days=6)
    ),
    "with a verified address": lambda kabir: kabir.emailaddress_set.create(
        email="k2@pocket.example", verified=True
    ),
    "let in before": lambda kabir: User.objects.filter(pk=kabir.pk).update(
        last_login=timezone.now()
    ),
    "with a role": lambda kabir: kabir.give_role(EDITOR, by=None),
    "with a group": lambda kabir: kabir.groups.create(name="Readers"),
}


@pytest.mark.parametrize("case", STAYS)
def test_who_stays(kabir, case):
    STAYS[case](kabir)
    assert is_there(kabir)


def test_whom_staff_made_stays(meera):
    User.objects.update(date_joined=timezone.now() - timedelta(days=8))
    assert is_there(meera)


def test_without_a_mail_server_nobody_goes(kabir, settings):
    settings.VERIFY_EMAIL = False
    assert is_there(kabir)


def test_how_many_days_is_for_the_site_to_say(kabir, settings):
    settings.UNVERIFIED_DAYS = 9
    assert is_there(kabir)


def test_the_owner_of_the_address_is_not_kept_out(client, kabir, mailoutbox, last_code):
    owner = type(client)(REMOTE_ADDR="198.51.100.7")
    sent = {**FILLED, "username": "the.owner", "password1": "another quite good one"}
    assert owner.post("/accounts/signup/", {**sent, "once": "p" * 22}).status_code == 302
    assert mailoutbox[-1].to == ["kabir@pocket.example"]
    assert "a new password makes it yours" in mailoutbox[-1].body

    owner = type(client)(REMOTE_ADDR="198.51.100.7")
    owner.post("/accounts/password/reset/", {"email": "kabir@pocket.example"})
    step = owner.post("/accounts/password/reset/confirm/", {"code": last_code()})
    new = "a quite different sentence"
    owner.post(step["Location"], {"password1": new, "password2": new})
    if owner.get("/accounts/").status_code == 302:
        owner.post("/accounts/login/", {"login": "kabir@pocket.example", "password": new})
    assert owner.get("/accounts/").status_code == 200
    assert is_there(kabir)

    # Who began it has lost it: by the old password, and by the session that still waits.
    resent = len(mailoutbox)
    assert client.get("/accounts/").status_code == 302
    client.post("/accounts/confirm-email/", {"action": "resend"})
    for mail in mailoutbox[resent:]:
        assert mail.to == ["kabir@pocket.example"]
    squatter = type(client)(REMOTE_ADDR="203.0.113.5")
    tried = squatter.post("/accounts/login/", {"login": "kabir", "password": PASSWORD})
    assert tried.status_code == 422
