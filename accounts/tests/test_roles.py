"""Who may do what, how they come by it, and what the log says of it."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.core.management import call_command

from accounts.models import LastAdminError, User
from accounts.roles import ADMIN, EDITOR, MODERATOR, ROLES
from audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root", "root@pocket.example", "not a guessable one")


@pytest.fixture
def asha(meera):
    """An admin by the role alone."""
    person = User.objects.create_user("asha", "asha@pocket.example", "not a guessable one")
    person.give_role(ADMIN, by=None)
    return person


def entries(person) -> list[tuple]:
    found = Entry.objects.about(person).of_action("accounts.").in_words().order_by("number")
    return [(e.action, e.detail.before.get("roles"), e.detail.after.get("roles")) for e in found]


def test_a_migrated_database_has_every_role_with_its_permissions():
    assert set(Group.objects.values_list("name", flat=True)) >= set(ROLES)
    editor = Group.objects.get(name=EDITOR).permissions
    assert editor.filter(codename="change_state").exists()
    assert not editor.exclude(content_type__app_label__in=["states", "blog"]).exists()
    admin = Group.objects.get(name=ADMIN).permissions
    for codename in ("change_state", "change_user", "view_entry"):
        assert admin.filter(codename=codename).exists(), codename


def test_the_next_migration_brings_a_role_back_to_what_it_may():
    editor = Group.objects.get(name=EDITOR)
    held = editor.permissions.count()
    editor.permissions.clear()
    call_command("migrate", verbosity=0)
    assert editor.permissions.count() == held > 0


def test_a_role_opens_what_it_should_at_once(meera, root):
    assert not meera.has_perm("states.change_state")
    meera.give_role(EDITOR, by=root, reason="writes well")
    assert meera.has_perm("states.change_state")
    assert not meera.has_perm("accounts.change_user")
    meera.refresh_from_db()
    assert (meera.is_staff, meera.is_superuser) == (True, False)
    assert entries(meera) == [("accounts.role_given", [], ["Editor"])]
    entry = Entry.objects.about(meera).in_words().get()
    assert (entry.actor_words, entry.detail.reason) == ("root", "writes well")
    assert entry.detail.more == {"role": "Editor"}


def test_who_loses_the_last_role_is_no_staff_any_more(meera, root):
    meera.give_role(EDITOR, by=root)
    meera.give_role(MODERATOR, by=root)
    meera.take_role(EDITOR, by=root)
    assert meera.is_staff
    assert not meera.has_perm("states.change_state")
    meera.take_role(MODERATOR, by=root)
    assert not User.objects.get(pk=meera.pk).is_staff
    assert entries(meera)[2:] == [
        ("accounts.role_taken", ["Editor", "Moderator"], ["Moderator"]),
        ("accounts.role_taken", ["Moderator"], []),
    ]


def test_twice_is_as_good_as_once(meera, root):
    for _ in range(2):
        meera.give_role(EDITOR, by=root)
    for _ in range(2):
        meera.take_role(EDITOR, by=root)
    assert [action for action, *_ in entries(meera)] == [
        "accounts.role_given",
        "accounts.role_taken",
    ]


def test_nobody_gives_themselves_a_role_but_an_admin(meera, root):
    meera.give_role(EDITOR, by=root)
    with pytest.raises(PermissionDenied):
        meera.give_role(ADMIN, by=meera)
    assert meera.roles() == ["Editor"]
    root.give_role(EDITOR, by=root)
    assert root.roles() == ["Editor"]


def test_there_are_no_other_roles(meera, root):
    with pytest.raises(ValueError, match="King"):
        meera.give_role("King", by=root)
    assert not Group.objects.filter(name="King").exists()


def test_if_the_log_fails_there_is_no_role(meera, root, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("audit.trail.record", fail)
    with pytest.raises(RuntimeError):
        meera.give_role(EDITOR, by=root)
    meera.refresh_from_db()
    assert (meera.roles(), meera.is_staff) == ([], False)


STEPS_DOWN = {
    "without the role": lambda asha: asha.take_role(ADMIN, by=asha),
    "switched off": lambda asha: User.objects.filter(pk=asha.pk).update(is_active=False),
    "saved as switched off": lambda asha: switched_off(asha).save(),
    "deleted": lambda asha: User.objects.get(pk=asha.pk).delete(),
}


def switched_off(person):
    person.is_active = False
    return person


@pytest.mark.parametrize("step", STEPS_DOWN)
def test_the_last_admin_by_role_stays(asha, step):
    with pytest.raises(LastAdminError):
        STEPS_DOWN[step](asha)
    assert list(User.objects.admins()) == [asha]
    assert User.objects.get(pk=asha.pk).is_staff


@pytest.mark.parametrize("step", STEPS_DOWN)
def test_the_last_but_one_may_go(asha, root, step):
    STEPS_DOWN[step](asha)
    assert list(User.objects.admins()) == [root]


def test_taking_admin_from_a_superuser_leaves_nothing_of_it(asha, root):
    root.give_role(ADMIN, by=None)
    root.take_role(ADMIN, by=asha)
    root.refresh_from_db()
    assert (root.is_superuser, root.is_staff, root.roles()) == (False, False, [])


def test_the_first_account_is_in_the_log_as_admin(client, db):
    from accounts import founding

    person = User.objects.create_user("first", "first@pocket.example", "not a guessable one")
    assert founding.found(person)
    assert entries(person) == [("accounts.role_given", [], ["Admin"])]


# --- The back room -----------------------------------------------------------------------------


def filled(person, *roles, **more) -> dict:
    form = {"username": person.username, "email": person.email, "is_active": "on"}
    joined = {"date_joined_0": "2026-11-21", "date_joined_1": "10:00:00"}
    groups = {"groups": [Group.objects.get(name=name).pk for name in roles]}
    return form | joined | groups | more


def change(client, person, *roles, **more):
    address = f"/admin/accounts/user/{person.pk}/change/"
    return client.post(address, filled(person, *roles, **more))


def test_the_back_room_gives_and_takes_roles_by_their_deeds(client, meera, asha):
    client.force_login(asha)
    readers = Group.objects.create(name="Readers")
    assert change(client, meera, EDITOR, MODERATOR, "Readers").status_code == 302
    assert change(client, meera, MODERATOR).status_code == 302
    assert entries(meera) == [
        ("accounts.role_given", [], ["Editor"]),
        ("accounts.role_given", ["Editor"], ["Editor", "Moderator"]),
        ("accounts.role_taken", ["Editor", "Moderator"], ["Moderator"]),
    ]
    meera.refresh_from_db()
    assert meera.is_staff
    assert readers not in meera.groups.all()
    assert Entry.objects.by(asha).exclude(action="accounts.logged_in").count() == 3


def test_the_back_room_keeps_the_last_admin(client, asha):
    client.force_login(asha)
    response = change(client, asha)
    assert "Somebody must run the site" in response.content.decode()
    assert asha.roles() == ["Admin"]


def test_only_a_superuser_makes_another_one(client, meera, asha, root):
    client.force_login(asha)
    change(client, meera, is_superuser="on")
    assert not User.objects.get(pk=meera.pk).is_superuser
    client.force_login(root)
    change(client, meera, is_superuser="on")
    meera.refresh_from_db()
    assert (meera.is_superuser, meera.is_staff) == (True, True)
    assert [action for action, *_ in entries(meera)] == ["accounts.superuser_given"]


def test_a_role_itself_cannot_be_changed_in_the_back_room(client, root):
    client.force_login(root)
    editor = Group.objects.get(name=EDITOR)
    readers = Group.objects.create(name="Readers")
    for deed in ("change", "delete"):
        data = {"name": "Kings", "post": "yes"}
        assert client.post(f"/admin/auth/group/{editor.pk}/{deed}/", data).status_code == 403
        assert client.post(f"/admin/auth/group/{readers.pk}/{deed}/", data).status_code == 302
    chosen = {"action": "delete_selected", "_selected_action": [editor.pk], "post": "yes"}
    client.post("/admin/auth/group/", chosen)
    assert Group.objects.filter(name=EDITOR).exists()
