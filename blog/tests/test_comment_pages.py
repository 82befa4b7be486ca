"""Commenting as people do it: by the pages, with and without htmx."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.profiles import Profile
from audit.models import Entry
from blog.comments import COMMENTS, EDITS, REPORTS
from blog.models import Ban, Comment, Post, Report
from blog.tests.comment_factories import MemberFactory, believe, many, minutes_pass, say, shown
from blog.tests.factories import content, draft, story
from contact.models import Message
from once.models import new_key
from pocket.testing import HTMX
from pocket.web import generation

pytestmark = pytest.mark.django_db
STORY = "/blog/monsoon/"
SAY = "/blog/monsoon/comments/"


@pytest.fixture
def hers(asha, sign_in):
    return sign_in(asha)


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def key_of(page) -> str:
    return re.search(r'name="once" value="([^"]+)"', page.content.decode())[1]


def actions(thing) -> list[str]:
    return list(Entry.objects.about(thing).values_list("action", flat=True))[::-1]


def text(answer) -> str:
    return answer.content.decode()


# --- The story's page ---------------------------------------------------------------------------


def test_visitors_read_comments_and_are_led_to_log_in(client, post, asha):
    comment = shown(post, "Well **said**.", by=asha)
    page = client.get(STORY)
    assert "Well <strong>said</strong>." in text(page)
    assert "1 comment" in text(page)
    assert f'id="comment-{comment.pk}"' in text(page)
    assert "/accounts/login/?next=/blog/monsoon/comments/" in text(page)
    assert "<textarea" not in text(page)
    assert not page.cookies


def test_members_find_the_form_and_what_of_theirs_waits(hers, post, asha, ravi):
    say(post, "Mine waits.", by=asha)
    say(post, "His waits.", by=ravi)
    page = text(hers.get(STORY))
    assert '<form class="card stack" method="post" action="/blog/monsoon/comments/"' in page
    assert "Mine waits." in page
    assert "as it is your first comment" in page
    assert "His waits." not in page
    assert "Mine waits." not in text(Client().get(STORY))


def test_where_comments_are_closed_words_say_so(hers, post, asha):
    comment = shown(post, by=asha)
    type(post).objects.filter(pk=post.pk).update(takes_comments=False)
    page = text(hers.get(STORY))
    assert "Comments on this story are closed." in page
    assert "<textarea" not in page
    assert f"/comments/{comment.pk}/reply/" not in page
    answer = hers.post(SAY, {"body": "Still?"})
    assert answer.status_code == 422
    assert "Still?" in text(answer)


def test_a_moderator_closes_and_opens_comments_on_the_storys_page(post, meena):
    client = client_of(meena)
    for deed, words in [("close", "No comments."), ("open", "No comments yet.")]:
        assert f'action="/blog/monsoon/comments/{deed}/"' in text(client.get(STORY))
        for _ in range(2):  # twice changes nothing
            answer = client.post(f"/blog/monsoon/comments/{deed}/")
            assert answer.url == "/blog/monsoon/#comments"
        assert words in text(Client().get(STORY))
    assert 'action="/blog/monsoon/comments/close/"' in text(client.get(STORY))
    assert actions(post)[-2:] == ["blog.comments_closed", "blog.comments_opened"]


def test_an_editor_closes_the_comments_of_a_draft_and_a_moderator_finds_none(desk, meena):
    secret = draft("secret")
    assert client_of(meena).post("/blog/secret/comments/close/").status_code == 404
    assert 'action="/blog/secret/comments/close/"' in text(desk.get("/blog/secret/edit/"))
    assert desk.post("/blog/secret/comments/close/").url == "/blog/secret/edit/"
    secret.refresh_from_db()
    assert not secret.takes_comments
    assert 'action="/blog/secret/comments/open/"' in text(desk.get("/blog/secret/edit/"))


def test_members_find_no_way_to_close_comments(hers, post):
    assert "/comments/close/" not in text(hers.get(STORY))
    assert hers.post("/blog/monsoon/comments/close/").status_code == 404
    post.refresh_from_db()
    assert post.takes_comments


def test_the_banned_are_told_when_they_try(hers, post, asha, meena):
    Ban.impose(asha, by=meena, reason="You insulted people.", days=7)
    assert "You insulted people." in text(hers.get(STORY))
    answer = hers.post(SAY, {"body": "But I"})
    assert answer.status_code == 422
    assert "You insulted people." in text(answer)
    assert "But I" in text(answer)


def test_the_page_is_fresh_for_visitors_as_soon_as_something_changes(
    door, post, asha, meena, django_capture_on_commit_callbacks
):
    def seen_after(deed=None, *args, **how):
        with django_capture_on_commit_callbacks(execute=True):
            done.append(deed(*args, **how) if deed else None)
        return door(STORY).text

    done = []
    assert "No comments yet." in seen_after()
    assert "Greetings from asha." in seen_after(believe, asha, post)
    comment = done[-1]
    assert "Greetings, all." in seen_after(comment.edit, "Greetings, all.", by=asha)
    assert "Reply<" in seen_after(), "there is a way to answer"
    assert "Reply<" not in seen_after(post.close_comments, by=meena)
    assert "Reply<" in seen_after(post.open_comments, by=meena)
    assert "all." not in seen_after(Ban.impose, asha, by=meena, reason="No.", days=1)
    assert "Greetings, all." in seen_after(done[-1].lift, by=meena)
    assert "Greetings, all." not in seen_after(comment.remove, by=asha)


def test_a_comment_makes_no_other_page_fresh(
    door, post, asha, monkeypatch, django_capture_on_commit_callbacks
):
    other = story("other", byline="Pocket")
    door(other.get_absolute_url())
    with django_capture_on_commit_callbacks(execute=True):
        believe(asha, post)
    monkeypatch.setattr(door.app.app, "app", None)  # calling Django would fail
    assert door(other.get_absolute_url()).status == 200


def test_who_leaves_has_no_name_on_kept_pages_at_once(
    door, post, asha, django_capture_on_commit_callbacks
):
    shown(post, by=asha)
    assert ">asha<" in door(STORY).text
    with django_capture_on_commit_callbacks(execute=True):
        asha.remove(by=asha)
    page = door(STORY).text
    assert ">asha<" not in page
    assert "deleted member" in page


def test_a_new_name_stands_on_kept_pages_at_once(
    door, post, asha, editor, django_capture_on_commit_callbacks
):
    shown(post, by=asha)
    story("rain", by=editor)

    def seen_after(deed, *args, **how) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            deed(*args, **how)
        return door(STORY).text + door("/blog/").text

    assert ">asha<" in seen_after(str)
    assert ">Asha Rao<" in seen_after(show_name, asha, "Asha Rao")
    assert ">Asha Rao<" not in seen_after(show_name, asha, "")
    assert ">asha-rao<" in seen_after(asha.rename, "asha-rao", by=asha)
    assert ">Meera Nair<" in seen_after(show_name, editor, "Meera Nair")


def show_name(person, name: str) -> None:
    Profile.of(person)._keep({"shown_name": name})  # `write` asks for a transaction of its own


def test_a_new_name_makes_no_other_page_fresh(
    door, post, asha, monkeypatch, django_capture_on_commit_callbacks
):
    other = story("other", byline="Pocket")
    shown(post, by=asha)
    door(other.get_absolute_url())
    with django_capture_on_commit_callbacks(execute=True):
        asha.rename("asha-rao", by=asha)
        MemberFactory().rename("silent", by=None)
    monkeypatch.setattr(door.app.app, "app", None)  # calling Django would fail
    assert door(other.get_absolute_url()).status == 200


def test_a_name_that_stands_under_many_stories_is_shown_anew_all_the_same(
    door, post, asha, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr("blog.comment_personal.MOST_STORIES", 1)
    for there in (post, story("other", byline="Pocket")):
        shown(there, by=asha)
    door(STORY)
    with django_capture_on_commit_callbacks(execute=True):
        asha.rename("asha-rao", by=asha)
    assert ">asha-rao<" in door(STORY).text


def test_a_name_cannot_become_a_script(client, post):
    person = MemberFactory(shown_name='"><script>alert(1)</script>')
    comment = shown(post, by=person)
    shown(post, "Yes.", by=person, to=comment)
    for address in (STORY, comment.get_absolute_url()):
        page = text(client.get(address))
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_a_long_thread_has_pages(client, post, asha):
    comments = many(post, 60, by=asha)
    first = text(client.get(STORY))
    [link] = re.findall(r'rel="next" href="([^"]+)"', first)
    assert link.endswith("#comments")
    second = text(client.get(link))
    assert f"comment-{comments[49].pk}" in first
    assert f"comment-{comments[50].pk}" in second
    assert 'rel="prev"' in second


def test_the_page_costs_the_same_at_any_length(
    client, post, asha, ravi, meena, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(generation, "AGE", 3600)  # no page's own cost
    his = client_of(ravi)
    his.get(STORY)
    for number in (1, 60):
        roots = many(post, number, by=asha)
        many(post, number, by=meena, to=roots[0])
        with django_assert_num_queries(9):  # three of comments, the rest of the story
            client.get(STORY)
        with django_assert_num_queries(9 + 6):  # and session, person, notices, story, ban, own
            his.get(STORY)


# --- Saying something ---------------------------------------------------------------------------


def test_a_plain_post_leads_to_the_comment(hers, post, asha):
    believe(asha, post)
    answer = hers.post(SAY, {"body": "Plain."})
    comment = Comment.objects.get(body="Plain.")
    assert answer.status_code == 302
    assert answer.url == f"/blog/monsoon/#comment-{comment.pk}"


def test_what_waits_leads_to_its_own_page_which_says_why(hers, post):
    page = hers.post(SAY, {"body": "Hello."}, follow=True)
    comment = Comment.objects.get()
    assert page.redirect_chain == [(f"/blog/monsoon/comments/{comment.pk}/", 302)]
    assert "as it is your first comment" in text(page)
    assert "Thank you. Your comment waits for a moderator." in text(page)


def test_htmx_gets_the_comment_to_append_and_an_empty_form(hers, post, asha):
    believe(asha, post)
    answer = hers.post(SAY, {"body": "Well **said**."}, headers=HTMX)
    comment = Comment.objects.get(body__startswith="Well")
    page = text(answer)
    assert answer.status_code == 200
    assert "<html" not in page
    assert '<hx-partial hx-target="#talks" hx-swap="beforeend"><li' in page
    assert f'id="comment-{comment.pk}"' in page
    assert re.search(r"<textarea[^>]*>\s*</textarea>", page)
    assert 'hx-target="#toasts"' in page


def test_htmx_appends_nothing_that_waits(hers, post):
    page = text(hers.post(SAY, {"body": "First."}, headers=HTMX))
    assert "#talks" not in page
    assert "First." in page
    assert "as it is your first comment" in page


def test_a_reply_comes_in_a_form_of_its_own(hers, post, asha, ravi):
    comment = shown(post, "Question?", by=ravi)
    believe(asha, post)
    address = f"{comment.get_absolute_url()}reply/"
    assert "Question?" in text(hers.get(address))
    part = text(hers.get(address, headers=HTMX))
    assert "<html" not in part
    assert f'hx-target="#answer-{comment.pk}"' in part
    assert f'id="reply-{comment.pk}-body"' in part
    assert "hx-post" not in text(hers.get(address)), "on its own page there is nothing to append to"
    answer = hers.post(address, {"body": "By htmx."}, headers=HTMX)
    assert f'<hx-partial hx-target="#replies-{comment.pk}" hx-swap="beforeend"><li>' in text(answer)
    answer = hers.post(address, {"body": "Plainly."})
    reply = Comment.objects.get(body="Plainly.")
    assert answer.url == f"/blog/monsoon/#comment-{reply.pk}"
    assert reply.parent == comment


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_answering_an_answer_shows_nothing_that_is_hidden(hers, post, ravi, meena, headers):
    root = shown(post, "Taken back.", by=ravi)
    answer = shown(post, "Still here.", by=meena, to=root)
    address = f"{answer.get_absolute_url()}reply/"
    assert hers.get(address, headers=headers).status_code == 200
    root.remove(by=ravi)
    page = hers.get(address, headers=headers)
    assert page.status_code == 404
    assert "Taken back." not in text(page)
    assert hers.post(address, {"body": "Hm."}, headers=headers).status_code == 404


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_form_sent_seven_times_counts_once(hers, post, asha, headers):
    believe(asha, post)
    key = key_of(hers.get(STORY))
    answers = [hers.post(SAY, {"body": "Once.", "once": key}, headers=headers) for _ in range(7)]
    comment = Comment.objects.get(body="Once.")
    place = f"/blog/monsoon/#comment-{comment.pk}"
    led = [answer.get("Location") or answer.get("HX-Redirect") for answer in answers]
    assert led == ([place] * 7 if not headers else [None] + [place] * 6)


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_other_words_in_a_form_that_was_sent_are_another_comment(hers, post, asha, headers):
    believe(asha, post)
    key = key_of(hers.get(STORY))
    for body in ("I like it.", "And one more thing."):  # after going back, as browsers keep forms
        hers.post(SAY, {"body": body, "once": key}, headers=headers)
        assert Comment.objects.filter(body=body).exists()


def test_a_form_with_the_key_of_another_form_breaks_nothing(hers, post):
    for first, second in [(SAY, "/contact/"), ("/contact/", SAY)]:
        sent = {"once": new_key(), "body": f"Hello {first}", "subject": "Hello", "text": "All."}
        for address in (first, second):
            assert hers.post(address, sent).status_code == 302
    assert (Comment.objects.count(), Message.objects.count()) == (2, 2)


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_seven_times_at_once_counts_once(post, asha, at_once):
    believe(asha, post)

    def send():
        client = client_of(asha)
        return client.post(SAY, {"body": "Once.", "once": "a" * 22}).get("Location")

    places = set(at_once(send, 7))
    found = at_once(lambda: list(Comment.objects.filter(body="Once.")), times=1)[0]
    assert len(found) == 1
    assert places == {f"/blog/monsoon/#comment-{found[0].pk}"}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "Write something first."),
        ("   ", "Write something first."),
        ("---", "Write something that can be read."),
        ("x" * 5_001, "at most 5000 characters"),
        ("nul \0", "Null characters are not allowed."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_wrong_form_comes_back_with_what_was_typed(hers, post, body, words, headers):
    answer = hers.post(SAY, {"body": body}, headers=headers)
    assert answer.status_code == 422
    assert words in text(answer)
    assert body.strip("\0") in text(answer)
    assert ("<html" in text(answer)) == (not headers)
    assert not Comment.objects.exists()


def test_line_ends_count_once(hers, post):
    assert hers.post(SAY, {"body": "x\r\n" * 2_500}).status_code == 302


def test_who_is_too_quick_is_told_how_long_to_wait_and_loses_nothing(hers, post, asha):
    believe(asha, post)
    for number in range(COMMENTS.most):
        assert hers.post(SAY, {"body": f"Number {number}."}).status_code == 302
    key = key_of(hers.get(STORY))
    answer = hers.post(SAY, {"body": "One too many.", "once": key})
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= COMMENTS.seconds
    assert "Please try again in" in text(answer)
    assert "One too many.</textarea>" in text(answer)
    assert key_of(answer) == key
    cache.clear()
    assert hers.post(SAY, {"body": "One too many.", "once": key}).status_code == 302


def test_strangers_are_led_to_log_in_and_then_to_the_form(client, post, asha):
    comment = shown(post, by=asha)
    assert client.post(SAY, {"body": "x"}).url == f"/accounts/login/?next={SAY}"
    page = comment.get_absolute_url()
    assert client.post(f"{page}reply/", {"body": ""}).url == f"/accounts/login/?next={page}"
    assert client.post(f"{page}delete/").url == f"/accounts/login/?next={page}"
    assert client.get(f"{page}reply/").url == f"/accounts/login/?next={page}reply/"
    assert not Comment.objects.filter(body="x").exists()


@pytest.mark.parametrize("slug", ["nowhere", "secret"])
def test_there_is_no_commenting_where_there_is_no_story(hers, post, slug):
    draft("secret")
    assert hers.get(f"/blog/{slug}/comments/").status_code == 404
    assert hers.post(f"/blog/{slug}/comments/", {"body": "x"}).status_code == 404


# --- A comment's own page -----------------------------------------------------------------------


def test_a_permalink_shows_the_comment_and_leads_to_its_place(client, post, asha):
    comment = shown(post, "Here.", by=asha)
    page = text(client.get(f"/blog/monsoon/comments/{comment.pk}/"))
    assert "Here." in page
    assert f'href="/blog/monsoon/#comment-{comment.pk}"' in page
    assert "noindex" in page
    moved = client.get(f"/blog/elsewhere/comments/{comment.pk}/")
    assert moved.url == f"/blog/monsoon/comments/{comment.pk}/"


def test_what_waits_is_its_authors_and_the_moderators_to_see(client, post, asha, ravi, meena):
    address = say(post, "Secret.", by=asha).get_absolute_url()
    assert client.get(address).status_code == 404
    assert client_of(ravi).get(address).status_code == 404
    assert client_of(asha).get(address).status_code == 200
    assert client_of(meena).get(address).status_code == 200


def test_the_author_reads_why_it_was_refused(hers, post, asha, meena):
    comment = say(post, by=asha)
    comment.refuse(version=1, by=meena, reason="It insults <b>people</b>.")
    page = text(hers.get(comment.get_absolute_url()))
    assert "Reason: It insults &lt;b&gt;people&lt;/b&gt;." in page
    assert "Reason: It insults" in text(hers.get(STORY))


def test_the_author_edits_and_others_do_not(hers, post, asha, ravi):
    comment = shown(post, "Frist.", by=asha)
    address = f"{comment.get_absolute_url()}edit/"
    assert "Frist.</textarea>" in text(hers.get(address))
    answer = hers.post(address, {"body": "First."}, follow=True)
    assert "First." in text(answer)
    assert "edited" in text(answer)
    assert hers.post(address, {"body": ""}).status_code == 422
    assert client_of(ravi).get(address).status_code == 403
    assert client_of(ravi).post(address, {"body": "His."}).status_code == 403


def test_the_server_decides_when_the_fifteen_minutes_are_over(hers, post, asha):
    comment = shown(post, "Frist.", by=asha)
    minutes_pass(comment, 16)
    address = f"{comment.get_absolute_url()}edit/"
    assert hers.get(address).url == comment.get_absolute_url()
    answer = hers.post(address, {"body": "Kept here."})
    assert answer.status_code == 422
    assert "15 minutes" in text(answer)
    assert "Kept here.</textarea>" in text(answer)
    assert "Edit" not in text(hers.get(comment.get_absolute_url()))


def test_who_edits_what_was_refused_meanwhile_is_told_that(hers, post, asha, meena):
    comment = say(post, by=asha)
    comment.refuse(version=1, by=meena, reason="It insults.")
    answer = hers.post(f"{comment.get_absolute_url()}edit/", {"body": "Better?"})
    assert answer.status_code == 422
    assert "Reason: It insults." in text(answer)
    assert "15 minutes" not in text(answer)
    assert "15 minutes" not in text(hers.get(f"{comment.get_absolute_url()}edit/", follow=True))


def test_who_edits_too_often_is_told_how_long_to_wait_and_loses_nothing(hers, post, asha):
    comment = shown(post, "Frist.", by=asha)
    for _ in range(EDITS.most):
        EDITS.take(asha.pk)
    answer = hers.post(f"{comment.get_absolute_url()}edit/", {"body": "First."})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "First.</textarea>" in text(answer)
    comment.refresh_from_db()
    assert comment.body == "Frist."


def test_the_author_deletes_and_others_do_not(hers, post, asha, ravi):
    comment = shown(post, by=asha)
    address = f"{comment.get_absolute_url()}delete/"
    assert client_of(ravi).post(address).status_code == 403
    assert hers.get(address).status_code == 405
    assert hers.post(address).url == "/blog/monsoon/#comments"
    assert hers.post(address).status_code == 404
    assert Client().get(comment.get_absolute_url()).status_code == 404


def test_others_report_it_once_with_a_reason(client, post, asha, ravi):
    comment = shown(post, by=asha)
    address = f"{comment.get_absolute_url()}report/"
    his = client_of(ravi)
    wrong = his.post(address, {"words": "I think so."})
    assert wrong.status_code == 422
    assert "Choose what is wrong with it." in text(wrong)
    assert "I think so." in text(wrong)
    for words in ("A moderator will look at it.", "You reported this one already."):
        assert words in text(his.post(address, {"reason": "insult"}, follow=True))
    assert Report.objects.count() == 1
    assert client.post(address, {"reason": "insult"}).status_code == 302
    assert client_of(asha).post(address, {"reason": "insult"}).url == comment.get_absolute_url()
    assert Report.objects.count() == 1


def test_who_reports_too_much_has_to_wait(post, asha, ravi):
    comment = shown(post, by=asha)
    for _ in range(REPORTS.most):
        REPORTS.take(ravi.pk)
    address = f"{comment.get_absolute_url()}report/"
    answer = client_of(ravi).post(address, {"reason": "other", "words": "This."})
    assert answer.status_code == 429
    assert "Retry-After" in answer
    assert "This.</textarea>" in text(answer)


# --- Moderating ---------------------------------------------------------------------------------


@pytest.fixture
def hers_to_decide(meena):
    return client_of(meena)


def test_only_moderators_find_the_queue(hers, client, post, asha):
    comment = say(post, by=asha)
    for address in ("/blog/moderate/", "/blog/moderate/bans/", f"/blog/moderate/{comment.pk}/ban/"):
        assert hers.get(address).status_code == 404
    assert hers.post(f"/blog/moderate/{comment.pk}/approve/", {"version": 1}).status_code == 404
    comment.refresh_from_db()
    assert comment.is_waiting


def test_moderators_learn_nothing_of_a_story_that_is_a_draft_again(hers_to_decide, post, asha):
    comment = say(post, by=asha)
    tidy = Post.objects.get()
    tidy.withdraw(version=tidy.version, by=None)
    tidy.revise(content("scandal", title="Scandal"), version=tidy.version, by=None)
    address = f"/blog/moderate/{comment.pk}"
    for path in ("/blog/moderate/", f"{address}/refuse/", f"/blog/monsoon/comments/{comment.pk}/"):
        assert "candal" not in text(hers_to_decide.get(path, follow=True))
    assert hers_to_decide.post(f"{address}/approve/", {"version": "1"}).status_code == 404
    comment.refresh_from_db()
    assert comment.is_waiting


def test_a_moderator_reads_and_approves(hers_to_decide, post, asha):
    comment = say(post, "Please let me in.", by=asha)
    page = text(hers_to_decide.get("/blog/moderate/"))
    assert "Please let me in." in page
    assert "first comment" in page
    assert 'name="version" value="1"' in page
    answer = hers_to_decide.post(f"/blog/moderate/{comment.pk}/approve/", {"version": "1"})
    assert answer.url == "/blog/moderate/"
    assert "Please let me in." in text(Client().get(STORY))
    assert "Nothing waits." in text(hers_to_decide.get("/blog/moderate/"))


def test_a_refusal_needs_a_reason(hers_to_decide, post, asha):
    comment = say(post, by=asha)
    address = f"/blog/moderate/{comment.pk}/refuse/"
    assert hers_to_decide.get(address).status_code == 200
    wrong = hers_to_decide.post(address, {"version": "1", "reason": " "})
    assert wrong.status_code == 422
    assert "Give a reason" in text(wrong)
    assert 'name="version" value="1"' in text(wrong)
    assert hers_to_decide.post(address, {"version": "1", "reason": "Rude."}).status_code == 302
    comment.refresh_from_db()
    assert (comment.status, comment.reason) == ("refused", "Rude.")


def test_the_second_moderator_is_told_who_decided_what(hers_to_decide, post, asha, meena):
    comment = say(post, by=asha)
    comment.refuse(version=1, by=meena, reason="Rude.")
    answer = hers_to_decide.post(f"/blog/moderate/{comment.pk}/approve/", {"version": "1"})
    assert answer.status_code == 409
    assert "Nothing was changed: meena refused the comment by asha" in text(answer)
    assert "Reason: Rude." in text(answer)


@pytest.mark.django_db(transaction=True)
def test_of_two_moderators_at_once_one_decides(post, asha, meena, at_once):
    comment = say(post, by=asha)

    def decide():
        client = client_of(meena)
        return client.post(
            f"/blog/moderate/{comment.pk}/refuse/", {"version": "1", "reason": "Rude."}
        ).status_code

    assert sorted(at_once(decide, 2)) == [302, 409]


@pytest.mark.parametrize("version", ["", "x", "-1", "²", "9" * 30])
def test_a_broken_form_decides_nothing(hers_to_decide, post, asha, version):
    comment = say(post, by=asha)
    answer = hers_to_decide.post(f"/blog/moderate/{comment.pk}/approve/", {"version": version})
    assert answer.status_code == 409
    comment.refresh_from_db()
    assert comment.is_waiting


def test_reports_stand_beside_the_comment_and_are_dismissed(hers_to_decide, post, asha, ravi):
    comment = shown(post, "Reported.", by=asha)
    comment.report(by=ravi, reason=Report.Reason.INSULT, words="Line two.")
    page = text(hers_to_decide.get("/blog/moderate/"))
    assert "It attacks or insults somebody" in page
    assert "Line two." in page
    comment.refresh_from_db()
    sent = {"version": str(comment.version)}
    assert hers_to_decide.post(f"/blog/moderate/{comment.pk}/dismiss/", sent).status_code == 302
    assert "Reported." not in text(hers_to_decide.get("/blog/moderate/"))
    assert "Reported." in text(Client().get(STORY))


def test_moderators_read_what_it_said_before(hers_to_decide, post, asha):
    comment = shown(post, "Before.", by=asha)
    comment.edit("After.", by=asha)
    assert "Before." in text(hers_to_decide.get(comment.get_absolute_url()))
    assert "Before." not in text(Client().get(comment.get_absolute_url()))


def test_a_ban_is_imposed_and_lifted_on_pages(hers_to_decide, post, asha, meena):
    comment = shown(post, "Hidden soon.", by=asha)
    address = f"/blog/moderate/{comment.pk}/ban/"
    assert hers_to_decide.get(address).status_code == 200
    wrong = hers_to_decide.post(address, {"reason": "Insults."})
    assert wrong.status_code == 422
    assert "Choose for how long." in text(wrong)
    sent = {"reason": "Insults.", "length": "for-good"}
    page = text(hers_to_decide.post(address, sent, follow=True))
    assert "for good" in page
    assert "Hidden soon." not in text(Client().get(STORY))
    second = hers_to_decide.post(address, {"reason": "Mine.", "length": "1"})
    assert second.status_code == 409
    assert "meena banned them already. Reason: Insults." in text(second)
    lift = f"/blog/moderate/bans/{Ban.objects.get().pk}/lift/"
    assert "Nobody is banned." in text(hers_to_decide.post(lift, follow=True))
    assert "Hidden soon." in text(Client().get(STORY))
    assert "over already" in text(hers_to_decide.post(lift, follow=True))
    own = shown(post, by=meena)
    sent = {"reason": "Me.", "length": "1"}
    assert hers_to_decide.post(f"/blog/moderate/{own.pk}/ban/", sent).status_code == 422


def test_the_queue_costs_the_same_at_any_length(
    hers_to_decide, post, asha, ravi, django_assert_max_num_queries
):
    counts = []
    hers_to_decide.get("/blog/moderate/")
    for _ in range(2):
        for number in range(3):
            comment = say(post, f"See https://x.example/{number} {len(counts)}", by=asha)
            comment.report(by=ravi, reason=Report.Reason.OTHER)
        with django_assert_max_num_queries(20) as asked:
            hers_to_decide.get("/blog/moderate/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("what", ["after=nonsense", "before=%F0%9F", "after=WzEsMl0"])
def test_nonsense_in_the_address_shows_the_start(client, hers_to_decide, post, asha, what):
    shown(post, "There.", by=asha)
    assert "There." in text(client.get(f"{STORY}?{what}"))
    assert hers_to_decide.get(f"/blog/moderate/?{what}").status_code == 200


# --- Logged out in another window, or a token that is too old -----------------------------------


def strict(person) -> Client:
    """A browser of this person, of which tokens are asked as in earnest."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)
    return browser


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_who_was_logged_out_finds_the_words_after_logging_in(client, post, asha, headers):
    away = client.post(SAY, {"body": "Not *lost*."}, headers=headers)
    door = away.get("Location") or away["HX-Redirect"]
    assert door == f"/accounts/login/?next={SAY}"
    client.force_login(asha)
    assert "Not *lost*.</textarea>" in text(client.get(SAY))
    assert "Not *lost*." not in text(client.get(SAY))  # but once
    assert not Comment.objects.exists()


