"""What was removed is away, but not gone."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import clear_url_caches
from django.utils import timezone

from audit.models import Entry
from audit.tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def notes(note_models):
    return note_models[0]


@pytest.fixture
def remarks(note_models):
    return note_models[1]


@pytest.fixture
def moderator():
    return PersonFactory(username="moderator")


def test_what_is_removed_says_when_by_whom_and_why(notes, moderator):
    note = notes.objects.create(slug="a")
    assert note.remove(by=moderator, why="spam") is True
    stored = notes.everything.get()
    for seen in (note, stored):
        assert seen.is_removed
        assert timezone.now() - seen.removed_at < timedelta(minutes=1)
        assert (seen.removed_by, seen.removed_why) == (moderator, "spam")


def test_the_default_manager_shows_the_living(notes, moderator):
    gone, here = notes.objects.create(slug="gone"), notes.objects.create(slug="here")
    gone.remove(by=moderator)
    assert list(notes.objects.all()) == [here]
    assert list(notes._default_manager.all()) == [here]
    assert list(notes.everything.all()) == [gone, here]


def test_removing_and_restoring_leave_an_entry_each(notes, moderator):
    author = PersonFactory()
    note = notes.objects.create(slug="a", author=author)
    note.remove(by=moderator, why="spam")
    note.restore(by=None, why="a mistake")
    restored, removed = Entry.objects.about(note)
    assert (removed.action, removed.actor_words) == ("audit.note_removed", "moderator")
    assert (removed.detail.reason, removed.detail.target_name) == ("spam", "a")
    assert (restored.action, restored.actor_words) == ("audit.note_restored", "the site itself")
    assert list(Entry.objects.about(author)) == [restored, removed]


def test_twice_changes_nothing(notes, moderator):
    note = notes.objects.create(slug="a")
    also = notes.objects.get()
    assert note.remove(by=moderator, why="first")
    assert not also.remove(by=None, why="second")
    assert (also.removed_by, also.removed_why) == (moderator, "first")
    assert note.restore(by=moderator)
    assert not also.restore(by=moderator)
    assert not also.is_removed
    assert Entry.objects.count() == 2


def test_what_is_restored_is_as_before(notes, moderator):
    note = notes.objects.create(slug="a")
    note.remove(by=moderator, why="spam")
    note.restore(by=moderator)
    stored = notes.objects.get()
    assert (stored.removed_at, stored.removed_by, stored.removed_why) == (None, None, "")


def test_a_removal_that_leaves_no_entry_does_not_happen(notes, moderator, monkeypatch):
    note = notes.objects.create(slug="a")
    monkeypatch.setattr("audit.trail.record", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        note.remove(by=moderator)
    assert notes.objects.count() == 1


def test_a_name_is_free_once_its_owner_is_removed(notes, moderator):
    notes.objects.create(slug="a").remove(by=moderator)
    second = notes(slug="a")
    second.full_clean()
    second.save()
    with pytest.raises(ValidationError):
        notes(slug="a").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        notes.objects.create(slug="a")


def test_what_has_lost_its_place_is_not_restored(notes, moderator):
    note = notes.objects.create(slug="a")
    note.remove(by=moderator)
    notes.objects.create(slug="a")
    with pytest.raises(ValidationError):
        note.restore(by=moderator)
    assert note.is_removed
    assert notes.objects.count() == 1
    assert Entry.objects.count() == 1


def test_related_lists_show_the_living_and_a_key_leads_to_the_removed(notes, remarks, moderator):
    note = notes.objects.create(slug="a")
    remark, gone = remarks.objects.create(note=note), remarks.objects.create(note=note)
    gone.remove(by=moderator)
    assert list(note.remarks.all()) == [remark]
    note.remove(by=moderator)
    assert remarks.objects.get().note.slug == "a"
    remark.refresh_from_db()
    note.refresh_from_db()
    note.slug = "b"
    note.save()
    assert notes.everything.get().slug == "b"


def test_the_remover_may_go(notes, moderator):
    note = notes.objects.create(slug="a")
    note.remove(by=moderator)
    moderator.delete()
    assert notes.everything.get().removed_by is None
    assert notes.everything.get().is_removed


def test_to_delete_still_deletes(notes):
    notes.objects.create(slug="a").delete()
    assert not notes.everything.exists()


# --- In the back room --------------------------------------------------------------------------


@pytest.fixture
def back_room(client, notes, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path  # WhiteNoise wants a directory
    settings.ROOT_URLCONF = "audit.tests.back_room_urls"
    clear_url_caches()
    ContentType.objects.clear_cache()
    client.force_login(PersonFactory(username="root", is_staff=True, is_superuser=True))
    yield client
    clear_url_caches()
    ContentType.objects.clear_cache()  # the models are of these tests alone


def test_staff_see_the_removed_and_restore_them(back_room, notes):
    note = notes.objects.create(slug="marigold")
    note.remove(by=None)
    assert "marigold" in back_room.get("/admin/audit/note/").text
    assert "marigold" in back_room.get(f"/admin/audit/note/{note.pk}/change/").text
    assert "marigold" not in back_room.get("/admin/audit/note/?removed_at__isempty=1").text
    back_room.post("/admin/audit/note/", {"action": "restore", "_selected_action": [note.pk]})
    assert notes.objects.get() == note
    assert Entry.objects.first().actor_words == "root"


def test_to_delete_there_is_to_remove(back_room, notes):
    one, other = notes.objects.create(slug="one"), notes.objects.create(slug="other")
    back_room.post(f"/admin/audit/note/{one.pk}/delete/", {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
    back_room.post("/admin/audit/note/", chosen)
    assert not notes.objects.exists()
    removers = {note.removed_by.username for note in notes.everything.all()}
    assert removers == {"root"}


def test_what_cannot_be_restored_is_said(back_room, notes):
    note = notes.objects.create(slug="a")
    note.remove(by=None)
    notes.objects.create(slug="a")
    chosen = {"action": "restore", "_selected_action": [note.pk]}
    answer = back_room.post("/admin/audit/note/", chosen, follow=True)
    assert "“note_slug_once” is violated" in answer.text
    assert "0 restored" not in answer.text
    assert notes.objects.count() == 1
