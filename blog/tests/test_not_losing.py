"""No word is lost: two editors at once, a session that ended, what was never saved."""

import pytest
from django.test import Client

from audit.models import Entry
from blog.models import Draft, FormerSlug, Image, Post
from blog.tests.conftest import photo
from blog.tests.factories import content, draft, story
from blog.tests.test_editing import sent
from once.models import new_key
from pocket.testing import HTMX

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]

MINE, THEIRS = "It rains, I say.", "It pours, they say."


@pytest.fixture
def overtaken(desk, editor, other):
    """A story that another editor saved after this one opened it; returns what this one sends."""
    post = draft("rain", by=editor, body="It rains.")
    form = sent(post, slug="rain", body=MINE)
    post.revise(content("rain", body=THEIRS), version=1, by=other)
    return form


# --- Two at once --------------------------------------------------------------------------------


def test_whoever_saves_second_sees_both_texts_and_what_differs(desk, overtaken):
    answer = desk.post("/blog/rain/edit/", overtaken)
    assert answer.status_code == 409
    assert MINE in answer.text
    assert THEIRS in answer.text
    assert "<del>pours</del><ins>rains</ins>" in answer.text
    assert "Ravi" in answer.text
    assert Post.objects.get().body == THEIRS
    assert Draft.objects.get().typed["body"] == MINE  # whatever is clicked next


def test_htmx_gets_the_two_texts_in_place_of_the_editor(desk, overtaken):
    answer = desk.post("/blog/rain/edit/", overtaken, headers=HTMX)
    assert answer.status_code == 409
    assert 'id="editor"' in answer.text
    assert "<html" not in answer.text


def test_mine_is_taken_on_top_of_theirs(desk, overtaken):
    desk.post("/blog/rain/edit/", overtaken)
    desk.post("/blog/rain/edit/", overtaken | {"version": 2})
    post = Post.objects.get()
    assert post.body == MINE
    assert not Draft.objects.exists()
    assert [it.content["body"] for it in post.revisions.all()] == [MINE, THEIRS, "It rains."]


def test_theirs_is_taken_and_mine_waits_as_a_draft(desk, overtaken):
    answer = desk.post("/blog/rain/edit/aside/", overtaken | {"version": 2}, follow=True)
    assert Post.objects.get().body == THEIRS
    assert Draft.objects.get().typed["body"] == MINE
    assert "You have words of" in answer.text
    taken = desk.get(f"/blog/rain/edit/?draft={Draft.objects.get().pk}")
    assert f">\n{MINE}</textarea>" in taken.text


def test_both_are_merged_by_hand(desk, overtaken):
    answer = desk.post("/blog/rain/edit/merge/", overtaken | {"version": 2})
    assert answer.status_code == 200
    assert f">\n{MINE}</textarea>" in answer.text
    assert THEIRS in answer.text
    assert 'name="version" value="2"' in answer.text
    both = overtaken | {"version": 2, "body": f"{MINE} {THEIRS}"}
    assert desk.post("/blog/rain/edit/", both).status_code == 302
    assert Post.objects.get().body == f"{MINE} {THEIRS}"


@pytest.mark.parametrize(
    "address",
    ["publish/", "withdraw/", "archive/", "bin/", "restore/", "history/1/restore/"],
)
def test_every_deed_with_an_old_version_is_a_conflict_that_changes_nothing(
    desk, editor, other, address
):
    words = {"dek": "It rains.", "body": "Rain. " * 60}
    post = draft("rain", by=editor, **words)
    post.revise(content("rain", **words | {"body": "Sun. " * 60}), version=1, by=other)
    if address == "restore/":
        post.remove(by=other, version=2)
    entries = Entry.objects.count()
    form = {"version": 1, "seen": 1, "when": "now", "once": new_key()}
    answer = desk.post(f"/blog/rain/{address}", form)
    assert answer.status_code == 409
    assert "So nothing was done." in answer.text
    assert "<del>Rain</del>" in answer.text
    assert Entry.objects.count() == entries


def test_of_many_none_is_touched_if_one_was_changed(desk, editor, other):
    one, two = (story(slug, by=editor) for slug in ("one", "two"))
    ticked = {"story": [f"{post.pk}:{post.version}" for post in (one, two)]}
    two.revise(content("two", body="New."), version=two.version, by=other)
    answer = desk.post("/blog/write/all/archive/", ticked)
    assert answer.status_code == 409
    assert {post.status for post in Post.objects.all()} == {"published"}


def test_it_is_done_all_the_same_if_the_editor_says_so(desk, editor, other):
    post = draft("rain", by=editor)
    post.revise(content("rain", body="New."), version=1, by=other)
    answer = desk.post("/blog/rain/archive/", {"version": 1, "seen": 1})
    assert 'name="version" value="2"' in answer.text
    desk.post("/blog/rain/archive/", {"version": 2, "seen": 2})
    assert Post.objects.get().status == "archived"


