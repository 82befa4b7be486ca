"""The log in the back room: to read, nothing else."""

import pytest
from django.contrib.auth.models import Permission

from audit import trail
from audit.models import Entry
from audit.tests.factories import PersonFactory, leave
from states.models import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def back_room(client, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path  # WhiteNoise wants a directory
    client.force_login(PersonFactory(username="root", is_staff=True, is_superuser=True))
    return client  # the log-in is the first entry


@pytest.fixture
def entries():
    asha, goa = PersonFactory(username="asha"), State.objects.get(slug="goa")
    leave(2, actor=asha, target=goa)
    trail.record("accounts.role_given", target=asha, actor=None, after={"role": "<b>Editor</b>"})
    return list(Entry.objects.all())


def test_the_list_says_who_did_what_to_what_and_why(back_room, entries):
    text = back_room.get("/admin/audit/entry/").text
    for words in ("asha", "the site itself", "states.fact_corrected", "Goa", "reason 2"):
        assert words in text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=asha", 3),
        ("q=Goa", 2),
        ("q=role_given", 1),
        ("q=4", 1),
        ("q=nobody", 0),
        ("action=accounts.role_given", 1),
    ],
)
def test_entries_are_searched_and_filtered(back_room, entries, query, found):
    answer = back_room.get(f"/admin/audit/entry/?{query}")
    assert len(answer.context_data["cl"].result_list) == found


def test_the_list_costs_the_same_at_any_length(back_room, entries, django_assert_max_num_queries):
    back_room.get("/admin/audit/entry/")  # the first page of a session notes that it is used
    with django_assert_max_num_queries(6):
        back_room.get("/admin/audit/entry/")
    leave(20, actor=PersonFactory())
    with django_assert_max_num_queries(6):
        back_room.get("/admin/audit/entry/")


def test_an_entry_is_shown_with_its_changes_escaped(back_room, entries):
    answer = back_room.get(f"/admin/audit/entry/{entries[0].pk}/change/")
    assert answer.status_code == 200
    assert "&lt;b&gt;Editor" in answer.text
    assert entries[0].hash in answer.text
    assert "Save" not in answer.text
    back_room.get(f"/admin/audit/entry/{entries[1].pk}/change/")


def test_an_entry_whose_details_are_erased_is_shown(back_room, entries):
    trail.forget(entries[0].target_id)
    answer = back_room.get(f"/admin/audit/entry/{entries[1].pk}/change/")
    assert "somebody (name erased)" in answer.text
    assert "5: audit.person_forgotten" in answer.text


def test_nothing_is_added_changed_or_deleted(back_room, entries):
    one = f"/admin/audit/entry/{entries[0].pk}"
    assert back_room.get("/admin/audit/entry/add/").status_code == 403
    assert back_room.post(f"{one}/change/", {"action": "a.b"}).status_code == 403
    assert back_room.post(f"{one}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [entries[0].pk], "post": "yes"}
    back_room.post("/admin/audit/entry/", chosen)
    assert Entry.objects.count() == 1 + 3


def test_staff_need_the_permission_to_look(client, entries):
    person = PersonFactory(is_staff=True)
    client.force_login(person)
    assert client.get("/admin/audit/entry/").status_code == 403
    person.user_permissions.add(Permission.objects.get(codename="view_entry"))
    assert client.get("/admin/audit/entry/").status_code == 200
    names = Permission.objects.filter(content_type__app_label="audit").values_list("codename")
    assert [*names] == [("view_entry",)]
