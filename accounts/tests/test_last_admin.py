import pytest

from accounts.models import LastAdminError, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def asha(db):
    return User.objects.create_superuser("asha", "asha@pocket.example", "not a guessable one")


STEPS_DOWN = {
    "demoted": lambda asha: save(asha, is_superuser=False),
    "deactivated": lambda asha: save(asha, is_active=False),
    "deleted": lambda asha: asha.delete(),
    "demoted in bulk": lambda asha: User.objects.update(is_superuser=False),
    "deactivated in bulk": lambda asha: User.objects.filter(pk=asha.pk).update(is_active=False),
    "deleted in bulk": lambda asha: User.objects.all().delete(),
}


def save(person, **changes):
    for name, value in changes.items():
        setattr(person, name, value)
    person.save()


@pytest.mark.parametrize("step", STEPS_DOWN)
def test_the_last_admin_stays(asha, step):
    with pytest.raises(LastAdminError):
        STEPS_DOWN[step](asha)
    assert User.objects.admins().count() == 1


@pytest.mark.parametrize("step", ["demoted", "deactivated", "deleted"])
def test_with_another_one_they_may_go(asha, step):
    User.objects.create_superuser("bina", "bina@pocket.example", "not a guessable one")
    STEPS_DOWN[step](asha)
    assert [person.username for person in User.objects.admins()] == ["bina"]


def test_one_who_is_switched_off_does_not_count(asha):
    bina = User.objects.create_superuser("bina", "bina@pocket.example", "not a guessable one")
    save(bina, is_active=False)
    with pytest.raises(LastAdminError):
        save(asha, is_superuser=False)


def test_the_back_room_says_why_not(proved, asha):
    client = proved(asha)
    address = f"/admin/accounts/user/{asha.pk}/"
    filled = {"username": "asha", "email": asha.email, "is_active": "on", "is_staff": "on"}
    joined = {"date_joined_0": "2026-11-21", "date_joined_1": "10:00:00"}
    response = client.post(f"{address}change/", filled | joined)
    assert "Somebody must run the site" in response.content.decode()
    client.post(f"{address}delete/", {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": [asha.pk], "post": "yes"}
    response = client.post("/admin/accounts/user/", chosen, follow=True)
    assert "Somebody must run the site" in response.content.decode()
    assert User.objects.admins().count() == 1


def test_whoever_is_made_by_command_needs_no_code(client, asha, settings):
    settings.VERIFY_EMAIL = True
    filled = {"login": "asha", "password": "not a guessable one"}
    assert client.post("/accounts/login/", filled)["Location"] in ("/admin/", "/dashboard/")