def test_a_story_put_into_the_bin_meanwhile_loses_nothing(desk, editor, other):
    post = draft("rain", by=editor)
    form = sent(post, slug="rain", body=MINE)
    post.remove(by=other, version=1)
    answer = desk.post("/blog/rain/edit/", form)
    assert answer.status_code == 409
    assert "put into the bin while you wrote" in answer.text
    desk.post("/blog/rain/edit/aside/", form)
    assert Draft.objects.get().typed["body"] == MINE


def test_a_story_deleted_for_good_meanwhile_loses_nothing(desk, editor, other):
    post = draft("rain", by=editor)
    form = sent(post, slug="rain", body=MINE)
    post.erase(by=other)
    answer = desk.post("/blog/rain/edit/", form)
    assert answer.status_code == 404
    assert "deleted for good while you wrote" in answer.text
    assert 'action="/blog/write/preview/"' in answer.text
    assert MINE in answer.text


def test_a_picture_that_came_with_a_refused_text_is_not_lost(desk, overtaken, media):
    files = {"cover_file": photo(), "picture": photo(), "picture_alt": "A roof"}
    answer = desk.post("/blog/rain/edit/", overtaken | files | {"cover_alt": "Rain"})
    assert answer.status_code == 409
    cover, shown = Image.objects.order_by("made_at")
    mine = Draft.objects.get().typed
    assert mine["cover"] == cover.key
    assert mine["body"] == f"{MINE}\n\n![A roof]({shown.path})"
    assert f'name="cover" value="{cover.key}"' in answer.text


def test_a_race_for_an_address_is_told_and_leads_to_no_other_story(desk, editor, monkeypatch):
    one, two = draft("rain", by=editor), draft("sun", by=editor)
    monkeypatch.setattr(FormerSlug, "check_free", lambda *args, **kwargs: None)
    answer = desk.post("/blog/rain/edit/", sent(one, slug="sun", body=MINE))
    assert answer.status_code == 422
    assert "Another story took this address a moment ago." in answer.text
    assert 'action="/blog/rain/edit/"' in answer.text
    assert 'action="/blog/sun/edit/"' not in answer.text
    two.publish(version=1, by=editor)
    two.revise(content("rain", dek="Dek"), version=2, by=editor, is_for_later=True)
    form = {"version": 3, "when": "now", "once": new_key(), "is_looked_at": "on"}
    answer = desk.post("/blog/sun/publish/", form)
    assert answer.status_code == 422
    assert "Another story took this address a moment ago." in answer.text
    assert 'action="/blog/sun/publish/"' in answer.text


# --- The answer to saving never came ------------------------------------------------------------


@pytest.fixture
def unanswered(desk, editor):
    """A form that was saved, but whose page never heard of it."""
    form = sent(title="Rain", body="It rains.", tags="Rain, Sea")
    assert desk.post("/blog/write/", form).status_code == 302
    return form


def test_the_same_words_again_get_the_first_answer(desk, unanswered):
    for again in (unanswered, unanswered | {"slug": "rain"}):
        answer = desk.post("/blog/write/", again)
        assert (answer.status_code, answer["Location"]) == (302, "/blog/rain/edit/")
    assert Post.objects.get().newest == 1


def test_the_same_picture_again_gets_the_first_answer(desk, media):
    form = sent(title="Rain", cover_alt="Rain")
    for _ in range(2):
        files = {"cover_file": photo(), "picture": photo(), "picture_alt": "A roof"}
        assert desk.post("/blog/write/", form | files).status_code == 302
    assert Post.objects.get().newest == 1


def test_words_typed_since_are_kept_by_themselves(desk, unanswered):
    form = unanswered | {"body": "It rains and rains."}
    for _ in range(2):
        assert desk.post("/blog/write/draft/", form).json()["saved"]
    kept = Draft.objects.get()
    assert (kept.post.slug, kept.typed["body"]) == ("rain", "It rains and rains.")
    assert "You have words of" in desk.get("/blog/rain/edit/").text
    taken = desk.get(f"/blog/rain/edit/?draft={kept.pk}").text
    assert f'value="{kept.form}"' in taken
    assert kept.form != form["once"]


@pytest.mark.parametrize("address", ["/blog/write/", "/blog/rain/edit/"])
def test_words_typed_since_are_a_conflict_that_can_be_solved(desk, unanswered, address):
    form = unanswered | {"body": "It rains and rains."}
    desk.post("/blog/write/draft/", form)
    answer = desk.post(address, form)
    assert answer.status_code == 409
    assert "It rains and rains." in answer.text
    once = Draft.objects.get().form
    assert f'name="once" value="{once}"' in answer.text
    desk.post("/blog/rain/edit/", form | {"once": once, "version": 1})
    assert Post.objects.get().body == "It rains and rains."
    assert not Draft.objects.exists()


# --- Autosave -----------------------------------------------------------------------------------


def test_what_is_typed_is_kept_apart_from_story_and_history(desk, editor):
    post = draft("rain", by=editor, body="It rains.")
    answer = desk.post("/blog/rain/edit/draft/", sent(post, body=MINE, title=""))
    assert answer.json() == {"saved": True, "outdated": False}
    assert Draft.objects.get().typed["body"] == MINE
    post.refresh_from_db()
    assert (post.body, post.newest, post.version) == ("It rains.", 1, 1)


