"""The first page of the desk: numbers, what waits for me, what colleagues did."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import User
from accounts.roles import ADMIN, EDITOR, MODERATOR
from audit import trail
from audit.models import VISITOR, Entry
from blog.comments import Comment
from blog.tests.factories import draft, rows, story
from contact.models import Message
from contact.tests.factories import MessageFactory
from dashboard import counting, sections, tasks
from dashboard.counting import DAY
from dashboard.models import DayCount
from search.models import MissedSearch

pytestmark = pytest.mark.django_db
OUT = "/dashboard/stories/?status=published"


def page(client) -> str:
    response = client.get("/dashboard/")
    assert response.status_code == 200
    return response.content.decode()


def number(html: str, address: str) -> str:
    """What the overview says of the list at this address."""
    return html.split(f'<p class="kpi"><a href="{address}">')[1].split("<")[0]


def table(html: str, title: str) -> list[str]:
    """The counts of the 30 days, the newest first."""
    rows_ = html.split(f'<th scope="col">{title}</th>')[1].split("</table>")[0]
    return [row.split("</td>")[0] for row in rows_.split("<td>")[1:]]


def comment(**values) -> Comment:
    post = values.pop("post", None) or story(f"of-{Comment.objects.count()}")
    comment = Comment(post=post, html="<p>It rains.</p>", body="It rains.", **values)
    comment.thread = comment.pk
    comment.save()
    return comment


# --- Numbers ------------------------------------------------------------------------------------


def test_each_number_leads_to_the_list_that_it_counts(desk):
    post = story("monsoon")
    story("to-come", days_ago=-1)
    draft("unseen")
    now = timezone.now()
    comment(post=post, status="waiting", waits_for="new", queued_at=now)
    comment(post=post, status="shown")
    MessageFactory()
    MessageFactory(closed=True)
    MissedSearch.objects.create(day=timezone.localdate(), words="atlantis", times=3)
    html = page(desk)
    numbers = {
        OUT: "1",
        sections.REVIEW.url: "1",
        "/contact/inbox/": "1",
        "/dashboard/people/": str(User.objects.count()),
        "/dashboard/searches/": "3",
    }
    for address, count in numbers.items():
        assert number(html, address) == count, address
        assert desk.get(address).status_code == 200, address


@pytest.mark.parametrize(
    ("role", "titles"),
    [
        (EDITOR, ["Stories out"]),
        (MODERATOR, ["Comments waiting", "New messages"]),
        (
            ADMIN,
            [
                *("Stories out", "Comments waiting", "New messages", "New members in 30 days"),
                "Searches without result in 30 days",
            ],
        ),
    ],
)
def test_nobody_sees_a_number_whose_list_is_closed_to_them(client, somebody, role, titles):
    client.force_login(somebody("asha", role))
    html = page(client)
    assert [part.split("<")[0] for part in html.split('<h2 class="h3">')[1:]] == titles
    assert ("What colleagues did last" in html) == (role == ADMIN)


def test_what_waits_is_counted_to_a_thousand(desk, monkeypatch):
    monkeypatch.setattr("dashboard.figures.MOST", 3)
    rows(3)
    assert number(page(desk), OUT) == "3"
    story("one-more")
    story("and-another")
    assert number(page(desk), OUT) == "more than 3"


def test_a_number_stands_over_its_thirty_days(desk):
    today = timezone.localdate()
    DayCount.objects.create(name="messages", day=today - 5 * DAY, count=7)
    DayCount.objects.create(name="messages", day=today - 40 * DAY, count=99)
    MessageFactory()
    MessageFactory(sent_at=timezone.now() - DAY)
    counts = table(page(desk), "Messages sent")
    assert (len(counts), counts[0], counts[1], counts[5]) == (30, "1", "1", "7")
    assert counts[2] == "not counted yet"


def test_the_line_rises_where_the_count_does(desk):
    DayCount.objects.create(name="messages", day=timezone.localdate() - 29 * DAY, count=4)
    MessageFactory()
    MessageFactory()
    html = page(desk).split(">New messages</h2>")[1]
    line = html.split('<path d="')[1].split('"')[0]
    assert line.startswith("M0.0 2.0 L3.4 28.0 L6.9 28.0 ")
    assert line.endswith(" L96.6 28.0 L100.0 15.0")


# --- The count of days --------------------------------------------------------------------------


def test_days_that_are_over_are_counted_by_the_command(desk, capsys):
    now = timezone.now()
    story("monsoon", days_ago=3)
    comment(status="shown", made_at=now - 2 * DAY)
    MessageFactory(sent_at=now - 29 * DAY)
    MessageFactory(sent_at=now - 31 * DAY)
    User.objects.create_user("meera", "meera@pocket.example", date_joined=now - 4 * DAY)
    MissedSearch.objects.create(day=timezone.localdate() - DAY, words="atlantis", times=3)
    call_command("count_days")
    assert "150 counts" in capsys.readouterr().out
    told = DayCount.objects.exclude(count=0).values_list("name", "day", "count")
    today = timezone.localdate()
    assert {(name, (today - day).days, count) for name, day, count in told} == {
        ("stories", 3, 1),
        ("stories", 1, 1),  # the one that is commented on
        ("comments", 2, 1),
        ("messages", 29, 1),
        ("members", 4, 1),
        ("searches", 1, 3),
    }
    html = page(desk)
    assert "not counted yet" not in html
    assert table(html, "Members new")[4] == "1"


def test_the_daily_task_counts_yesterday_again_and_what_is_missing(monkeypatch):
    call_command("count_days")
    today = timezone.localdate()
    DayCount.objects.filter(day=today - 3 * DAY, name="messages").delete()
    DayCount.objects.filter(day=today - 9 * DAY).update(count=5)
    for days in (1, 3, 9):
        MessageFactory(sent_at=timezone.now() - days * DAY)
    tasks.count_days.enqueue()
    counts = dict(DayCount.objects.filter(name="messages").values_list("day", "count"))
    assert [counts[today - days * DAY] for days in (1, 2, 3, 9)] == [1, 0, 1, 5]
    assert "dashboard.tasks.count_days" in __import__("django.conf").conf.settings.DAILY_TASKS


def test_today_and_yesterday_are_found_by_the_key(db, django_assert_num_queries):
    member = User.objects.create_user("meera", "meera@pocket.example")
    comment(status="shown", author=member)
    with django_assert_num_queries(1):
        asked = [*counting.lately(counting.MEMBERS), *counting.lately(counting.COMMENTS)]
        assert counting.count_up_to(5, asked) == [0, 2, 0, 1]
    assert counting.count_up_to(5, [Message.objects.none(), User.objects.all()]) == [0, 2]


# --- What waits for me --------------------------------------------------------------------------


def test_what_waits_for_me_is_mine_and_unfinished(client, somebody, admin):
    asha = somebody("asha", ADMIN)
    mine = MessageFactory(subject="A lost bridge")
    mine.assign(asha, by=admin)
    MessageFactory(subject="Of another").assign(admin, by=admin)
    MessageFactory(subject="Done long ago", closed=True, assigned_to=asha)
    draft("half-a-story", by=asha)
    draft("a-colleagues-story")
    story("finished", by=asha)
    client.force_login(asha)
    html = page(client)
    assert f'href="/contact/inbox/{mine.pk}/"' in html
    assert "Half A Story" in html
    for other in ("Of another", "Done long ago", "A Colleagues Story", "Finished"):
        assert other not in html.split("What colleagues did last")[0], other


def test_nothing_waits_is_said(desk):
    assert "Nothing: no message was given to you" in page(desk)


# --- What colleagues did ------------------------------------------------------------------------


def test_what_colleagues_did_is_told_in_words(desk, admin, somebody):
    asha = somebody("asha", EDITOR)
    post = draft("monsoon", by=asha)
    post.publish(version=post.version, by=asha)
    draft("mine", by=admin)
    trail.record("blog.never_heard_of", target=None, actor=asha)
    reader = somebody("meera")
    trail.record("blog.comment_posted", target=reader, actor=reader)
    html = page(desk).split("What colleagues did last")[1]
    entry = Entry.objects.get(action="blog.post_published")
    assert '<strong>asha</strong> published the story <span class="break">Monsoon</span>' in html
    assert f'href="/dashboard/log/{entry.number}/"' in html
    assert "never heard of" in html
    assert "kavya" not in html
    assert "meera" not in html


def test_deeds_of_colleagues_are_looked_for_among_the_newest(desk, somebody, monkeypatch):
    asha = somebody("asha", EDITOR)
    draft("monsoon", by=asha)
    monkeypatch.setattr("dashboard.overview.LOOKED_AT", 2)
    trail.record("a.first", target=None, actor=None)
    assert "began the story" in page(desk)
    trail.record("a.second", target=None, actor=None)
    assert "No colleague did anything lately." in page(desk)
    assert asha.pk != VISITOR


# --- What it costs ------------------------------------------------------------------------------


def test_it_takes_twelve_queries_at_most_however_much_there_is(
    client, somebody, django_assert_max_num_queries
):
    asha, ravi = somebody("asha", ADMIN), somebody("ravi", ADMIN)
    for slug in ("one", "two", "three"):
        comment(
            post=story(slug, by=ravi), status="waiting", waits_for="new", queued_at=asha.date_joined
        )
        draft(f"{slug}-of-mine", by=asha)
        MessageFactory(assigned_to=asha)
    call_command("count_days")
    client.force_login(asha)
    page(client)  # notes that asha is there, which happens once a while
    with django_assert_max_num_queries(12):
        html = page(client)
    assert "began the story" in html
    assert "One Of Mine" in html


# --- The list of searches -----------------------------------------------------------------------


def test_searches_without_result_are_listed(desk):
    today = timezone.localdate()
    MissedSearch.objects.create(day=today, words="atlantis", times=2)
    MissedSearch.objects.create(day=today - timedelta(days=3), words="utopia", times=9)
    html = desk.get("/dashboard/searches/").content.decode()
    assert html.index("atlantis") < html.index("utopia")
    assert 'href="/search/?q=atlantis"' in html
    html = desk.get("/dashboard/searches/?sort=often").content.decode()
    assert html.index("utopia") < html.index("atlantis")
    html = desk.get("/dashboard/searches/?words=Utópi").content.decode()
    assert "utopia" in html
    assert "atlantis" not in html
    html = desk.get(f"/dashboard/searches/?since={today}").content.decode()
    assert "utopia" not in html


@pytest.mark.parametrize(
    "query",
    [
        *(
            "since=yesterday",
            "since=2026-02-31",
            "until=0000-00-00",
            "since=2026-02-02&until=2026-02-01",
        ),
        *("sort=upwards", f"words={'x' * 999}"),
    ],
)
def test_a_filter_that_makes_no_sense_is_left_aside_with_a_word(desk, query):
    MissedSearch.objects.create(day=timezone.localdate(), words="atlantis", times=2)
    response = desk.get(f"/dashboard/searches/?{query}")
    assert response.status_code == 200
    assert 'class="notice caution"' in response.content.decode()


@pytest.mark.parametrize("role", ["", EDITOR, MODERATOR])
def test_searches_are_for_admins(client, somebody, role):
    client.force_login(somebody("asha", role))
    assert client.get("/dashboard/searches/").status_code == 404


def test_a_stranger_is_led_to_log_in(client):
    for address in ("/dashboard/", "/dashboard/searches/"):
        assert client.get(address)["Location"].startswith("/accounts/login/")
