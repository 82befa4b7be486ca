"""A story's life: written in revisions, out, changed, away and back."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from audit.models import Entry
from blog.models import FormerSlug, Post
from blog.posts import OutdatedError
from blog.tests.factories import EditorFactory, content, draft, story

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return EditorFactory(username="editor")


def actions(post) -> list[str]:
    return list(Entry.objects.about(post).values_list("action", flat=True))[::-1]


def test_a_draft_is_nobodys_to_read(editor):
    draft(by=editor)
    assert not Post.objects.public()


def test_publishing_shows_it_and_leaves_an_entry(editor):
    post = draft(by=editor)
    post.publish(version=1, by=editor)
    assert list(Post.objects.public()) == [post]
    assert actions(post) == ["blog.post_started", "blog.post_published"]


def test_a_scheduled_story_comes_out_by_time_alone(editor, monkeypatch):
    post = draft(by=editor)
    at = timezone.now() + timedelta(hours=1)
    post.publish(version=1, by=editor, at=at)
    assert post.is_scheduled
    assert not Post.objects.public()
    assert Post.objects.all().next_appearance() == at
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    assert list(Post.objects.public()) == [post]
    assert post.is_public


def test_what_is_out_keeps_its_day_when_it_is_published_again(editor):
    post = story(by=editor, days_ago=3)
    came_out = post.published_at
    post.publish(version=post.version, by=editor)
    assert post.published_at == came_out


@pytest.mark.parametrize("deed", ["revise", "publish", "archive", "withdraw", "restore", "remove"])
def test_whoever_comes_second_is_told_and_changes_nothing(editor, deed):
    post = story(by=editor)
    mine, theirs = Post.objects.get(), Post.objects.get()
    theirs.revise(content(body="Theirs."), version=theirs.version, by=editor)
    old = post.version
    with pytest.raises(OutdatedError) as raised:
        {
            "revise": lambda: mine.revise(content(body="Mine."), version=old, by=editor),
            "publish": lambda: mine.publish(version=old, by=editor),
            "archive": lambda: mine.archive(version=old, by=editor),
            "withdraw": lambda: mine.withdraw(version=old, by=editor),
            "restore": lambda: mine.restore_revision(1, version=old, by=editor),
            "remove": lambda: mine.remove(version=old, by=editor),
        }[deed]()
    assert raised.value.post.body == "Theirs."
    assert Post.objects.get().body == "Theirs."
    assert Post.objects.get().version == theirs.version


def test_a_change_of_a_live_story_can_wait(editor):
    post = story(by=editor, body="Old.")
    post.revise(content(body="New."), version=post.version, by=editor, is_for_later=True)
    assert Post.objects.get().body == "Old."
    assert post.has_waiting_changes
    assert post.content.body == "New."
    post.publish(version=post.version, by=editor)
    assert Post.objects.get().body == "New."
    assert not post.has_waiting_changes


def test_restoring_a_revision_loses_none(editor):
    post = draft(by=editor, body="First.")
    post.revise(content(body="Second."), version=1, by=editor, name="with rain")
    post.restore_revision(1, version=2, by=editor)
    assert Post.objects.get().body == "First."
    assert [it.content["body"] for it in post.revisions.all()] == ["First.", "Second.", "First."]
    assert [it.name for it in post.revisions.all()] == ["as in revision 1", "with rain", ""]


def test_an_old_address_leads_to_the_story_and_is_nobody_elses(editor):
    post = story("rain", by=editor)
    post.revise(content("monsoon"), version=post.version, by=editor)
    assert FormerSlug.objects.get(slug="rain").post == post
    with pytest.raises(ValidationError, match="Another story has this address"):
        draft("rain", by=editor)
    post.revise(content("rain"), version=post.version, by=editor)
    assert [it.slug for it in FormerSlug.objects.all()] == ["monsoon"]


def test_what_is_in_the_bin_is_away_and_comes_back(editor):
    post = story(by=editor)
    post.remove(by=editor)
    assert not Post.objects.public()
    with pytest.raises(ValidationError):
        draft(by=editor)  # its address stays its own
    post.restore(by=editor)
    assert list(Post.objects.public()) == [post]


def test_tags_and_states_are_those_of_the_shown_revision(editor, states_loaded):
    post = story(by=editor, tags=("Rain", "rain", "मानसून"), states=("kerala", "goa", "atlantis"))
    assert sorted(tag.slug for tag in post.tags.all()) == ["rain", "मानसून"]
    assert {state.slug for state in post.states.all()} == {"kerala", "goa"}


def test_the_text_is_rendered_when_it_is_saved(editor):
    post = draft(by=editor, body="## Rain\n\n<b>wet</b> **days**")
    assert post.headings == [[2, "s-rain", "Rain"]]
    assert "<strong>days</strong>" in post.html
    assert "<b>" not in post.html
    assert post.text == "Rain <b>wet</b> days"