def test_all_forms_with_words_keep_them_over_a_log_in(client, post, asha, ravi, meena):
    comment = shown(post, "Well.", by=asha)
    own = f"{SAY}{comment.pk}/"
    for person, address, sent in [
        (ravi, f"{own}reply/", {"body": "My words."}),
        (asha, f"{own}edit/", {"body": "My words."}),
        (ravi, f"{own}report/", {"reason": "other", "words": "My words."}),
        (meena, f"/blog/moderate/{comment.pk}/refuse/", {"reason": "My words.", "version": "1"}),
        (meena, f"/blog/moderate/{comment.pk}/ban/", {"reason": "My words.", "length": "7"}),
    ]:
        client.logout()
        assert client.post(address, sent).url == f"/accounts/login/?next={address}"
        client.force_login(person)
        assert "My words.</textarea>" in text(client.get(address)), address


def test_a_deed_without_words_leads_to_a_page(client, post, asha):
    comment = say(post, "Well.", by=asha)
    log_in = "/accounts/login/?next="
    sent = {"version": "1"}
    away = client.post(f"/blog/moderate/{comment.pk}/approve/", sent)
    assert away.url == f"{log_in}/blog/moderate/"
    own = f"{SAY}{comment.pk}/"
    assert client.post(f"{own}delete/").url == f"{log_in}{own}"


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_words_with_an_old_token_come_back(post, asha, headers):
    browser = strict(asha)
    late = browser.post(SAY, {"body": "Not lost."}, headers=headers)
    assert (late.get("Location") or late["HX-Redirect"]) == SAY
    page = text(browser.get(SAY))
    assert "open for too long" in page
    assert "Not lost.</textarea>" in page


def test_a_form_of_another_site_leaves_nothing_with_a_stranger(post):
    late = Client(enforce_csrf_checks=True).post(SAY, {"body": "Buy."})
    assert late.status_code == 403
    assert "sessionid" not in late.cookies


def test_strangers_leave_few_words_behind_and_no_long_ones(client, post):
    for _ in range(20):
        client.post(SAY, {"body": "One."})
    client.post(SAY, {"body": "Another."})
    assert client.session["left_behind"]["typed"] == {"body": "One."}
    cache.clear()
    client.post(SAY, {"body": "x" * 30_001})
    assert client.session["left_behind"]["typed"] == {"body": "One."}
