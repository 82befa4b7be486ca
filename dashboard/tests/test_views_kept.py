"""Filters that somebody comes back to."""

import pytest

from dashboard.models import SavedView

pytestmark = pytest.mark.django_db
VIEWS = "/dashboard/views/log/"


def test_filters_are_kept_under_a_name_and_found_again(desk, admin):
    sent = {"name": " Of  the site ", "query": "person=system&sort=oldest&after=abc"}
    answer = desk.post(VIEWS, sent)
    assert answer.url == "/dashboard/log/?person=system&sort=oldest"
    view = SavedView.objects.get(person=admin)
    assert (view.name, view.desk_list) == ("Of the site", "log")
    page = desk.get("/dashboard/log/").text
    assert 'href="/dashboard/log/?person=system&amp;sort=oldest"' in page
    desk.post(VIEWS, {"name": "Of the site", "query": "person=visitor"})
    assert SavedView.objects.get().query == "person=visitor"


def test_a_view_is_removed_by_its_owner_alone(desk, client, admin, somebody):
    desk.post(VIEWS, {"name": "Mine", "query": ""})
    view = SavedView.objects.get()
    client.force_login(somebody("lata", "Admin"))
    assert "Mine" not in client.get("/dashboard/log/").text
    client.post(f"{VIEWS}drop/", {"view": view.pk})
    assert SavedView.objects.exists()
    client.force_login(admin)
    assert client.post(f"{VIEWS}drop/", {"view": view.pk}).url == "/dashboard/log/"
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_view_needs_a_name(desk, name):
    answer = desk.post(VIEWS, {"name": name, "query": "person=system"}, follow=True)
    assert "a view needs a name" in answer.text
    assert not SavedView.objects.exists()


def test_there_are_twenty_of_a_list_at_most(desk):
    for number in range(21):
        answer = desk.post(VIEWS, {"name": f"View {number}"}, follow=True)
    assert "you have 20 views" in answer.text
    assert SavedView.objects.count() == 20


@pytest.mark.parametrize("key", ["", "x", "-1", "9" * 30, "²"])
def test_a_view_that_is_none_is_no_error(desk, key):
    assert desk.post(f"{VIEWS}drop/", {"view": key}).status_code == 302


def test_there_are_no_views_of_a_list_that_is_none(desk):
    assert desk.post("/dashboard/views/nonsense/", {"name": "x"}).status_code == 404
