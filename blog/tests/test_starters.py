"""The stories that a new site begins with."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from blog import starters
from blog.facts import unknown_marks
from blog.models import Post
from blog.tests.factories import content, story
from states.tests.visiting import visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]


def load() -> str:
    said = StringIO()
    call_command("load_starter_stories", stdout=said)
    return said.getvalue().strip()


def test_a_new_site_begins_with_six_stories_as_the_file_has_them(client):
    assert load() == "stories: 6 to begin with"
    for told in json.loads(starters.FILE.read_text()):
        post = Post.objects.get(slug=told["slug"])
        assert (post.title, post.body) == (told["title"], told["body_markdown"])
        assert (
            post.published_at.isoformat()
            == timezone.datetime.fromisoformat(told["published"])
            .astimezone(post.published_at.tzinfo)
            .isoformat()
        )
        assert post.states.count() == len(told["states"])
        assert post.author is None
        if post.is_public:
            page = visit(client, post.get_absolute_url())
            assert "Pocket editors · " in page.words
            assert "changed on" not in page.words


def test_each_behaves_as_its_date_says(client, it_is):
    it_is(timezone.datetime.fromisoformat("2026-06-01T00:00:00+05:30"))
    load()
    assert Post.objects.public().count() == 2
    it_is(timezone.datetime.fromisoformat("2026-12-01T00:00:00+05:30"))
    assert Post.objects.public().count() == 6


def test_they_come_once_and_never_again():
    load()
    call_command("remove_starter_stories", stdout=StringIO())
    assert not Post.objects.exists()
    assert load() == ""
    Post.everything.all().delete()
    assert load() == ""
    assert not Post.everything.exists()


def test_a_site_that_has_stories_gets_none():
    story()
    assert load() == ""


def test_one_command_puts_them_into_the_bin_and_leaves_all_others():
    load()
    story("mine", byline="Pocket editors")
    renamed = Post.objects.get(slug="a-monsoon-calendar")
    renamed.revise(content("rain-calendar"), version=renamed.version, by=None)
    said = StringIO()
    call_command("remove_starter_stories", stdout=said)
    assert said.getvalue().strip() == "stories: 6 in the bin"
    assert [post.slug for post in Post.objects.all()] == ["mine"]
    renamed.restore(by=None)
    assert Post.objects.filter(slug="rain-calendar").exists()


def test_all_that_they_say_of_states_is_known_and_leads_somewhere(client):
    load()
    for post in Post.objects.all():
        assert unknown_marks(post.body) == []
        page = visit(client, post.get_absolute_url())
        for link in page.links(".//div[@class='prose post__text']"):
            if link.startswith("/"):
                assert client.get(link).status_code == 200, link


def test_a_start_brings_them(monkeypatch, tmp_path, settings):
    settings.VAR_DIR = tmp_path
    call_command("prepare", no_static=True, stdout=StringIO(), verbosity=0)
    assert Post.objects.count() == 6
