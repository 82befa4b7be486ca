"""Moderators keep the list of held words in the back room."""

import pytest

from audit.models import Entry
from blog.models import HeldWord

pytestmark = pytest.mark.django_db
WORDS = "/admin/blog/heldword/"


@pytest.fixture
def hers_to_hold(meena, sign_in):
    return sign_in(meena)


def entries() -> list[tuple]:
    found = Entry.objects.filter(action__startswith="blog.held_word").in_words().order_by("number")
    return [
        (it.action, it.actor_words, it.target_words, it.detail.before, it.detail.after)
        for it in found
    ]


def test_each_change_of_the_held_words_is_in_the_log(hers_to_hold):
    hers_to_hold.post(f"{WORDS}add/", {"words": "casino"})
    word = HeldWord.objects.get()
    hers_to_hold.post(f"{WORDS}{word.pk}/change/", {"words": "casinos"})
    hers_to_hold.post(f"{WORDS}{word.pk}/delete/", {"post": "yes"})
    assert not HeldWord.objects.exists()
    assert [(action, who) for action, who, *_ in entries()] == [
        ("blog.held_word_added", "meena"),
        ("blog.held_word_changed", "meena"),
        ("blog.held_word_removed", "meena"),
    ]
    assert [what for _, _, what, *_ in entries()] == ["casino", "casinos", "casinos"]
    assert entries()[1][3:] == ({"words": "casino"}, {"words": "casinos"})


def test_saving_a_word_as_it_is_leaves_no_entry(hers_to_hold):
    word = HeldWord.objects.create(words="casino")
    hers_to_hold.post(f"{WORDS}{word.pk}/change/", {"words": "casino"})
    assert entries() == []


def test_of_several_that_are_let_go_each_has_its_entry(hers_to_hold):
    keys = [HeldWord.objects.create(words=words).pk for words in ("casino", "get rich")]
    sent = {"action": "delete_selected", "_selected_action": keys, "post": "yes"}
    hers_to_hold.post(WORDS, sent)
    assert not HeldWord.objects.exists()
    assert [what for _, _, what, *_ in entries()] == ["casino", "get rich"]


def test_what_unfolds_to_very_much_is_told_to_be_too_long(hers_to_hold):
    page = hers_to_hold.post(f"{WORDS}add/", {"words": "\ufdfa" * 100})
    assert "too long" in page.content.decode()
    assert not HeldWord.objects.exists()
