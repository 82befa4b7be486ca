"""The audit log as staff read it: filtered, taken along, and checked."""

import csv
import json
from datetime import timedelta
from io import StringIO

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from audit import trail
from audit.models import Entry
from dashboard.log_list import known_actions
from dashboard.models import ChainCheck
from pocket.testing import guards_down

pytestmark = pytest.mark.django_db
LOG = "/dashboard/log/"


@pytest.fixture
def asha(somebody):
    return somebody("asha")


def deed(action: str, *, by=None, target=None, **how) -> Entry:
    return trail.record(action, actor=by, target=target, **how)


def numbers(answer) -> list[int]:
    return [row[0][0] for row in shown(answer)]


def shown(answer) -> list[list]:
    """What the list's page shows: rows of (what a file would say, ...)."""
    return [
        [column.told(row) for column in answer.context["shown"].columns] for row in page(answer)
    ]


def page(answer) -> list[Entry]:
    return list(answer.context["page"])


def actions(answer) -> list[str]:
    return [entry.action for entry in page(answer)]


def test_the_newest_comes_first_and_the_oldest_when_asked(desk, asha):
    for action in ("blog.one", "blog.two"):
        deed(action, by=asha)
    assert actions(desk.get(LOG))[:2] == ["blog.two", "blog.one"]
    assert actions(desk.get(LOG, {"sort": "oldest"}))[-2:] == ["blog.one", "blog.two"]


def test_it_is_filtered_by_who_did_it_and_whom_it_concerned(desk, admin, asha):
    deed("blog.by_asha", by=asha)
    deed("blog.about_asha", by=admin, person=asha)
    deed("blog.by_nobody")
    for typed in ("asha", "asha@pocket.example", "ASHA"):
        assert actions(desk.get(LOG, {"person": typed})) == ["blog.by_asha"]
    concerned = actions(desk.get(LOG, {"person": "asha", "part": "concerned"}))
    assert "blog.about_asha" in concerned
    assert "blog.by_asha" not in concerned
    assert actions(desk.get(LOG, {"person": "system"}))[0] == "blog.by_nobody"


def test_it_is_filtered_by_action_thing_and_day(desk, admin, asha):
    deed("blog.one", by=admin, target=asha)
    deed("blog.two", by=admin)
    assert actions(desk.get(LOG, {"action": "blog.two"})) == ["blog.two"]
    of_asha = desk.get(LOG, {"kind": "accounts.user", "key": str(asha.pk), "action": "blog.one"})
    assert actions(of_asha) == ["blog.one"]
    today = timezone.localdate()
    assert "blog.two" in actions(desk.get(LOG, {"since": today, "until": today}))
    assert actions(desk.get(LOG, {"since": today + timedelta(days=1)})) == []
    assert actions(desk.get(LOG, {"until": today - timedelta(days=1)})) == []


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"person": "nobody.here"}, "There is nobody of that name or address."),
        ({"action": "blog.never"}, "Select a valid choice."),
        ({"part": "both"}, "Select a valid choice."),
        ({"since": "soon"}, "Enter a valid date."),
        ({"since": "2026-02-30"}, "Enter a valid date."),
        ({"since": "0001-01-01"}, "greater than or equal to"),
        ({"until": "9999-12-31"}, "less than or equal to"),
        ({"since": "2026-02-02", "until": "2026-02-01"}, "This day is before the first one."),
        ({"key": "4"}, "A key says nothing without the kind of thing."),
        ({"kind": "x" * 101}, "at most 100 characters"),
        ({"sort": "best"}, "This list cannot be sorted that way."),
    ],
)
def test_what_makes_no_sense_is_left_aside_with_a_word(desk, asked, words):
    deed("blog.one")
    answer = desk.get(LOG, asked)
    assert answer.status_code == 200
    assert words in " ".join(answer.context["shown"].notices)
    assert "blog.one" in actions(answer)


@pytest.mark.parametrize("asked", ["since=1900-01-01", "until=2999-12-31", "after=x", "before="])
def test_the_edges_of_time_and_place_are_no_error(desk, asked):
    assert desk.get(f"{LOG}?{asked}").status_code == 200


def test_pages_go_on_from_a_place_and_cost_the_same(desk, asha, django_assert_num_queries):
    for number in range(60):
        deed(f"blog.deed_{number:02}", by=asha)
    first = desk.get(LOG, {"person": "asha"})
    assert len(page(first)) == 50
    # Session, person, notices; who is asha, actions, views, rows, check.
    with django_assert_num_queries(8):
        second = desk.get(LOG, {"person": "asha", "after": first.context["page"].following})
    assert actions(second) == [f"blog.deed_{number:02}" for number in range(9, -1, -1)]
    back = desk.get(LOG, {"person": "asha", "before": second.context["page"].previous})
    assert actions(back) == actions(first)


def test_all_actions_there_are_can_be_chosen(admin):
    deed("blog.b")
    deed("blog.a")
    deed("blog.a")
    assert [action for action in known_actions() if action.startswith("blog.")] == [
        "blog.a",
        "blog.b",
    ]


