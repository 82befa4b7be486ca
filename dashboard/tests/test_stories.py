"""Stories at the desk: found, tagged, taken along, and seen coming."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.utils import timezone

from audit.models import Entry
from blog.drafts import Draft
from blog.models import Post
from blog.tests.factories import draft, story
from states.models import State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]
STORIES = "/dashboard/stories/"


@pytest.fixture
def editor(somebody):
    return somebody("meera", "Editor")


@pytest.fixture
def writing(client, editor):
    client.force_login(editor)
    return client


def titles(answer) -> list[str]:
    return [post.title for post in answer.context["page"]]


def tick(*posts: Post) -> list[str]:
    return [f"{post.pk}:{post.version}" for post in posts]


def test_the_newest_comes_first_whatever_its_status(writing):
    draft("first")
    story("second")
    story("third", days_ago=-2)
    assert titles(writing.get(STORIES)) == ["Third", "Second", "First"]
    assert titles(writing.get(STORIES, {"sort": "oldest"})) == ["First", "Second", "Third"]


def test_they_are_filtered_by_status_words_tag_state_and_author(writing, editor):
    draft("first", by=editor)
    story("second", tags=("Rain",), states=("kerala",))
    story("third", days_ago=-2)
    assert State.objects.filter(slug="kerala").exists()
    for asked, found in [
        ({"status": "draft"}, ["First"]),
        ({"status": "published"}, ["Second"]),
        ({"status": "scheduled"}, ["Third"]),
        ({"status": "bin"}, []),
        ({"words": "SECO"}, ["Second"]),
        ({"tag": "rain"}, ["Second"]),
        ({"state": "kerala"}, ["Second"]),
        ({"author": "meera"}, ["First"]),
        ({"author": "meera", "status": "published"}, []),
    ]:
        assert titles(writing.get(STORIES, asked)) == found, asked


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"status": "best"}, "Select a valid choice."),
        ({"tag": "never"}, "There is no such tag."),
        ({"tag": "!!"}, "There is no such tag."),
        ({"state": "atlantis"}, "Select a valid choice."),
        ({"author": "nobody.here"}, "There is nobody of that name or address."),
        ({"words": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_makes_no_sense_is_left_aside_with_a_word(writing, asked, words):
    draft("first")
    answer = writing.get(STORIES, asked)
    assert words in " ".join(answer.context["shown"].notices)
    assert titles(answer) == ["First"]


def test_the_cost_is_the_same_at_any_length(writing, django_assert_num_queries):
    for number in range(3):
        story(f"story-{number}", tags=("Rain",))
    writing.get(STORIES)
    # Session, person, permissions of the person and of the role, notices, states, views; rows,
    # tags, who is at it.
    with django_assert_num_queries(10):
        writing.get(STORIES)


def test_it_says_who_types_now(writing, editor):
    post = story("rain")
    Draft.keep(post, by=editor, form="f" * 22, typed={"title": "Rain"}, version=1)
    assert '<td data-title="Editing now">meera</td>' in writing.get(STORIES).text
    Draft.objects.update(saved_at=timezone.now() - timedelta(minutes=6))
    assert '<td data-title="Editing now"></td>' in writing.get(STORIES).text


def test_several_are_tagged_at_once_and_what_changed_meanwhile_is_named(writing, editor):
    first, second, third = story("first"), draft("second"), story("third")
    ticked = tick(first, second, third)
    second.revise(second.content, version=second.version, by=None)
    answer = writing.post(f"{STORIES}tag/", {"tag": "Rain", "story": ticked}, follow=True)
    assert "2 stories are tagged." in answer.text
    assert "“Second” was changed meanwhile." in answer.text
    assert set(Post.objects.filter(tags__slug="rain")) == {first, third}
    assert first.revisions.order_by("-number").first().editor == editor
    assert Entry.objects.of_action("blog.post_revised").count() == 3


def test_what_is_tagged_so_is_left_alone_and_waiting_changes_wait(writing):
    post = story("rain", tags=("Rain",))
    writing.post(f"{STORIES}tag/", {"tag": "rain", "story": tick(post)})
    post.refresh_from_db()
    assert (post.newest, [tag.name for tag in post.tags.all()]) == (1, ["Rain"])
    changed = post.content
    post.revise(changed, version=post.version, by=None, is_for_later=True)
    writing.post(f"{STORIES}tag/", {"tag": "Sun", "story": tick(post)})
    post.refresh_from_db()
    assert post.has_waiting_changes
    assert post.content.tags == ("Rain", "Sun")
    assert [tag.name for tag in post.tags.all()] == ["Rain"]


@pytest.mark.parametrize(
    "sent",
    [{}, {"tag": "Rain"}, {"tag": "Rain", "story": "x"}, {"tag": " ", "story": "{tick}"}],
)
def test_a_tag_without_stories_or_stories_without_a_tag_do_nothing(writing, sent):
    post = story("rain")
    sent = {name: value.replace("{tick}", tick(post)[0]) for name, value in sent.items()}
    answer = writing.post(f"{STORIES}tag/", sent, follow=True)
    assert "Nothing was done" in answer.text
    assert not post.tags.exists()


def test_a_tag_without_a_letter_is_refused_in_words(writing):
    post = story("rain")
    answer = writing.post(f"{STORIES}tag/", {"tag": "!!", "story": tick(post)}, follow=True)
    assert "has no letter in it" in answer.text


def test_they_are_taken_along_without_formulas(writing):
    story("rain", title="=SUM(A1)")
    answer = writing.get(f"{STORIES}stories.csv", {"status": "published"})
    rows = list(csv.DictReader(StringIO(answer.getvalue().decode())))
    assert [(row["title"], row["status"], row["address"]) for row in rows] == [
        ("'=SUM(A1)", "published", "/blog/rain/")
    ]
    assert Entry.objects.first().action == "dashboard.exported"


def test_the_calendar_shows_day_by_day_what_comes_out(writing):
    assert "No story is scheduled." in writing.get(f"{STORIES}calendar/").text
    story("later", days_ago=-3)
    story("sooner", days_ago=-1)
    story("out")
    days = writing.get(f"{STORIES}calendar/").context["days"]
    assert [[post.title for post in posts] for _day, posts in days] == [["Sooner"], ["Later"]]


def test_who_may_not_write_finds_no_list(client, somebody):
    client.force_login(somebody("asha", "Moderator"))
    for path in (STORIES, f"{STORIES}stories.csv", f"{STORIES}calendar/"):
        assert client.get(path).status_code == 404
    assert client.post(f"{STORIES}tag/", {}).status_code == 404
