"""Pages of stories are kept, and made anew exactly when they have to be."""

from functools import partial

import pytest

from accounts.profiles import Profile
from blog.models import Post
from blog.tests.factories import EditorFactory, content, draft, story
from pocket.testing import Door
from pocket.web import generation

pytestmark = pytest.mark.django_db
LISTS = ["/blog/", "/blog/tag/rain/", "/blog/state/kerala/", "/blog/feed/", "/sitemap.xml"]


@pytest.fixture
def door(door, monkeypatch):
    monkeypatch.setattr(generation, "AGE", 0)
    return door


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """What is done within is committed, as pages see it."""
    return partial(django_capture_on_commit_callbacks, execute=True)


def is_hit(door, path: str) -> bool:
    """Whether the page is there already when it is asked for."""
    hits = []
    app = door.app

    def look(environ, start_response):
        answer = app(environ, start_response)
        hits.append(environ.get("pocket.notes", {}).get("cache") == "hit")
        return answer

    Door(look)(path)
    return hits == [True]


def is_kept(door, path: str) -> bool:
    door(path)
    return is_hit(door, path)


def test_strangers_get_one_kept_page_without_a_cookie(door):
    story(tags=["Rain"], states=["kerala"])
    for path in [*LISTS, "/blog/monsoon/", "/blog/monsoon/qr.svg", "/blog/monsoon/share.png"]:
        assert is_kept(door, path), path
        answer = door(path)
        assert answer["Set-Cookie"] is None
        assert answer["Cache-Control"].startswith("public")
        assert door(path, headers={"If-None-Match": answer["ETag"]}).status == 304


def test_what_is_published_changed_or_withdrawn_is_on_every_page_at_once(door, committed):
    shelved = {"tags": ["Rain"], "states": ["kerala"]}
    story("first", **shelved)
    post = draft("second", **shelved)
    for path in LISTS:
        assert "second" not in door(path).text
    with committed():
        post.publish(version=post.version, by=None)
    for path in LISTS:
        assert "/blog/second/" in door(path).text
    assert "/blog/second/" in door("/blog/first/").text
    with committed():
        post.revise(content("second", title="Renamed", **shelved), version=post.version, by=None)
    assert "Renamed" in door("/blog/second/").text
    assert "Renamed" in door("/blog/").text
    with committed():
        post.withdraw(version=post.version, by=None)
    for path in LISTS:
        assert "/blog/second/" not in door(path).text
    assert door("/blog/second/").status == 404


def test_a_scheduled_story_appears_on_kept_pages_on_time(door, monkeypatch):
    shelved = {"tags": ["Rain"], "states": ["kerala"]}
    story("first", **shelved)
    post = story("second", days_ago=-0.0001, **shelved)  # in some seconds
    for path in [*LISTS, "/blog/first/"]:
        assert "/blog/second/" not in door(path).text
    moment = post.published_at
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
    monkeypatch.setattr("time.time", lambda: moment.timestamp() + 0.001)
    for path in [*LISTS, "/blog/first/", "/blog/second/"]:
        assert "/blog/second/" in door(path).text, path


def test_what_is_said_below_a_story_makes_its_page_alone_anew(door, committed):
    post = story("first")
    story("second")
    for path in ("/blog/", "/blog/first/", "/blog/second/"):
        assert is_kept(door, path)
    with committed():
        generation.bump(post.topic)
    Post.objects.filter(pk=post.pk).update(html="<p>Anew.</p>")
    assert "Anew." in door("/blog/first/").text
    Post.objects.update(title="Behind the back")
    assert "Behind the back" not in door("/blog/").text
    assert "Behind the back" not in door("/blog/second/").text.partition("<title>")[2][:40]


def test_home_and_states_stay_when_a_story_comes_out(door, committed):
    assert is_kept(door, "/")
    assert is_kept(door, "/states/kerala/")
    with committed():
        story(states=["kerala"])
    hits = [is_hit(door, path) for path in ("/", "/states/kerala/")]
    assert hits == [True, True]


def test_pages_beyond_the_first_are_not_kept(door):
    story()
    assert not is_kept(door, "/blog/?after=x")


def test_another_name_of_its_author_is_on_every_page_at_once(door, committed):
    meera = EditorFactory(username="meera", shown_name="Meera Nair")
    story(by=meera)
    pages = ["/blog/", "/blog/feed/", "/blog/monsoon/"]
    for path in pages:
        assert "Meera Nair" in door(path).text
    with committed():
        Profile.of(meera).write(by=meera, bio="Rain.", shown_name="Meera Nair")
    assert all(is_hit(door, path) for path in pages)
    with committed():
        Profile.of(meera).write(by=meera, shown_name="Meera N")
    for path in pages:
        text = door(path).text
        assert "Meera N" in text
        assert "Nair" not in text
    with committed():
        meera.rename("meera-n", by=meera)
    assert "/blog/by/meera-n/" in door("/blog/monsoon/").text