def test_columns_are_chosen_and_kept_and_the_usual_ones_come_back(desk):
    deed("blog.one")
    answer = desk.post(
        "/dashboard/columns/log/",
        {"column": ["hash", "nonsense"], "query": "sort=oldest&x=%2F%2Fe"},
    )
    assert answer.url == f"{LOG}?sort=oldest&x=%2F%2Fe"
    titles = [column.title for column in desk.get(LOG).context["shown"].columns]
    assert titles == ["Number", "Hash"]
    desk.post("/dashboard/columns/log/", {})
    assert len(desk.get(LOG).context["shown"].columns) == 6
    assert desk.post("/dashboard/columns/nonsense/", {}).status_code == 404


def test_an_entry_is_shown_with_what_changed(desk, admin, asha):
    changed = deed(
        "blog.one",
        by=admin,
        target=asha,
        before={"bio": "<b>old</b>"},
        after={"bio": "new"},
        reason="Asked for.",
    )
    text = desk.get(f"{LOG}{changed.number}/").text
    assert "&lt;b&gt;old&lt;/b&gt;" in text
    assert "Asked for." in text
    assert f'href="/dashboard/log/accounts.user/{asha.pk}/"' in text


@pytest.mark.parametrize("number", [0, 10**6, 2**63 - 1, 2**63, 10**30])
def test_there_is_no_entry_of_a_number_that_was_never_given(desk, number):
    assert desk.get(f"{LOG}{number}/").status_code == 404


def test_a_link_leads_to_the_thing_or_says_that_it_is_gone(desk, asha):
    key = asha.pk
    assert desk.get(f"{LOG}accounts.user/{key}/").status_code == 302
    QuerySet.delete(User.objects.filter(pk=key))
    gone = desk.get(f"{LOG}accounts.user/{key}/")
    assert gone.status_code == 404
    assert "not there any more" in gone.text
    for nonsense in ("nonsense/1", "blog.nothing/1", "accounts.user/1", "blog.tag/x", "a.b.c/1"):
        assert desk.get(f"{LOG}{nonsense}/").status_code == 404
    assert desk.get(f"{LOG}blog.tag/{2**70}/").status_code == 404


def test_it_is_taken_along_as_csv_without_formulas_and_that_is_noted(desk, admin, asha):
    deed("blog.one", by=asha, reason='=HYPERLINK("x")')
    answer = desk.get(f"{LOG}entries.csv", {"person": "asha"})
    assert answer.streaming
    rows = list(csv.DictReader(StringIO(answer.getvalue().decode())))
    assert [row["action"] for row in rows] == ["blog.one"]
    assert rows[0]["reason"] == '\'=HYPERLINK("x")'
    assert rows[0]["who"] == "asha"
    noted = Entry.objects.in_words().first()
    assert (noted.action, noted.actor_id) == ("dashboard.exported", str(admin.pk))
    assert noted.detail.more == {
        "list": "log",
        "form": "csv",
        "filters": {"person": "…"},  # the entry would outlive her
    }


def test_it_is_taken_along_as_json_also_when_it_is_long(desk, asha):
    for number in range(60):
        deed(f"blog.deed_{number:02}", by=asha)
    rows = json.loads(desk.get(f"{LOG}entries.json", {"person": "asha"}).getvalue())
    assert [row["action"] for row in rows][:2] == ["blog.deed_59", "blog.deed_58"]
    assert len(rows) == 60
    none = desk.get(f"{LOG}entries.json", {"since": "2099-01-01"})
    assert json.loads(none.getvalue()) == []


def test_the_chain_is_checked_and_the_result_shown(desk, admin, django_capture_on_commit_callbacks):
    assert "Nobody has asked yet." in desk.get(LOG).text
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post(f"{LOG}check/").url == LOG
    check = ChainCheck.objects.get()
    assert (check.asked_by, check.problem) == (admin, "")
    assert check.entries == Entry.objects.count()
    assert f"all {check.entries} entries hold" in desk.get(LOG).text


def test_a_broken_chain_is_named(desk, django_capture_on_commit_callbacks):
    broken = deed("blog.one")
    with guards_down():
        QuerySet.update(Entry.objects.filter(pk=broken.pk), action="blog.x")
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"{LOG}check/")
    text = desk.get(LOG).text
    assert "The log is not whole." in text
    assert f"Entry {broken.number}" in text


def test_one_check_at_a_time_is_enough(desk):
    desk.post(f"{LOG}check/")
    desk.post(f"{LOG}check/")
    assert ChainCheck.objects.count() == 1
    ChainCheck.objects.update(asked_at=timezone.now() - timedelta(hours=2))
    desk.post(f"{LOG}check/")
    assert ChainCheck.objects.count() == 2


def test_who_may_not_read_the_log_finds_none(client, somebody):
    for role, status in [("", 404), ("Editor", 404), ("Moderator", 404), ("Admin", 200)]:
        client.force_login(somebody(f"asha{role.lower()}", role))
        for path in (LOG, f"{LOG}entries.csv", f"{LOG}entries.json"):
            assert client.get(path).status_code == status, (role, path)
        assert client.post(f"{LOG}check/").status_code == (302 if status == 200 else 404)


def test_strangers_are_led_to_log_in_and_back(client):
    assert client.get(f"{LOG}?sort=oldest").url == f"/accounts/login/?next={LOG}%3Fsort%3Doldest"
    assert client.post(f"{LOG}check/").url == f"/accounts/login/?next={LOG}"


def test_nothing_of_the_desk_is_kept_by_anybody(desk):
    for path in ("/dashboard/", LOG, f"{LOG}entries.csv"):
        assert desk.get(path)["Cache-Control"] == "no-store"
