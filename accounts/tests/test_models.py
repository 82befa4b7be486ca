import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_a_person_has_such_a_key_before_being_saved():
    person = User(username="asha", email="asha@example.org")
    assert person.pk.version == 7
    person.save()
    assert User.objects.get(pk=person.pk).username == "asha"


def test_one_address_has_one_account_whatever_the_letters():
    User.objects.create_user("asha", "Asha@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(username="other", email="aSHA@example.org")])
    assert User.objects.count() == 1


def test_a_form_is_told_so_in_words():
    User.objects.create_user("asha", "asha@example.org")
    other = User(username="other", email="ASHA@example.org", password="x")
    with pytest.raises(ValidationError, match="has an account"):
        other.full_clean()


def test_the_back_room_opens_for_a_superuser(client):
    client.force_login(User.objects.create_superuser("root", "root@example.org"))
    assert client.get("/admin/accounts/user/").status_code == 200
    assert client.get("/admin/states/state/").status_code == 200


def test_the_back_room_makes_two_people(client):
    client.force_login(User.objects.create_superuser("root", "root@example.org"))
    form = {"usable_password": "false", "password1": "", "password2": ""}
    for name in ("asha", "ravi"):
        sent = {"username": name, "email": f"{name}@example.org", **form}
        assert client.post("/admin/accounts/user/add/", sent).status_code == 302
    again = {"username": "other", "email": "ASHA@example.org", **form}
    answer = client.post("/admin/accounts/user/add/", again)
    assert answer.status_code == 200
    assert "has an account" in answer.content.decode()
