"""A scratch database that is filled with stories and comments, to measure what grows."""

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from accounts.models import User
from blog.filling import COMMON, RARE, TAGS, NotScratchError, fill, shares_of
from blog.models import Post, Revision, Tag

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("states_loaded")]


def told() -> list[tuple]:
    """All that stories say, in order."""
    columns = ("pk", "title", "slug", "dek", "text", "html", "published_at")
    return list(Post.objects.order_by("pk").values_list(*columns))


def test_a_scratch_site_gets_stories_that_everybody_may_read():
    assert fill(25, 0, lambda words: None).stories == 25
    assert Post.objects.public().count() == 25
    assert Post.objects.filter(text__contains=COMMON).count() == 25
    assert Post.objects.filter(text__contains=RARE).count() == 1
    assert set(Tag.objects.values_list("name", flat=True)) == set(TAGS)
    newest = Post.objects.public().order_by("-published_at").first()
    assert newest.slug == "bench-0"
    assert newest.tags.exists()
    assert newest.states.count() == 1


def test_its_stories_can_be_written_on():
    fill(3, 0, lambda words: None)
    post = Post.objects.get(slug="bench-1")
    post.revise(post.content, version=post.version, by=None)
    post.refresh_from_db()
    assert (post.newest, post.live, post.title) == (2, 2, "A morning to Mysuru, 1")
    assert post.tags.count() == 2
    assert post.states.count() == 1


def test_it_is_the_same_each_time():
    fill(5, 0, lambda words: None)
    first = told()
    for model in (Revision, Post, User):
        model._base_manager.all().delete()
    fill(5, 0, lambda words: None)
    assert told() == first


def test_a_site_with_members_is_left_alone():
    User.objects.create_user("asha", "asha@pocket.example", "x")
    with pytest.raises(NotScratchError):
        fill(3, 0)
    with pytest.raises(CommandError, match="This site has members"):
        call_command("fill_stories", stories=3)
    assert not Post.everything.exists()


@pytest.mark.parametrize(
    ("byline", "is_left_alone"), [("Pocket editors", False), ("Meera Nair", True), ("", True)]
)
def test_a_site_with_stories_of_its_own_is_left_alone(byline, is_left_alone):
    Post.objects.create(slug="monsoon", title="Monsoon", byline=byline)
    if is_left_alone:
        with pytest.raises(CommandError, match="This site has stories"):
            call_command("fill_stories", stories=3)
    else:
        call_command("fill_stories", stories=3)
    assert Post.everything.count() == (1 if is_left_alone else 4)


@pytest.mark.parametrize("numbers", [{"stories": 0}, {"stories": -1}, {"comments": -1}])
def test_nonsense_is_refused(numbers):
    with pytest.raises(CommandError, match="At least one story"):
        call_command("fill_stories", **numbers)


@pytest.mark.parametrize(
    ("stories", "comments", "shares"),
    [
        (4, 6_001, [5_000, 20, 491, 490]),
        (4, 100, [100, 0, 0, 0]),
        (2, 9_000, [5_000, 20]),
        (1, 10, [10]),
    ],
)
def test_the_newest_story_gets_most_comments(stories, comments, shares):
    assert shares_of(stories, comments) == shares


def test_comments_are_shown_one_level_deep():
    assert fill(3, 5_100, lambda words: None).comments == 5_100
    said = apps.get_model("blog", "Comment").objects
    assert said.filter(post__slug="bench-0", status="shown").count() == 5_000
    assert said.filter(post__slug="bench-1").count() == 20
    replies = said.filter(post__slug="bench-1", parent__isnull=False)
    assert replies.count() == 5
    assert all(it.parent.parent is None and it.parent.answers == 1 for it in replies)
