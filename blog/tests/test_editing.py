"""Writing a story, from the first word to readers, without a script."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import Draft, Image, Post, Revision
from blog.tests.conftest import photo
from blog.tests.factories import EditorFactory, content, draft, story
from once.models import new_key
from pocket.testing import HTMX

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]

WORDS = {"title": "Rain over Kochi", "dek": "It rains.", "body": "**Rain** " * 60, "language": "en"}


def sent(post=None, **words) -> dict:
    version = {"version": post.version} if post else {}
    return {**WORDS, "once": new_key(), **version, **words}


# --- The walk -----------------------------------------------------------------------------------


def test_a_story_is_written_previewed_and_published_without_a_script(desk):
    assert desk.get("/blog/write/").status_code == 200
    answer = desk.post("/blog/write/preview/", sent())
    assert "<strong>Rain</strong>" in answer.text
    assert not Post.objects.exists()

    answer = desk.post("/blog/write/", sent(then="publish"))
    assert answer.headers["Location"] == "/blog/rain-over-kochi/publish/"
    assert not Post.objects.public()
    page = desk.get("/blog/rain-over-kochi/publish/")
    assert "It is ready to be published." in page.text

    now = {"version": 1, "when": "now", "once": new_key()}
    desk.post("/blog/rain-over-kochi/publish/", now)
    assert Post.objects.public().get().title == "Rain over Kochi"


def test_saving_keeps_a_revision_with_its_name(desk, editor):
    post = draft("rain", by=editor)
    answer = desk.post("/blog/rain/edit/", sent(post, slug="rain", name="with dek"), follow=True)
    assert answer.redirect_chain == [("/blog/rain/edit/", 302)]
    assert "Saved." in answer.text
    assert Post.objects.get().dek == "It rains."
    assert Revision.objects.get(number=2).name == "with dek"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("കേരളത്തിലെ മഴ", "കേരളത്തിലെ-മഴ"),
        ("कर्नाटक की बारिश!", "कर्नाटक-की-बारिश"),
        ("தமிழ்நாட்டின் மழை", "தமிழ்நாட்டின்-மழை"),
        ("ਪੰਜਾਬ ਦਾ ਮੀਂਹ", "ਪੰਜਾਬ-ਦਾ-ਮੀਂਹ"),
    ],
)
def test_an_address_is_made_of_any_script_without_loss(desk, title, slug):
    desk.post("/blog/write/", sent(title=title))
    assert Post.objects.get().slug == slug
    assert desk.get(f"/blog/{slug}/edit/").status_code == 200


def test_a_made_address_gets_a_number_where_another_story_has_it(desk, editor):
    draft("rain-over-kochi", by=editor)
    desk.post("/blog/write/", sent())
    assert Post.objects.filter(slug="rain-over-kochi-2").exists()


def test_the_longest_address_of_indian_letters_goes_all_the_way(desk):
    title = "".join(chr(0x0915 + at % 30) for at in range(120))
    form = sent(title=title, then="publish")
    for _ in range(2):
        answer = desk.post("/blog/write/", form)
        assert answer.status_code == 302
    now = {"version": 1, "when": "now", "once": new_key(), "is_looked_at": "on"}
    for _ in range(2):
        assert desk.post(answer["Location"], now).status_code == 302
    post = Post.objects.public().get()
    assert len(post.slug) == 120
    assert desk.get(post.get_absolute_url()).status_code == 200
    assert desk.get("/search/", {"q": title}).status_code == 200
    assert desk.post(f"{post.get_absolute_url()}export/").status_code == 200
    assert desk.get(f"{post.get_absolute_url()}share.png").status_code == 200


def test_a_number_finds_room_behind_a_long_address(desk):
    for end in ("-ra", "-2"):
        title = "m" * 117 + " ra"
        desk.post("/blog/write/", sent(title=title))
        assert Post.objects.latest("id").slug == "m" * 117 + end


@pytest.mark.parametrize("slug", ["write", "tag", "2026"])
def test_the_sites_own_places_are_nobodys_address(desk, slug):
    answer = desk.post("/blog/write/", sent(slug=slug))
    assert answer.status_code == 422
    assert "A story cannot have this address" in answer.text


def test_an_old_address_of_the_editor_leads_to_the_new_one(desk, editor):
    post = story("rain", by=editor)
    desk.post("/blog/rain/edit/", sent(post, slug="monsoon"))
    answer = desk.get("/blog/rain/edit/?line=3")
    assert answer.headers["Location"] == "/blog/monsoon/edit/?line=3"


def test_a_form_sent_twice_makes_one_story_and_leads_to_it(desk):
    form = sent()
    first, second = (desk.post("/blog/write/", form) for _ in range(2))
    assert Post.objects.count() == 1
    assert first.headers["Location"] == second.headers["Location"] == "/blog/rain-over-kochi/edit/"


def test_a_save_sent_twice_is_no_conflict_with_oneself(desk, editor):
    post = draft("rain", by=editor)
    form = sent(post, slug="rain")
    assert [desk.post("/blog/rain/edit/", form).status_code for _ in range(2)] == [302, 302]
    assert Post.objects.get().newest == 2


# --- What is wrong ------------------------------------------------------------------------------


def test_a_wrong_form_comes_back_with_every_word(desk):
    answer = desk.post("/blog/write/", sent(title="", tags="Rain, !!!", states=["kerala"]))
    assert answer.status_code == 422
    assert "<title>Error:" in answer.text
    assert "Title: Give the story a title." in answer.text
    assert "“!!!” cannot be a tag" in answer.text
    assert WORDS["body"].strip() in answer.text
    assert re.search(r'value="kerala"[^>]*checked', answer.text)
    assert not Post.objects.exists()


def test_htmx_gets_the_editor_alone(desk):
    answer = desk.post("/blog/write/", sent(title=""), headers=HTMX)
    assert answer.status_code == 422
    assert "<html" not in answer.text
    assert 'id="editor"' in answer.text


def test_the_preview_is_made_by_the_same_renderer_and_counts_words(desk):
    words = sent(body="## Two\n\n<script>alert(1)</script> [x](javascript:alert(1))")
    answer = desk.post("/blog/write/preview/", words, headers=HTMX)
    assert '<h2 id="s-two">Two</h2>' in answer.text
    assert "<script>" not in answer.text.partition('id="preview"')[2]
    assert "3 words" in answer.text
    assert "<html" not in answer.text


def test_a_title_of_no_letters_asks_for_an_address(desk):
    answer = desk.post("/blog/write/", sent(title="!?"))
    assert "Write an address, in any script" in answer.text


def test_an_address_of_another_story_is_refused_by_the_field(desk, editor):
    draft("rain", by=editor)
    answer = desk.post("/blog/write/", sent(slug="rain"))
    assert answer.status_code == 422
    assert "Another story has this address" in answer.text


# --- A story that is out ------------------------------------------------------------------------


def test_a_change_of_a_live_story_is_kept_for_later_and_published(desk, editor):
    post = story("rain", by=editor, body="Old words.")
    form = sent(post, slug="rain", is_for_later="on")
    assert "Saved for later." in desk.post("/blog/rain/edit/", form, follow=True).text
    assert Post.objects.get().body == "Old words."
    page = desk.get("/blog/rain/edit/").text
    assert "changes wait" in page
    assert "**Rain**" in page
    desk.post("/blog/rain/publish/", {"version": 3, "when": "now", "once": new_key()})
    assert "**Rain**" in Post.objects.get().body


def test_a_live_story_takes_no_error_of_the_checklist(desk, editor):
    post = story("rain", by=editor, body="Old words.")
    form = sent(post, slug="rain", body="# Loud\n\nwords")
    answer = desk.post("/blog/rain/edit/", form)
    assert answer.status_code == 422
    assert "Line 1: The title is the one heading" in answer.text
    assert Post.objects.get().body == "Old words."
    answer = desk.post("/blog/rain/edit/", form | {"is_for_later": "on"})
    assert answer.status_code == 302


def test_who_may_not_publish_changes_a_live_story_for_later_only(client, editor):
    post = story("rain", by=editor, body="Old words.")
    editor.groups.clear()
    editor.user_permissions.add(permission("change_post"))
    client.force_login(editor)
    client.post("/blog/rain/edit/", sent(post, slug="rain"))
    assert Post.objects.get().body == "Old words."
    assert Post.objects.get().has_waiting_changes
    assert client.get("/blog/rain/publish/").status_code == 403


def permission(codename: str):
    from django.contrib.auth.models import Permission

    return Permission.objects.get(codename=codename, content_type__app_label="blog")


def test_a_story_is_scheduled_and_brought_forward(desk, editor):
    draft("rain", by=editor, dek="It rains.", body="Rain. " * 60)
    at = timezone.localtime() + timedelta(days=2)
    form = {"version": 1, "when": "later", "at": f"{at:%Y-%m-%dT%H:%M}", "once": new_key()}
    answer = desk.post("/blog/rain/publish/", form, follow=True)
    assert "The story will be published on" in answer.text
    assert Post.objects.get().is_scheduled
    form = {"version": 2, "when": "now", "once": new_key()}
    assert "The story is published." in desk.post("/blog/rain/publish/", form, follow=True).text
    assert Post.objects.get().is_public


@pytest.mark.parametrize("at", ["", "yesterday", "2020-01-01T08:30"])
def test_a_day_that_cannot_be_is_refused(desk, editor, at):
    draft("rain", by=editor, dek="It rains.", body="Rain. " * 60)
    form = {"version": 1, "when": "later", "at": at, "once": new_key()}
    assert desk.post("/blog/rain/publish/", form).status_code == 422
    assert not Post.objects.get().is_published


def test_errors_block_and_warnings_ask(desk, editor):
    draft("rain", by=editor, body="# Rain\n\n![](/media/stories/x)")
    form = {"version": 1, "when": "now", "once": new_key(), "is_looked_at": "on"}
    answer = desk.post("/blog/rain/publish/", form)
    assert answer.status_code == 422
    assert "Correct these first" in answer.text
    assert 'href="/blog/rain/edit/?line=3#id_body"' in answer.text
    post = Post.objects.get()
    post.revise(content("rain", body="Rain."), version=1, by=editor)
    form = {"version": 2, "when": "now", "once": new_key()}
    assert "Look at the warnings" in desk.post("/blog/rain/publish/", form).text
    assert not Post.objects.get().is_published
    desk.post("/blog/rain/publish/", form | {"is_looked_at": "on"})
    assert Post.objects.get().is_public


# --- Pictures -----------------------------------------------------------------------------------


def test_a_cover_needs_words_and_is_not_lost_with_them_missing(desk, media):
    answer = desk.post("/blog/write/", sent(cover_file=photo()))
    assert answer.status_code == 422
    assert "Say what the cover shows." in answer.text
    key = Image.objects.get().key
    assert f'name="cover" value="{key}"' in answer.text
    desk.post("/blog/write/", sent(cover=key, cover_alt="Rain on a roof"))
    post = Post.objects.get()
    assert (post.cover, post.cover_alt) == (key, "Rain on a roof")
    assert list(post.images.all()) == [Image.objects.get()]


def test_a_cover_is_taken_away(desk, editor, media):
    image = Image.take(photo(), by=editor)
    post = draft("rain", by=editor, cover=image.key, cover_alt="Rain")
    form = sent(post, slug="rain", cover=image.key, cover_alt="Rain", drops_cover="on")
    desk.post("/blog/rain/edit/", form)
    assert Post.objects.get().cover == ""
    assert list(post.images.all()) == [image]  # an older revision shows it


def test_a_picture_comes_into_the_text_without_a_script(desk, media):
    form = sent(picture=photo(), picture_alt="A [wet] roof")
    answer = desk.post("/blog/write/preview/", form)
    path = Image.objects.get().path
    assert f"![A (wet) roof]({path})" in answer.text
    assert f'<img src="{path}-960.webp"' in answer.text
    assert not Post.objects.exists()


# --- All stories --------------------------------------------------------------------------------


def test_all_stories_are_found_by_their_status(desk, editor):
    draft("a-draft", by=editor)
    story("out", by=editor)
    story("to-come", by=editor, days_ago=-3)
    gone = draft("gone", by=editor)
    gone.remove(by=editor)
    away = story("away", by=editor)
    away.archive(version=away.version, by=editor)

    def shown(query=""):
        page = desk.get(f"/blog/write/all/{query}").text
        return set(re.findall(r'<th scope="row">(?:<a [^>]*>)?([^<]+)', page))

    assert shown() == {"A Draft", "Out", "To Come", "Away"}
    assert shown("?status=draft") == {"A Draft"}
    assert shown("?status=scheduled") == {"To Come"}
    assert shown("?status=published") == {"Out"}
    assert shown("?status=archived") == {"Away"}
    assert shown("?status=bin") == {"Gone"}
    assert shown("?q=dra") == {"A Draft"}
    assert shown("?status=nonsense") == shown()


def test_the_list_costs_the_same_at_any_length(desk, editor, django_assert_num_queries):
    desk.get("/blog/write/all/")
    for number in range(2):
        for slug in ("a", "b", "c"):
            draft(f"{slug}{number}", by=editor)
        with django_assert_num_queries(6):  # session, person, notices, two of permissions, stories
            desk.get("/blog/write/all/")


def test_the_bin_is_emptied_of_what_is_chosen_and_brought_back(desk, editor):
    post = draft("rain", by=editor)
    desk.post("/blog/rain/bin/", {"version": 1})
    assert not Post.objects.exists()
    assert "Rain" in desk.get("/blog/write/all/?status=bin").text
    desk.post("/blog/write/all/restore/", {"story": f"{post.pk}:2"})
    assert Post.objects.get().version == 3


def test_several_are_archived_at_once(desk, editor):
    posts = [story(slug, by=editor) for slug in ("one", "two")]
    ticked = {"story": [f"{post.pk}:{post.version}" for post in posts]}
    desk.post("/blog/write/all/archive/", ticked)
    assert {post.status for post in Post.objects.all()} == {"archived"}


def test_without_a_tick_nothing_is_done_and_said_to_be_done(desk, editor):
    version = story("one", by=editor).version
    for deed in ("archive", "withdraw", "bin", "restore"):
        page = desk.post(f"/blog/write/all/{deed}/", follow=True)
        assert "tick at least one story" in page.text
    assert Post.objects.get().version == version


def test_the_history_of_a_scheduled_story_says_that_nobody_sees_it_yet(desk, editor):
    story("rain", by=editor, days_ago=-1)
    page = desk.get("/blog/rain/history/").text
    assert "readers see it" not in page
    assert ">scheduled<" in page


def test_what_the_editor_shows_costs_the_same_for_any_text(
    desk, editor, django_assert_max_num_queries
):
    draft("rain", by=editor, body="![a](/media/stories/" + "a" * 22 + ") [b](/states/goa/)\n" * 300)
    desk.get("/blog/rain/edit/")
    with django_assert_max_num_queries(12):
        desk.get("/blog/rain/edit/")


def test_a_link_to_the_unsaved_is_no_others(desk, other, editor):
    kept = Draft.keep(None, by=other, form="b" * 22, typed={"title": "Mine"}, version=0)
    assert "Mine" not in desk.get(f"/blog/write/?draft={kept.pk}").text
    assert desk.post(f"/blog/write/draft/{kept.pk}/drop/").status_code == 404


def test_the_page_of_a_story_leads_editors_to_the_editor_and_nobody_else(client, editor):
    story("rain", by=editor)
    link = 'href="/blog/rain/edit/"'
    assert link not in client.get("/blog/rain/").text
    client.force_login(EditorFactory(username="member"))
    assert link not in client.get("/blog/rain/").text
    client.force_login(editor)
    assert link in client.get("/blog/rain/").text