def test_typing_on_keeps_one_row_for_each_open_form(desk, editor):
    post = draft("rain", by=editor)
    first, second = sent(post), sent(post)
    for words in ("I", "It", "It rains"):
        desk.post("/blog/rain/edit/draft/", first | {"body": words})
    desk.post("/blog/rain/edit/draft/", second | {"body": "It pours"})
    assert sorted(it.typed["body"] for it in Draft.objects.all()) == ["It pours", "It rains"]


def test_opening_the_editor_offers_what_was_not_saved(desk, editor):
    post = draft("rain", by=editor, body="It rains.")
    desk.post("/blog/rain/edit/draft/", sent(post, slug="rain", title="Rain", body=MINE))
    kept = Draft.objects.get()
    page = desk.get("/blog/rain/edit/").text
    assert "You have words of" in page
    assert "<ins>, I say</ins>" in page.replace(
        "<ins>,</ins><ins> I say</ins>", "<ins>, I say</ins>"
    )
    assert f">\n{MINE}</textarea>" not in page
    taken = desk.get(f"/blog/rain/edit/?draft={kept.pk}").text
    assert f">\n{MINE}</textarea>" in taken
    assert f'value="{kept.form}"' in taken
    desk.post(f"/blog/write/draft/{kept.pk}/drop/")
    assert "You have words of" not in desk.get("/blog/rain/edit/").text


def test_a_story_not_begun_is_offered_on_the_empty_page(desk):
    desk.post("/blog/write/draft/", sent(body=MINE))
    kept = Draft.objects.get()
    assert MINE in desk.get("/blog/write/").text
    assert f">\n{MINE}</textarea>" in desk.get(f"/blog/write/?draft={kept.pk}").text


def test_saving_takes_the_draft_away_and_a_late_answer_brings_none(desk, editor):
    post = draft("rain", by=editor)
    form = sent(post, slug="rain", body=MINE)
    desk.post("/blog/rain/edit/draft/", form)
    desk.post("/blog/rain/edit/", form)
    assert not Draft.objects.exists()
    assert desk.post("/blog/rain/edit/draft/", form).json()["saved"]
    assert not Draft.objects.exists()


def test_autosave_tells_that_somebody_else_saved(desk, overtaken):
    assert desk.post("/blog/rain/edit/draft/", overtaken).json()["outdated"] is True


def test_drafts_are_their_editors_alone(desk, editor, other):
    post = draft("rain", by=editor)
    Draft.keep(post, by=other, form="b" * 22, typed={"title": "Theirs alone"}, version=1)
    assert "Theirs alone" not in desk.get("/blog/rain/edit/").text


def test_a_nul_in_what_is_typed_stops_nothing(desk):
    assert desk.post("/blog/write/draft/", sent(body="a\0b")).status_code == 200
    assert Draft.objects.get().typed["body"] == "a\ufffdb"


# --- The session ended --------------------------------------------------------------------------


def test_who_was_logged_out_finds_their_words_after_logging_in(desk, editor, client):
    post = draft("rain", by=editor)
    form = sent(post, slug="rain", body=MINE)
    client.logout()
    answer = client.post("/blog/rain/edit/", form)
    assert answer.headers["Location"] == "/accounts/login/?next=/blog/rain/edit/"
    client.force_login(editor)
    answer = client.get("/blog/rain/edit/", follow=True)
    assert answer.redirect_chain[0][0] == f"/blog/rain/edit/?draft={Draft.objects.get().pk}"
    assert f">\n{MINE}</textarea>" in answer.text
    assert 'name="version" value="1"' in answer.text
    assert client.get("/blog/rain/edit/").status_code == 200


def test_also_a_story_not_begun_comes_back(client, editor):
    client.post("/blog/write/", sent(body=MINE))
    assert not Draft.objects.exists()
    client.force_login(editor)
    assert f">\n{MINE}</textarea>" in client.get("/blog/write/", follow=True).text


def test_a_stranger_cannot_fill_the_store_of_sessions(client, db):
    for _ in range(20):
        assert client.post("/blog/write/", sent(body=MINE)).status_code == 302
    answer = client.post("/blog/write/", sent(body=MINE))
    assert answer.status_code == 403
    assert MINE in answer.text
    assert client.post("/blog/write/", sent(body="x" * 260_000)).status_code == 403


def test_autosave_says_that_the_session_ended(client, db):
    answer = client.post("/blog/write/draft/", sent())
    assert answer.status_code == 401
    assert "You are logged out" in answer.json()["error"]


def test_a_form_that_is_too_old_shows_its_words_again(editor):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    answer = strict.post("/blog/write/", sent(body=MINE))
    assert answer.status_code == 403
    assert "Not saved, and not lost" in answer.text
    assert answer.text.count(MINE) == 2
    assert not Post.objects.exists()
    assert strict.get("/blog/write/token/").json()["token"]
    plain = strict.post("/blog/write/all/bin/")
    assert "The form could not be verified" in plain.text
