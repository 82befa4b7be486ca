"""Another user name: the old one leads on for 90 days, and nobody else gets it meanwhile."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts import former
from accounts.former import FormerName, is_free
from accounts.models import User

pytestmark = pytest.mark.django_db

PAGE = "/accounts/username/"


@pytest.fixture
def asha():
    return User.objects.create_user("asha", "asha@pocket.example", "a long password of hers")


@pytest.fixture
def ravi():
    return User.objects.create_user("ravi", "ravi@pocket.example")


def refusal(person, name: str) -> str:
    with pytest.raises(ValidationError) as refused:
        person.rename(name, by=person)
    person.refresh_from_db()
    return refused.value.messages[0]


def days_pass(days: int) -> None:
    for name in FormerName.objects.all():
        name.left_at -= timedelta(days=days)
        name.until -= timedelta(days=days)
        name.save()


def test_a_person_may_change_their_name(asha, sign_in, client):
    answer = sign_in(asha).post(PAGE, {"username": "asha.rao"}, follow=True)
    assert answer.redirect_chain == [("/accounts/profile/", 302)]
    assert "You are now called asha.rao." in answer.text
    assert client.get("/people/asha.rao/").status_code == 200


def test_the_old_address_leads_on_for_90_days(asha, client):
    asha.rename("asha.rao", by=asha)
    for address in ("/people/asha/", "/people/Asha/"):
        answer = client.get(address)
        assert (answer.status_code, answer["Location"]) == (302, "/people/asha.rao/")
    days_pass(89)
    assert client.get("/people/asha/").status_code == 302
    days_pass(1)
    assert client.get("/people/asha/").status_code == 404


def test_the_old_address_leads_past_a_second_name(asha, client):
    asha.rename("asha.rao", by=asha)
    asha.rename("rao", by=asha)
    for name in ("asha", "asha.rao"):
        assert client.get(f"/people/{name}/")["Location"] == "/people/rao/"


def test_the_old_address_of_somebody_inactive_leads_nowhere(asha, client):
    asha.rename("asha.rao", by=asha)
    asha.is_active = False
    asha.save()
    assert client.get("/people/asha/").status_code == 404


@pytest.mark.parametrize("name", ["asha", "ASHA", "Asha"])
def test_the_old_name_is_given_to_nobody_meanwhile(asha, ravi, name):
    asha.rename("asha.rao", by=asha)
    assert not is_free(name)
    assert refusal(ravi, name) == "That user name is taken."
    days_pass(90)
    assert is_free(name)
    ravi.rename(name, by=ravi)
    assert User.objects.get(username=name) == ravi


@pytest.mark.parametrize("name", ["ravi", "RAVI", "rAvI"])
def test_a_name_that_somebody_has_is_taken(asha, ravi, name):
    assert not is_free(name)
    assert not is_free(name, for_person=asha)
    assert is_free(name, for_person=ravi)
    assert refusal(asha, name) == "That user name is taken."
    assert asha.username == "asha"


def test_a_person_may_take_an_own_old_name_back(asha, client):
    asha.rename("asha.rao", by=asha)
    asha.rename("asha", by=asha)
    assert client.get("/people/asha/").status_code == 200
    assert client.get("/people/asha.rao/")["Location"] == "/people/asha/"


def test_a_name_that_others_had_once_can_be_left_again(asha, ravi, client):
    asha.rename("asha.rao", by=asha)
    days_pass(100)
    ravi.rename("asha", by=ravi)
    ravi.rename("ravi.k", by=ravi)
    assert client.get("/people/asha/")["Location"] == "/people/ravi.k/"
    assert FormerName.objects.called("asha").count() == 1


def test_three_changes_a_month_are_enough(asha):
    for name in ("asha1", "asha", "asha1"):
        asha.rename(name, by=asha)
    assert refusal(asha, "asha2") == "You changed your user name 3 times in a month. Please wait."
    assert asha.username == "asha1"
    days_pass(31)
    asha.rename("asha2", by=asha)


def test_a_change_of_case_alone_leaves_no_old_name(asha, client):
    for name in ("Asha", "ASHA", "aSHA", "Asha"):
        asha.rename(name, by=asha)
    assert not FormerName.objects.exists()
    assert client.get("/people/asha/")["Location"] == "/people/Asha/"


def test_the_same_name_again_changes_nothing(asha, django_assert_num_queries):
    with django_assert_num_queries(0):
        asha.rename("asha", by=asha)


@pytest.mark.parametrize("name", ["a b", "<b>", "a/b", "x" * 151, "a\nb"])
def test_a_name_that_cannot_be_one_is_refused(asha, name):
    refusal(asha, name)
    assert asha.username == "asha"


def test_whoever_is_quicker_by_a_moment_gets_the_name(asha, ravi, monkeypatch):
    monkeypatch.setattr(former, "is_free", lambda name, for_person=None: True)
    assert refusal(asha, "ravi") == "That user name is taken."
    assert not FormerName.objects.exists()


def test_a_wrong_name_is_answered_by_its_field(asha, ravi, sign_in):
    answer = sign_in(asha).post(PAGE, {"username": "ravi"})
    assert answer.status_code == 422
    assert "That user name is taken." in answer.text
    assert 'href="#id_username"' in answer.text
    assert 'value="ravi"' in answer.text
    assert 'href="/accounts/">asha</a>' in answer.text
    assert sign_in(asha).post(PAGE, {"username": ""}).status_code == 422


def test_a_stranger_is_asked_to_log_in(client):
    for method in (client.get, client.post):
        assert method(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"


def test_a_name_is_kept_once_whatever_its_case(asha, ravi):
    later = timezone.now() + timedelta(days=1)
    FormerName.objects.create(name="lamp", person=asha, left_at=later, until=later)
    with pytest.raises(IntegrityError), transaction.atomic():
        FormerName.objects.create(name="LAMP", person=ravi, left_at=later, until=later)


def test_the_session_goes_on_under_the_new_name(asha, sign_in):
    client = sign_in(asha)
    client.post(PAGE, {"username": "asha.rao"})
    assert 'href="/accounts/">asha.rao</a>' in client.get("/accounts/profile/").text
