"""In Django's admin: who may change whom, and who is asked first who they are."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.roles import ADMIN, EDITOR
from accounts.tests.conftest import PASSWORD
from audit.models import Entry

pytestmark = pytest.mark.django_db
NEW = "a quite different sentence"


@pytest.fixture
def root(db):
    return User.objects.create_superuser("root", "root@pocket.example", PASSWORD)


@pytest.fixture
def asha(db):
    """An admin by the role alone."""
    person = User.objects.create_user("asha", "asha@pocket.example", PASSWORD)
    person.give_role(ADMIN, by=None)
    return person


def page_of(person, deed="change") -> str:
    return f"/admin/accounts/user/{person.pk}/{deed}/"


def filled(person, *roles, **more) -> dict:
    joined = {"date_joined_0": "2026-11-21", "date_joined_1": "10:00:00"}
    groups = {"groups": [Group.objects.get(name=name).pk for name in roles]}
    return {"email": person.email, "is_active": "on", **joined, **groups, **more}


# --- Is it still you? ---------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?_changelist_filters=is_active__exact%3D1"])
def test_a_change_waits_till_they_have_shown_who_they_are(client, meera, asha, query):
    client.force_login(asha)
    sent = filled(meera, EDITOR, shown_name="Meera the writer")
    asked = client.post(page_of(meera) + query, sent)
    assert asked["Location"].startswith("/accounts/reauthenticate/?next=%2Fadmin%2Faccounts")
    assert meera.roles() == []
    wrong = client.post(asked["Location"], {"password": "not it"})
    assert wrong.status_code == 422
    done = client.post(asked["Location"], {"password": PASSWORD})
    assert done["Location"].startswith("/admin/accounts/user/")
    meera.refresh_from_db()
    assert (meera.roles(), meera.shown_name) == (["Editor"], "Meera the writer")


def test_nobody_is_asked_twice_in_ten_minutes(proved, meera, asha):
    client = proved(asha)
    for roles in ([EDITOR], []):
        assert client.post(page_of(meera), filled(meera, *roles))["Location"].startswith("/admin/")
    session = client.session
    session["account_authentication_methods"][-1]["at"] -= 601
    session.save()
    asked = client.post(page_of(meera), filled(meera, EDITOR))
    assert asked["Location"].startswith("/accounts/reauthenticate/")


def test_to_look_needs_no_proof(client, meera, asha):
    client.force_login(asha)
    for address in ("/admin/accounts/user/", page_of(meera), page_of(meera, "delete")):
        assert client.get(address).status_code == 200


def test_the_form_for_a_password_opens_only_to_who_has_shown_it(client, meera, asha):
    client.force_login(asha)
    form = page_of(meera, "password")
    asked = client.get(form)
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == form
    assert client.get(form).status_code == 200


def test_a_password_does_not_wait_in_a_session(client, meera, asha):
    client.force_login(asha)
    sent = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    asked = client.post(page_of(meera, "password"), sent)
    assert NEW not in str(client.session.items())
    client.post(asked["Location"], {"password": PASSWORD})
    meera.refresh_from_db()
    assert meera.check_password(PASSWORD)


def test_a_password_set_by_staff_is_told_and_in_the_log(proved, meera, asha, mailoutbox):
    sent = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    assert proved(asha).post(page_of(meera, "password"), sent).status_code == 302
    meera.refresh_from_db()
    assert meera.check_password(NEW)
    [entry] = Entry.objects.about(meera).of_action("accounts.password_changed").in_words()
    assert entry.actor_words == "asha"
    assert mailoutbox[-1].to == [meera.email]
    assert "set your password anew" in mailoutbox[-1].body


def test_deleting_waits_too_one_by_one_and_several_at_once(client, meera, asha):
    client.force_login(asha)
    chosen = {"action": "delete_selected", "_selected_action": [meera.pk], "post": "yes"}
    for address, sent in [
        (page_of(meera, "delete"), {"post": "yes"}),
        ("/admin/accounts/user/", chosen),
    ]:
        assert client.post(address, sent)["Location"].startswith("/accounts/reauthenticate/")
    asked = client.post("/admin/accounts/user/?is_active__exact=1", chosen)
    assert User.living.filter(pk=meera.pk).exists()
    client.post(asked["Location"], {"password": PASSWORD})
    assert not User.living.filter(pk=meera.pk).exists()


def test_what_a_group_may_waits_too(client, root):
    readers = Group.objects.create(name="Readers")
    client.force_login(root)
    asked = client.post(f"/admin/auth/group/{readers.pk}/change/", {"name": "Writers"})
    assert asked["Location"].startswith("/accounts/reauthenticate/")


# --- Superusers ---------------------------------------------------------------------------------


def test_an_admin_by_role_looks_at_a_superuser_and_changes_nothing(proved, root, asha):
    client = proved(asha)
    assert client.get(page_of(root)).status_code == 200
    assert b'name="email"' not in client.get(page_of(root)).content
    sent = {"password1": NEW, "password2": NEW, "usable_password": "true"}
    assert client.post(page_of(root), filled(root, email="a@b.example")).status_code == 403
    assert client.post(page_of(root, "password"), sent).status_code == 403
    assert client.post(page_of(root, "delete"), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [root.pk], "post": "yes"}
    assert client.post("/admin/accounts/user/", chosen).status_code == 403
    now = User.objects.get(pk=root.pk)
    assert (now.email, now.password, now.is_active) == (root.email, root.password, True)


def test_nobody_makes_themselves_superuser(proved, asha):
    client = proved(asha)
    sent = filled(asha, ADMIN, is_superuser="on", is_staff="on", user_permissions=[1, 2])
    assert client.post(page_of(asha), sent).status_code == 302
    now = User.objects.get(pk=asha.pk)
    assert (now.is_superuser, now.user_permissions.count(), now.roles()) == (False, 0, ["Admin"])


def test_a_superuser_changes_another(proved, root):
    other = User.objects.create_superuser("other", "other@pocket.example", PASSWORD)
    sent = filled(other, is_superuser="on", shown_name="The other one")
    assert proved(root).post(page_of(other), sent).status_code == 302
    assert User.objects.get(pk=other.pk).shown_name == "The other one"


# --- What is only to be read --------------------------------------------------------------------


@pytest.mark.parametrize("who", ["asha", "root"])
def test_addresses_proofs_and_sessions_are_to_be_read(request, proved, meera, who):
    client = proved(request.getfixturevalue(who))
    session = client.session.session_key
    rows = {
        "account/emailaddress": meera.emailaddress_set.create(email="m@pocket.example"),
        "mfa/authenticator": Authenticator.objects.create(
            user=meera, type="totp", data={"secret": "locked away"}
        ),
        "usersessions/usersession": meera.usersession_set.create(
            session_key="k" * 32, ip="203.0.113.77", user_agent="Firefox/140.0"
        ),
    }
    for room, row in rows.items():
        address = f"/admin/{room}/{row.pk}"
        page = client.get(f"{address}/change/").content.decode()
        assert "meera" in page
        assert not any(word in page for word in ("locked away", "203.0.113.77", "kkkk", session))
        assert client.post(f"{address}/change/", {"verified": "on"}).status_code == 403
        assert client.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
        assert client.post(f"/admin/{room}/add/", {}).status_code == 403
        listed = f"/admin/{room}/"
        for action in ("delete_selected", "make_verified"):
            client.post(listed, {"action": action, "_selected_action": [row.pk], "post": "yes"})
        row.refresh_from_db()
    assert not rows["account/emailaddress"].verified


def test_staff_end_sessions_by_a_deed_with_an_entry(client, proved, meera, asha, root):
    theirs = [type(client)() for _ in range(2)]
    for other, person in zip(theirs, (meera, root), strict=True):
        other.post("/accounts/login/", {"login": person.username, "password": PASSWORD})
    client = proved(asha)
    keys = [meera.usersession_set.get().pk, root.usersession_set.get().pk]
    client.post("/admin/usersessions/usersession/", {"action": "end", "_selected_action": keys})
    assert [other.get("/accounts/").status_code for other in theirs] == [302, 200]
    [entry] = Entry.objects.of_action("accounts.session_ended").in_words()
    assert (entry.actor_words, entry.target_words) == ("asha", "meera")


def test_switching_somebody_off_and_on_leaves_an_entry_each(proved, asha, meera):
    client = proved(asha)
    off = filled(meera)
    del off["is_active"]
    for sent in (off, off, filled(meera)):
        assert client.post(page_of(meera), sent).status_code == 302
    actions = Entry.objects.about(meera).values_list("action", flat=True)
    assert list(actions) == ["accounts.let_in", "accounts.shut_out"]
