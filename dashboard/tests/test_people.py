"""Everybody who has an account, as staff look for them: filtered, sorted, taken along."""

import csv
from dataclasses import replace
from datetime import datetime, timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from blog.bans import Ban
from dashboard.people_list import PEOPLE as PEOPLE_LIST

pytestmark = pytest.mark.django_db
PEOPLE = "/dashboard/people/"


def names(answer) -> list[str]:
    return [person.username for person in answer.context["page"]]


def found(desk, **filters) -> set[str]:
    answer = desk.get(PEOPLE, filters)
    assert answer.status_code == 200
    return set(names(answer)) - {"kavya"}


def joined(person: User, day: str) -> None:
    """Give the account the key that it would have had if it was made on that day."""
    at = timezone.make_aware(datetime.fromisoformat(day))
    key = UUID(int=int(at.timestamp() * 1000) << 80 | person.pk.int & (2**80 - 1))
    User.objects.filter(pk=person.pk).update(id=key, date_joined=at)


def verify(person: User) -> None:
    person.emailaddress_set.create(email=person.email, verified=True, primary=True)


def test_who_came_last_stands_first_and_other_orders_are_a_link_away(desk, somebody):
    for name in ("meera", "asha", "bala"):
        somebody(name)
    assert names(desk.get(PEOPLE)) == ["bala", "asha", "meera", "kavya"]
    assert names(desk.get(PEOPLE, {"sort": "oldest"})) == ["kavya", "meera", "asha", "bala"]
    assert names(desk.get(PEOPLE, {"sort": "name"})) == ["asha", "bala", "kavya", "meera"]


def test_pages_lead_on_and_back_in_each_order(desk, somebody, monkeypatch):
    for name in ("meera", "asha", "bala"):
        somebody(name)
    short = replace(PEOPLE_LIST, size=2)
    monkeypatch.setattr("dashboard.people_views.PEOPLE", short)
    for sort in ("newest", "oldest", "name"):
        first = desk.get(PEOPLE, {"sort": sort})
        following = first.context["page"].following
        second = desk.get(PEOPLE, {"sort": sort, "after": following})
        assert len({*names(first), *names(second)}) == 4
        before = second.context["page"].previous
        assert names(desk.get(PEOPLE, {"sort": sort, "before": before})) == names(first)


def test_people_are_found_by_a_part_of_either_name_or_of_the_address(desk, somebody):
    meera, asha = somebody("meera"), somebody("asha")
    User.objects.filter(pk=meera.pk).update(shown_name="मीरा देवी", email="m.devi@mail.example")
    asha.emailaddress_set.create(email="other@elsewhere.example", verified=True)
    for words in ("EER", "मीरा  देवी", "devi@MAIL"):
        assert found(desk, words=words) == {"meera"}
    assert found(desk, words="Other@Elsewhere.example") == {"asha"}
    assert found(desk, words="100%") == set()


def test_people_are_filtered_by_role(desk, somebody):
    somebody("meera", "Editor")
    somebody("asha", "Moderator")
    somebody("bala")
    assert found(desk, role="Editor") == {"meera"}
    assert found(desk, role="any") == {"meera", "asha"}
    assert names(desk.get(PEOPLE, {"role": "superuser"})) == ["kavya"]


def test_people_are_filtered_by_standing(desk, admin, somebody):
    off, banned, leaving, plain = map(somebody, ("offi", "banu", "leela", "pavan"))
    unverified = somebody("unni")
    for person in (off, banned, leaving, plain):
        verify(person)
    off.switch_off(by=admin)
    Ban.impose(banned, by=admin, reason="Spam.", days=7)
    leaving.remove(by=leaving)
    assert found(desk, standing="off") == {"offi"}
    assert found(desk, standing="banned") == {"banu"}
    assert found(desk, standing="leaving") == {"leela"}
    assert found(desk, standing="unverified") == {unverified.username}
    assert found(desk, standing="active") == {"pavan"}


def test_a_ban_that_is_over_counts_no_more(desk, admin, somebody):
    banned = somebody("banu")
    ban = Ban.impose(banned, by=admin, reason="Spam.", days=7)
    Ban.objects.filter(pk=ban.pk).update(until=timezone.now() - timedelta(minutes=1))
    assert found(desk, standing="banned") == set()


