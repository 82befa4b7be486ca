"""Which version of the privacy page a person agreed to, when, and when they withdrew it."""

from datetime import date

import pytest
from django.test import Client

from accounts import agreements
from accounts.models import Agreement, User
from privacy.tests.conftest import PASSWORD, log_in

pytestmark = pytest.mark.django_db

NEW = {"username": "ravi", "email": "ravi@pocket.example", "password1": PASSWORD}


@pytest.fixture(autouse=True)
def first_version(monkeypatch):
    """Whatever versions there are by now."""
    monkeypatch.setattr(agreements, "VERSIONS", {date(2026, 11, 21): "The first."})


@pytest.fixture
def second_version(first_version, monkeypatch):
    versions = agreements.VERSIONS | {date(2027, 1, 26): "We keep less."}
    monkeypatch.setattr(agreements, "VERSIONS", versions)


def test_sign_up_says_what_one_agrees_to_and_notes_the_version_that_was_shown(
    client, asha, request
):
    shown = client.get("/accounts/signup/")
    assert '<a href="/privacy/">privacy page</a>' in shown.content.decode()
    policy = shown.context["form"]["policy"].value()
    request.getfixturevalue("second_version")  # it changes while somebody fills in the form
    client.post("/accounts/signup/", NEW | {"policy": policy})
    assert [str(it) for it in Agreement.objects.all()] == ["2026-11-21"]


@pytest.mark.parametrize("policy", ["", "never", "1999-01-01"])
def test_a_form_without_a_known_version_means_the_newest(client, asha, second_version, policy):
    client.post("/accounts/signup/", NEW | {"policy": policy})
    assert [str(it) for it in Agreement.objects.all()] == ["2027-01-26"]


def test_a_new_version_is_shown_until_it_is_agreed_to(door_of_asha, asha, second_version):
    Agreement.objects.agree(asha, date(2026, 11, 21))
    page = door_of_asha.get("/accounts/privacy/").content.decode()
    assert "We keep less." in page
    for _ in range(2):
        door_of_asha.post("/accounts/privacy/", {"version": "2027-01-26"})
    assert "We keep less." not in door_of_asha.get("/accounts/privacy/").content.decode()
    assert Agreement.objects.count() == 2


def test_the_account_page_tells_of_a_version_that_is_new(door_of_asha, asha, second_version):
    Agreement.objects.agree(asha, date(2026, 11, 21))
    words = "You have not agreed to the newest privacy page yet."
    assert words in door_of_asha.get("/accounts/").content.decode()
    Agreement.objects.agree(asha, date(2027, 1, 26))
    assert words not in door_of_asha.get("/accounts/").content.decode()


def test_withdrawing_is_deleting_and_coming_back_is_agreeing(door_of_asha, asha):
    Agreement.objects.agree(asha, agreements.newest())
    door_of_asha.post("/accounts/delete/", {"words": "stay"})
    assert Agreement.objects.get().withdrawn_at is not None
    assert "You withdrew it on" in door_of_asha.get("/accounts/privacy/").content.decode()
    door_of_asha.post("/accounts/delete/undo/")
    [first, second] = Agreement.objects.order_by("agreed_at")
    assert first.withdrawn_at is not None
    assert second.withdrawn_at is None


def test_nobody_agrees_for_somebody_else(client, asha):
    assert client.post("/accounts/privacy/", {"version": "2026-11-21"}).status_code == 302
    assert not Agreement.objects.exists()


def test_the_privacy_page_says_of_when_it_is(second_version):
    page = Client().get("/privacy/").content.decode()
    assert "Version of 26 Jan 2027" in page
    assert page.index("We keep less.") < page.index("The first.")


def test_what_is_agreed_to_stands_in_the_log_of_the_account(door_of_asha, asha):
    door_of_asha.post("/accounts/privacy/", {"version": "2026-11-21"})
    page = door_of_asha.get("/accounts/security/").content.decode()
    assert "Agreed to the privacy page" in page
    assert "2026-11-21" in page


def test_somebody_made_by_hand_has_agreed_to_nothing_yet(client):
    User.objects.create_superuser("founder", "founder@pocket.example", PASSWORD)
    log_in(client, "founder")
    assert "Nothing is noted yet." in client.get("/accounts/privacy/").content.decode()
