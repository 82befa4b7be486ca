"""Stories in the search of the site: what readers may read, and nothing else."""

import pytest
from django.core.management import call_command

from blog.models import Post
from blog.tests.factories import content, draft, story
from pocket.testing import HTMX
from search.index import find
from search.kinds import Kind
from search.models import Document
from states.tests.visiting import visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]


def found(words: str) -> list[str]:
    results = find(words, kinds=[Kind.STORY])
    return [str(hit.title) for group in results.groups for hit in group.hits]


@pytest.mark.parametrize(
    "words",
    ["quokkas", "quokka", "dekword", "bodyword", "tagword", "karnataka bodyword", "quokkkas"],
)
def test_a_story_is_found_by_title_dek_text_tags_and_states(words):
    story(
        title="Quokkas",
        dek="A dekword.",
        body="**bodyword**",
        tags=["Tagword"],
        states=["karnataka"],
    )
    assert len(found(words)) == 1


def test_the_search_page_lists_it(client):
    story(title="Quokkas of Goa", dek="Small.")
    page = visit(client, "/search/?q=quokkas")
    assert "/blog/monsoon/" in page.links()
    assert "Stories 1" in page.words


@pytest.mark.parametrize("deed", ["withdraw", "archive", "remove"])
def test_what_is_taken_back_is_found_no_more(deed):
    post = story(title="Quokkas")
    how = {} if deed == "remove" else {"version": post.version}
    getattr(post, deed)(by=None, **how)
    assert not find("quokkas")
    assert not find("quokkkas").read_as
    if deed == "remove":
        post.restore(by=None)
        assert found("quokkas")


def test_a_draft_is_never_found():
    post = draft(title="Quokkas")
    post.revise(content(title="Wallabies"), version=post.version, by=None)
    assert not Document.objects.filter(kind=Kind.STORY)


def test_only_what_readers_see_is_found():
    post = story(title="Quokkas")
    waiting = content(title="Wallabies")
    post.revise(waiting, version=post.version, by=None, is_for_later=True)
    assert found("quokkas")
    assert not found("wallabies")
    post.publish(version=post.version, by=None)
    assert found("wallabies")
    assert not found("quokkas")


def test_a_scheduled_story_is_found_by_time_alone(client, it_is):
    post = story(title="Quokkas", days_ago=-1)
    assert not find("quokkas")
    assert not find("quokkkas").read_as
    assert "Quokkas" not in client.get("/search/suggest/?q=quok", headers=HTMX).content.decode()
    it_is(post.published_at)
    assert found("quokkas")
    assert find("quokkkas").read_as == [("quokkkas", "quokkas")]
    assert "Quokkas" in client.get(
        "/search/suggest/?q=quok", headers=HTMX
    ).content.decode().replace("<mark>", "").replace("</mark>", "")


def test_a_deed_that_fails_leaves_the_index_as_it_was(monkeypatch):
    post = story(title="Quokkas")

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("audit.trail.record", broken)
    with pytest.raises(RuntimeError):
        post.withdraw(version=post.version, by=None)
    assert found("quokkas")


def test_the_index_can_be_made_anew():
    story(title="Quokkas")
    draft("hidden", title="Wallabies")
    Document.objects.filter(kind=Kind.STORY).delete()
    call_command("index_stories", verbosity=0)
    assert found("quokkas")
    assert not find("wallabies")
    assert Post.objects.count() == 2