def test_people_are_filtered_by_the_days_they_joined_both_included(desk, somebody):
    for name, day in [
        ("early", "2026-03-01 23:59"),
        ("first", "2026-03-02 00:00"),
        ("last", "2026-03-04 23:59:59"),
        ("late", "2026-03-05 00:00"),
    ]:
        joined(somebody(name), day)
    assert found(desk, since="2026-03-02", until="2026-03-04") == {"first", "last"}
    assert found(desk, until="2026-03-01") == {"early"}
    assert found(desk, since="2026-03-05") == {"late"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": "x" * 255},
        {"role": "King"},
        {"standing": "nowhere"},
        {"since": "yesterday"},
        {"until": "2026-02-30"},
        {"since": "2026-03-04", "until": "2026-03-02"},
        {"since": "0001-01-01"},
        {"until": "9999-12-31"},
        {"sort": "password"},
    ],
)
def test_a_filter_that_makes_no_sense_is_told_and_left_aside(desk, wrong):
    answer = desk.get(PEOPLE, wrong)
    assert answer.status_code == 200
    assert answer.context["shown"].notices
    assert names(answer) == ["kavya"]


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "1900-01-01", "until": "2999-12-31"},
        {"after": "bm9uc2Vuc2U", "before": "%00"},
        {"words": "🐘 ' OR 1=1 --"},
    ],
)
def test_strange_addresses_show_a_page(desk, asked):
    assert desk.get(PEOPLE, asked).status_code == 200


def test_the_list_costs_the_same_for_one_and_for_many(desk, somebody, django_assert_num_queries):
    desk.get(PEOPLE)
    with django_assert_num_queries(6):  # session, reader, views, people, roles, notices
        desk.get(PEOPLE)
    for number in range(9):
        somebody(f"member{number}", "Editor")
    with django_assert_num_queries(6):
        desk.get(PEOPLE, {"words": "member", "standing": "unverified", "role": "any"})


def test_names_cannot_break_the_page(desk, somebody):
    User.objects.filter(pk=somebody("meera").pk).update(shown_name="<script>alert(1)</script>")
    assert "<script>alert" not in desk.get(PEOPLE).content.decode()


def test_the_file_holds_all_columns_and_no_formula(desk, somebody):
    User.objects.filter(pk=somebody("meera", "Editor").pk).update(shown_name="=1+1")
    answer = desk.get(PEOPLE + "people.csv", {"words": "meera"})
    assert answer.streaming
    [row] = csv.DictReader(StringIO(b"".join(answer.streaming_content).decode()))
    assert (row["username"], row["shown_name"], row["roles"]) == ("meera", "'=1+1", "Editor")
    assert not any("password" in name for name in row)


def test_who_took_the_file_stands_in_the_log_but_not_the_name_they_searched(desk, somebody):
    desk.get(PEOPLE + "people.csv", {"words": "meera", "role": "Editor"})
    [entry] = Entry.objects.of_action("dashboard.exported").in_words()
    assert entry.actor_words == "kavya"
    assert entry.detail.more["filters"] == {"words": "…", "role": "Editor"}


@pytest.mark.parametrize("address", [PEOPLE, PEOPLE + "people.csv"])
@pytest.mark.parametrize("role", ["", "Editor", "Moderator", "Producer"])
def test_for_others_there_is_no_such_room(client, somebody, role, address):
    client.force_login(somebody("meera", role))
    assert client.get(address).status_code == 404


def test_strangers_are_led_to_log_in(client):
    assert client.get(PEOPLE)["Location"] == "/accounts/login/?next=/dashboard/people/"


def test_an_admin_by_role_finds_the_room_at_the_desk(client, somebody):
    client.force_login(somebody("asha", "Admin"))
    answer = client.get(PEOPLE)
    assert b'href="/dashboard/people/" aria-current="page"' in answer.content
    assert "no-store" in answer["Cache-Control"]


def test_the_log_leads_to_a_person(desk, somebody):
    meera = somebody("meera")
    led = desk.get(f"/dashboard/log/accounts.user/{meera.pk}/")
    assert led["Location"] == f"/dashboard/people/{meera.pk}/"
