"""What a story said: its revisions, and what differs between any two texts."""

import time

import pytest

from blog.comparing import Piece, compared, differences, html_of
from blog.models import Post
from blog.tests.factories import content, draft, story

GONE, NEW = "del", "ins"


def told(old: str, new: str) -> list[tuple[str, str]]:
    return [(it.kind, it.text) for it in compared(old, new) if it.kind]


def test_words_that_differ_are_found():
    assert told("It rains in Kochi.", "It pours in Kochi.") == [(GONE, "rains"), (NEW, "pours")]


def test_no_vowel_sign_is_parted_from_its_letter():
    assert told("केरल की बारिश", "केरल का बारिश") == [(GONE, "की"), (NEW, "का")]


def test_a_paragraph_put_in_between_is_the_only_difference():
    assert told("One.\n\nTwo.\n", "One.\n\nNew one.\n\nTwo.\n") == [(NEW, "New one.\n\n")]


@pytest.mark.parametrize(
    ("old", "new"), [("", ""), ("", "a"), ("a", ""), ("a\n", "a"), ("é", "e\u0301")]
)
def test_both_texts_can_be_made_of_the_pieces(old, new):
    pieces = compared(old, new)
    assert "".join(it.text for it in pieces if it.kind != NEW) == old
    assert "".join(it.text for it in pieces if it.kind != GONE) == new


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a b " * 12_500, "b a " * 12_500),
        ("a\n" * 25_000, "b\na\n" * 12_500),
        ("".join(f"{n} " for n in range(9_000)), "".join(f"{n} " for n in range(9_000, 0, -1))),
        ("x" * 50_000, "y" * 50_000),
        ("ab " * 380 + "c", "c" + "ab " * 380),
    ],
)
def test_the_longest_texts_are_compared_in_time(old, new):
    began = time.monotonic()
    pieces = compared(old, new)
    assert time.monotonic() - began < 3
    assert "".join(it.text for it in pieces if it.kind != GONE) == new


def test_what_is_alike_for_long_is_left_out():
    same = "".join(f"line {n}\n" for n in range(40))
    html = html_of([Piece("", same), Piece("ins", "new\n"), Piece("", same)])
    assert html.startswith('<span class="diff__gap">… 38 lines that are alike …</span>line 38')
    assert "<ins>new\n</ins>line 0\nline 1\n<span" in html


def test_what_is_compared_stays_text():
    assert "<b>" not in html_of(compared("<b>", "<i>"))


@pytest.mark.django_db
def test_fields_that_differ_are_told_each():
    old = content("rain", tags=("Rain",), states=("kerala",))
    new = content("rain", title="Sun", tags=("Sun",), states=("goa",), language="hi")
    labels = [str(it.label) for it in differences(old, new)]
    assert labels == ["Title", "Language", "Tags", "States"]
    assert "<del>Keralam</del><ins>Goa</ins>" in str(differences(old, new)[-1].html)


pytest_db = pytest.mark.django_db


@pytest_db
def test_the_history_names_who_saved_what(desk, editor, other):
    post = draft("rain", by=editor)
    post.revise(content("rain", body="New."), version=1, by=other, name="after the rain")
    page = desk.get("/blog/rain/history/").text
    assert "2: after the rain" in page
    assert "Ravi" in page
    assert "Meera" in page


@pytest_db
def test_any_two_revisions_are_compared(desk, editor):
    post = draft("rain", by=editor, body="It rains.")
    for number, body in enumerate(["It pours.", "It snows."], 1):
        post.revise(content("rain", body=body), version=number, by=editor)
    page = desk.get("/blog/rain/history/?from=1&to=3").text
    assert "<del>rains</del><ins>snows</ins>" in page
    for nonsense in ("?from=1&to=99", "?from=x", "?from=-1&to=2", "?from=99999999999&to=1"):
        answer = desk.get(f"/blog/rain/history/{nonsense}")
        assert (answer.status_code, "<ins>" in answer.text) == (200, False)


@pytest_db
def test_a_revision_is_read_and_restored_as_a_new_one(desk, editor):
    post = draft("rain", by=editor, body="It **rains**.")
    post.revise(content("rain", body="It pours."), version=1, by=editor)
    assert "<strong>rains</strong>" in desk.get("/blog/rain/history/1/").text
    assert desk.get("/blog/rain/history/7/").status_code == 404
    desk.post("/blog/rain/history/1/restore/", {"version": 2, "seen": 2})
    post = Post.objects.get()
    assert (post.body, post.newest) == ("It **rains**.", 3)
    assert desk.post("/blog/rain/history/7/restore/", {"version": 3}).status_code == 404


@pytest_db
def test_an_old_revision_of_a_live_story_waits_to_be_published(desk, editor):
    post = story("rain", by=editor, body="# Loud")
    post.revise(content("rain", body="It pours."), version=post.version, by=editor)
    desk.post("/blog/rain/history/1/restore/", {"version": post.version, "seen": 2})
    post = Post.objects.get()
    assert (post.body, post.content.body) == ("It pours.", "# Loud")


@pytest_db
def test_the_history_costs_the_same_at_any_length(desk, editor, django_assert_num_queries):
    post = draft("rain", by=editor)
    desk.get("/blog/rain/history/")
    for _ in range(2):
        for number in range(3):
            post.revise(content("rain", body=f"{number}"), version=post.version, by=editor)
        with django_assert_num_queries(7):
            desk.get("/blog/rain/history/")
