"""Drafts shown to somebody without an account, stories of who leaves, and rendering anew."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from audit.models import Entry
from blog import personal
from blog.models import Comment, Draft, Post, ShareLink
from blog.tests.comment_factories import say, shown
from blog.tests.factories import content, draft, story
from privacy import erasing

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(editor, settings):
    post = draft("rain", by=editor, body="It **rains**.")
    return ShareLink.make(post, by=editor)


def path(link) -> str:
    return link.address.removeprefix("http://127.0.0.1:8000")


def test_whoever_has_the_link_reads_the_newest_revision(client, link, editor):
    link.post.revise(content("rain", body="It **pours**."), version=1, by=editor)
    answer = client.get(path(link))
    assert "<strong>pours</strong>" in answer.text
    assert answer["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.text
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"


def test_a_change_for_later_is_what_the_link_shows(client, editor):
    post = story("rain", by=editor, body="Old.")
    post.revise(content("rain", body="New."), version=post.version, by=editor, is_for_later=True)
    assert "New." in client.get(path(ShareLink.make(post, by=editor))).text


def test_a_link_ends_after_its_days(client, link, monkeypatch):
    later = timezone.now() + timedelta(days=7, seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert client.get(path(link)).status_code == 404


def test_a_link_that_was_taken_back_leads_nowhere(client, desk, link):
    desk.post("/blog/rain/unshare/")
    assert client.get(path(link)).status_code == 404
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {"blog.draft_shared", "blog.draft_unshared"} <= actions


def test_what_we_did_not_sign_is_not_even_looked_up(client, link, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert ShareLink.opened_by(f"{link.code}~forged") is None
    assert client.get(f"/blog/preview/{link.code}/").status_code == 404


def test_a_story_in_the_bin_is_shared_no_more(client, link, editor):
    link.post.remove(by=editor)
    assert client.get(path(link)).status_code == 404


def test_the_editor_makes_the_link_and_sees_until_when(desk, editor):
    draft("rain", by=editor)
    page = desk.post("/blog/rain/share/", follow=True).text
    assert ShareLink.objects.get().address in page


# --- Who leaves ---------------------------------------------------------------------------------


def test_who_is_erased_leaves_the_stories_without_a_name(editor, monkeypatch):
    post = story("rain", by=editor)
    Draft.keep(post, by=editor, form="a" * 22, typed={"title": "Mine"}, version=1)
    assert personal.losses(editor) == [
        "Your name at 1 story; the story stays.",
        "1 unsaved draft.",
    ]
    told = personal.of(editor)
    assert told["stories"][0]["address"] == "rain"
    assert told["revisions"][0]["content"]["body"] == "It rains."
    assert told["unsaved"][0]["typed"] == {"title": "Mine"}
    editor.remove(by=editor)
    later = timezone.now() + timedelta(days=8)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert erasing.erase(editor)
    assert str(Post.objects.get().author_name) == "deleted member"
    assert not Draft.objects.exists()


# --- Rendering anew -----------------------------------------------------------------------------


def rendered_anew() -> str:
    out = StringIO()
    call_command("render_stories", stdout=out)
    return out.getvalue()


def test_all_stories_are_rendered_anew_when_the_rules_change(editor):
    post = draft("rain", by=editor, body="It **rains**.")
    draft("sun", by=editor).remove(by=editor)
    Post.everything.update(html="<p>old</p>", minutes=9)
    assert "2 stories read, 2 changed.\n" in rendered_anew()
    post.refresh_from_db()
    assert (post.html, post.minutes, post.version) == ("<p>It <strong>rains</strong>.</p>\n", 1, 1)
    assert "2 stories read, 0 changed.\n" in rendered_anew()


def test_what_an_editor_saves_meanwhile_stays_theirs(editor):
    post = draft("rain", by=editor, body="Old.")
    Post.objects.update(html="old rules")
    stale = Post.objects.get()
    post.revise(content("rain", body="New."), version=1, by=editor)
    assert not stale.render_again()
    assert "New." in Post.objects.get().html


def test_all_comments_are_rendered_anew_as_well(
    door, post, asha, django_capture_on_commit_callbacks
):
    comment, waiting = shown(post, "It **rains**.", by=asha), say(post, "It *pours*.", by=asha)
    Comment.objects.update(html="<p>old</p>")
    assert "<p>old</p>" in door("/blog/monsoon/").text
    with django_capture_on_commit_callbacks(execute=True):
        assert "2 comments read, 2 changed.\n" in rendered_anew()
    assert "It <strong>rains</strong>." in door("/blog/monsoon/").text
    waiting.refresh_from_db()
    assert (waiting.html, waiting.version) == ("<p>It <em>pours</em>.</p>\n", 1)
    assert "2 comments read, 0 changed.\n" in rendered_anew()
    assert Entry.objects.about(comment).of_action("blog.comment_edited").count() == 0


def test_what_a_member_writes_meanwhile_stays_theirs(post, asha):
    shown(post, "Old.", by=asha)
    Comment.objects.update(html="old rules")
    stale = Comment.objects.get()
    Comment.objects.get().edit("New.", by=asha)
    assert not stale.render_again()
    assert "New." in Comment.objects.get().html
