"""The first page of the desk: who has one, and which rooms they find."""

import pytest

pytestmark = pytest.mark.django_db
ROOMS = {
    "Editor": ["Overview", "Stories", "Back room"],
    "Moderator": ["Overview", "Review", "Inbox"],
    "Admin": [
        "Overview",
        "Stories",
        "Review",
        "Inbox",
        "People",
        "Audit log",
        "Searches",
        "Health",
        "Back room",
    ],
}


@pytest.mark.parametrize("role", ROOMS)
def test_everybody_finds_the_rooms_that_are_open_to_them(client, somebody, role):
    client.force_login(somebody("asha", role))
    answer = client.get("/dashboard/")
    assert [section.title for section in answer.wsgi_request.desk] == ROOMS[role]
    for section in answer.wsgi_request.desk:
        assert client.get(section.url).status_code == 200, section.title


def test_staff_without_a_role_are_told_whom_to_ask(client, somebody):
    person = somebody("asha")
    person.is_staff = True
    person.save()
    client.force_login(person)
    assert "Ask an admin for a role." in client.get("/dashboard/").text


def test_members_have_no_desk(client, somebody):
    client.force_login(somebody("asha"))
    assert client.get("/dashboard/").status_code == 404


def test_strangers_are_led_to_log_in(client):
    assert client.get("/dashboard/").url == "/accounts/login/?next=/dashboard/"
