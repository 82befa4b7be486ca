"""What becomes of a comment: said, seen, changed, removed, decided."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone, translation

from accounts.models import User
from audit.models import Entry
from blog import comments, personal
from blog.bans import AlreadyBannedError
from blog.comment_tasks import erase_removed
from blog.comments import DecidedError, place_of
from blog.models import Ban, Comment, HeldWord, Post, Report
from blog.tests.comment_factories import MemberFactory, believe, many, minutes_pass, say, shown
from blog.tests.factories import EditorFactory, draft, story
from notices.models import Notice

pytestmark = pytest.mark.django_db


def actions(comment) -> list[str]:
    return list(Entry.objects.about(comment).values_list("action", flat=True))[::-1]


def page(post, query="") -> list[str]:
    """The texts that all see, replies indented; a gap is "-"."""
    told = []
    for talk in comments.thread(post, QueryDict(query)).talks:
        if talk.comment is not None:
            told.append(talk.comment.excerpt if talk.comment.is_readable else "-")
        told += [f"  {reply.excerpt}" for reply in talk.replies]
    return told


# --- What waits ---------------------------------------------------------------------------------


def test_the_first_comment_of_a_member_waits_and_later_ones_are_shown(post, asha):
    first = say(post, "First.", by=asha)
    assert (first.status, first.waits_for) == ("waiting", "first")
    assert say(post, "Still nobody looked.", by=asha).waits_for == "first"
    assert page(post) == []
    first.approve(version=1, by=None)
    assert say(post, "Later.", by=asha).status == "shown"
    assert page(post) == ["First.", "Later."]


def test_whose_only_comment_was_refused_is_not_trusted(post, asha, meena):
    say(post, "Rubbish.", by=asha).refuse(version=1, by=meena, reason="Rude.")
    assert say(post, "Again.", by=asha).waits_for == "first"


@pytest.mark.parametrize(
    "body",
    [
        "[look](https://spam.example)",
        "<https://spam.example>",
        "See https://spam.example",
        "see WWW.spam.example",
        "buy at spam.example/offer",
        "buy at cheap-mangoes.com",
        "buy at cheap-mangoes.in",
        "buy at cheap-mangoes.co.in now",
        "सस्ते.भारत पर",
        "सस्ते.com पर",
        "write to <me@spam.example>",
        "https&colon;//spam.example",
    ],
)
def test_comments_with_links_wait(post, asha, body):
    believe(asha, post)
    assert say(post, body, by=asha).waits_for == "link"


@pytest.mark.parametrize("body", ["Rain.In Kerala it pours.", "and/or", "At 5.30 p.m.", "e.g. tea"])
def test_what_only_looks_like_a_link_does_not_wait(post, asha, body):
    believe(asha, post)
    assert say(post, body, by=asha).status == "shown"


def test_the_same_text_of_the_same_person_waits_however_it_is_typed(post, asha, ravi):
    believe(asha, post)
    believe(ravi, post)
    assert say(post, "So true!", by=asha).status == "shown"
    assert say(post, "  SO *true* …", by=asha).waits_for == "repeated"
    assert say(post, "So true!", by=ravi).status == "shown"


@pytest.mark.parametrize(
    ("held", "body"),
    [
        ("casino", "The CASINO is open."),
        ("casino", "The ca\u200bsino and the **ca**sino."),
        ("casino", "The caﬁno? No: ｃａｓｉｎｏ."),
        ("casino", "The c&#97;sino."),
        ("get rich", "You get, rich quick"),
        ("गाली", "यह गाली है।"),
        ("ಬೈಗುಳ", "ಇದು ಬೈಗುಳ."),
        ("क़िला", "क\u093cिला"),
    ],
)
def test_words_that_moderators_hold_wait_in_any_script(post, asha, held, body):
    believe(asha, post)
    HeldWord.objects.create(words=held)
    assert say(post, body, by=asha).waits_for == "word"
    assert say(post, "Casinos are another word, get it: richly.", by=asha).status == "shown"


def test_a_held_word_is_held_once_and_has_letters():
    HeldWord.objects.create(words="Casino")
    for words in ("CASINO", "…"):
        with pytest.raises(ValidationError):
            HeldWord(words=words).full_clean()


def test_moderators_and_editors_are_believed(post, meena):
    assert say(post, "See https://pocket.example", by=meena).status == "shown"


# --- Who may ------------------------------------------------------------------------------------


def test_a_story_that_takes_no_comments_gets_none(post, asha):
    type(post).objects.filter(pk=post.pk).update(takes_comments=False)
    with pytest.raises(ValidationError, match="closed"):
        say(post, by=asha)


def test_comments_close_after_so_many_days(post, asha, settings):
    settings.COMMENTS_CLOSE_AFTER_DAYS = 2
    assert say(post, by=asha)
    old = story("old", byline="Pocket", days_ago=2)
    with pytest.raises(ValidationError, match="closed"):
        say(old, by=asha)
    settings.COMMENTS_CLOSE_AFTER_DAYS = 0
    assert say(old, by=asha)


def test_what_nobody_may_read_takes_no_comments(asha):
    with pytest.raises(ValidationError, match="closed"):
        say(draft("secret"), by=asha)


@pytest.mark.parametrize("body", ["", " \n ", "---", "\u200b", "\u3164", "\u2800 \u115f"])
def test_a_comment_has_words(post, asha, body):
    with pytest.raises(ValidationError, match="can be read"):
        say(post, body, by=asha)
    assert not Comment.objects.exists()


def test_markdown_is_a_small_subset_and_does_no_harm(post, asha):
    comment = shown(
        post,
        "# Big\n\n**strong** `code` <script>alert(1)</script> ![x](/media/x.png)"
        " [bad](javascript:alert(1)) [good](https://a.example)",
        by=asha,
    )
    assert "<strong>strong</strong>" in comment.html
    assert "<h1" not in comment.html
    assert "<script" not in comment.html
    assert "<img" not in comment.html
    assert 'href="javascript' not in comment.html
    assert 'rel="ugc nofollow noopener"' in comment.html


# --- The thread ---------------------------------------------------------------------------------


def test_replies_stand_under_their_comment_one_level_deep(post, asha, ravi):
    one = shown(post, "One.", by=asha)
    shown(post, "Two.", by=ravi)
    reply = shown(post, "To one.", by=ravi, to=one)
    deeper = shown(post, "To the reply.", by=asha, to=reply)
    assert deeper.parent == one
    assert page(post) == ["One.", "  To one.", "  To the reply.", "Two."]


def test_only_what_all_see_is_answered(post, asha, ravi, meena):
    waiting = say(post, "Waits.", by=asha)
    removed, banned = shown(post, "Removed.", by=asha), shown(post, "Banned.", by=ravi)
    removed.remove(by=asha)
    Ban.impose(ravi, by=meena, reason="Insults.", days=1)
    elsewhere = shown(story("other", byline="Pocket"), "Elsewhere.", by=asha)
    for comment in (waiting, removed, banned, elsewhere):
        with pytest.raises(ValidationError, match="not here any more"):
            say(post, "Yes.", by=meena, to=comment)


def test_the_longest_address_in_an_indian_script_fits_everywhere(asha, meena):
    long = story("म" * 120, byline="Pocket")
    comment = believe(asha, long)
    say(long, "हाँ।", by=meena, to=comment)
    assert Notice.objects.of(asha).last().link == f"/blog/{'%E0%A4%AE' * 120}/comments/" + (
        f"{comment.replies.get().pk}/"
    )


def test_the_database_knows_one_level_only(post, asha):
    one, two = shown(post, "One.", by=asha), shown(post, "Two.", by=asha)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=one.pk).update(thread=two.pk)


def test_pages_hold_fifty_and_miss_nothing(post, asha):
    roots = many(post, 60, by=asha)
    many(post, 70, by=asha, to=roots[20])
    found, sizes, query = [], [], ""
    while True:
        thread = comments.thread(post, QueryDict(query))
        sizes.append(len(thread.page))
        found += [comment.pk for comment in thread.page]
        if not thread.page.following:
            break
        query = f"after={thread.page.following}"
    assert sizes == [50, 50, 30]
    assert len(set(found)) == 130 == thread.count
    second = comments.thread(post, QueryDict()).page.following
    later = comments.thread(post, QueryDict(f"after={second}"))
    assert later.talks[0].comment is None, "its comment stands on an earlier page"
    assert later.talks[0].key == roots[20].pk
    begin = later.talks[0].beginning.removeprefix("?").partition("#")[0]
    assert comments.thread(post, QueryDict(begin)).talks[0].comment == roots[20]


def test_a_thread_costs_the_same_at_any_length(post, asha, ravi, django_assert_num_queries):
    shown(post, "One.", by=asha)
    for more in (1, 120):
        roots = many(post, more, by=ravi)
        many(post, more, by=ravi, to=roots[0])
        with django_assert_num_queries(3):
            thread = comments.thread(post, QueryDict())
            [(it.comment and it.comment.author_name, it.replies) for it in thread.talks]


def test_no_more_are_counted_than_are_told(post, asha, monkeypatch):
    monkeypatch.setattr(comments, "MOST_COUNTED", 3)
    many(post, 5, by=asha)
    thread = comments.thread(post, QueryDict())
    assert (thread.counted, thread.has_more_than_counted) == (3, True)


def test_a_permalink_leads_to_the_page_on_which_the_comment_is(post, asha):
    roots = many(post, 60, by=asha)
    replies = many(post, 70, by=asha, to=roots[55])
    for comment in (roots[0], roots[49], roots[50], replies[0], replies[40], replies[69]):
        path, _, anchor = place_of(comment).partition("#")
        path, _, query = path.partition("?")
        assert (path, anchor) == ("/blog/monsoon/", f"comment-{comment.pk}")
        assert comment in comments.thread(post, QueryDict(query)).page
        assert bool(query) == (comment not in roots[:50])


# --- Editing and removing -----------------------------------------------------------------------


def test_the_author_edits_for_fifteen_minutes(post, asha):
    comment = shown(post, "Frist.", by=asha)
    minutes_pass(comment, 14)
    comment.edit("First.", by=asha)
    assert page(post) == ["First."]
    assert comment.edited_at
    assert [text.body for text in comment.earlier.all()] == ["Frist."]
    assert actions(comment)[-1] == "blog.comment_edited"
    minutes_pass(comment, 2)
    with pytest.raises(ValidationError, match="15 minutes"):
        comment.edit("Too late.", by=asha)


def test_an_edit_that_changes_nothing_leaves_no_mark(post, asha):
    comment = shown(post, "Same.", by=asha)
    comment.edit("Same. ", by=asha)
    assert comment.edited_at is None


def test_an_edit_cannot_slip_a_link_past_the_moderators(post, asha, ravi):
    comment = shown(post, "Harmless.", by=asha)
    shown(post, "Yes.", by=ravi, to=comment)
    comment.edit("Buy at https://spam.example", by=asha)
    assert (comment.status, comment.waits_for) == ("waiting", "link")
    assert page(post) == ["-", "  Yes."]


def test_what_waits_for_words_that_are_gone_waits_no_more(post, asha, ravi):
    believe(asha, post)
    parent = shown(post, "Well.", by=ravi)
    reply = say(post, "See https://x.example", by=asha, to=parent)
    assert reply.waits_for == "link"
    reply.edit("See for yourself.", by=asha)
    reply.refresh_from_db()
    parent.refresh_from_db()
    assert (reply.status, reply.waits_for, reply.queued_at) == ("shown", "", None)
    assert parent.answers == 1


def test_an_edit_tells_anew_why_it_waits_and_keeps_its_place(post, asha):
    comment = say(post, "See https://x.example", by=asha)
    since = comment.queued_at
    comment.edit("See for yourself.", by=asha)
    comment.refresh_from_db()
    assert (comment.waits_for, comment.queued_at) == ("first", since)


def test_nobody_edits_what_is_anothers_or_was_refused(post, asha, ravi, meena):
    comment = say(post, by=asha)
    with pytest.raises(ValidationError):
        comment.edit("Mine now.", by=ravi)
    comment.refuse(version=1, by=meena, reason="No.")
    with pytest.raises(ValidationError):
        comment.edit("Better?", by=asha)


def test_removing_leaves_a_gap_only_where_somebody_answered(post, asha, ravi):
    alone, answered = shown(post, "Alone.", by=asha), shown(post, "Answered.", by=asha)
    reply = shown(post, "Reply.", by=ravi, to=answered)
    alone.remove(by=asha)
    answered.remove(by=asha)
    assert answered.remove(by=asha) is False
    assert actions(answered).count("blog.comment_removed") == 1
    assert page(post) == ["-", "  Reply."]
    reply.remove(by=ravi)
    assert page(post) == []


def test_what_was_removed_long_ago_is_erased(post, asha, ravi):
    alone, answered = shown(post, "Alone.", by=asha), shown(post, "Answered.", by=asha)
    fresh = shown(post, "Fresh.", by=asha)
    reply = shown(post, "Reply.", by=ravi, to=answered)
    for comment in (alone, answered, fresh):
        comment.remove(by=asha)
    Comment.objects.exclude(pk=fresh.pk).update(decided_at=timezone.now() - timedelta(days=31))
    erase_removed.enqueue()
    assert not Comment.objects.filter(pk=alone.pk).exists()
    assert Comment.objects.get(pk=answered.pk).body == ""
    assert Comment.objects.get(pk=fresh.pk).body == "Fresh."
    assert page(post) == ["-", "  Reply."]
    reply.remove(by=ravi)
    Comment.objects.exclude(pk=fresh.pk).update(decided_at=timezone.now() - timedelta(days=31))
    for _ in range(2):  # day by day
        erase_removed.enqueue()
    assert list(Comment.objects.all()) == [fresh], "a gap with nothing under it goes too"


# --- Deciding -----------------------------------------------------------------------------------


def test_approving_shows_it_and_leaves_an_entry(post, asha, meena):
    comment = say(post, by=asha)
    comment.approve(version=1, by=meena)
    assert page(post) == ["Well said."]
    assert actions(comment) == ["blog.comment_posted", "blog.comment_approved"]
    assert Entry.objects.about(comment).filter(person_id=str(asha.pk)).count() == 2
    assert not Comment.objects.to_decide().exists()


def test_refusing_hides_it_and_says_why(post, asha, meena):
    comment = shown(post, by=asha)
    comment.report(by=meena, reason=Report.Reason.INSULT)
    comment.refuse(version=comment.version, by=meena, reason="It insults.")
    assert page(post) == []
    assert "It insults." in Comment.objects.get().standing
    assert Entry.objects.about(comment).in_words().first().detail.reason == "It insults."
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.update(reason="")


def test_what_was_refused_by_mistake_can_be_let_out(post, asha, meena):
    comment = say(post, by=asha)
    comment.refuse(version=1, by=meena, reason="Hm.")
    comment.approve(version=2, by=meena)
    assert page(post) == ["Well said."]


@pytest.mark.parametrize("second", ["approve", "refuse"])
def test_whoever_decides_second_is_told_and_changes_nothing(post, asha, meena, second):
    comment = say(post, by=asha)
    mine, theirs = Comment.objects.get(), Comment.objects.get()
    theirs.refuse(version=1, by=meena, reason="Rude.")
    more = {"reason": "Mine."} if second == "refuse" else {}
    with pytest.raises(DecidedError) as raised:
        getattr(mine, second)(version=1, by=None, **more)
    assert raised.value.comment.decided_by == meena
    comment.refresh_from_db()
    assert (comment.status, comment.reason) == ("refused", "Rude.")


def test_nobody_approves_what_they_did_not_read(post, asha, meena):
    comment = say(post, "Harmless.", by=asha)
    Comment.objects.get().edit("Harmful.", by=asha)
    with pytest.raises(DecidedError):
        comment.approve(version=1, by=meena)
    assert page(post) == []


def test_each_person_reports_a_comment_once(post, asha, ravi, meena):
    comment = shown(post, by=asha)
    assert comment.report(by=ravi, reason=Report.Reason.ADVERT, words="Twice a day.")
    assert not comment.report(by=ravi, reason=Report.Reason.OTHER)
    assert list(Comment.objects.to_decide()) == [comment]
    comment.refresh_from_db()
    comment.dismiss_reports(version=comment.version, by=meena)
    assert not Comment.objects.to_decide().exists()
    assert page(post) == ["Well said."]
    assert actions(comment)[-2:] == ["blog.comment_reported", "blog.comment_reports_dismissed"]
    assert comment.report(by=meena, reason=Report.Reason.OTHER)
    assert Comment.objects.to_decide().exists(), "a new report of another person counts"


def test_the_oldest_waits_first_in_the_queue(post, asha, ravi):
    old = shown(post, "Old.", by=asha)
    new = say(post, "New https://x.example", by=asha)
    old.report(by=ravi, reason=Report.Reason.OTHER)
    assert list(Comment.objects.to_decide().order_by("queued_at")) == [new, old]


def test_one_moderator_at_a_time_claims_a_comment(post, asha, ravi, meena):
    comment = say(post, by=asha)
    assert comment.claim(by=meena)
    assert comment.claim(by=meena)
    assert not comment.claim(by=ravi)
    comment.refresh_from_db()
    assert comment.claimer == meena
    Comment.objects.update(claimed_at=timezone.now() - timedelta(minutes=11))
    assert comment.claim(by=ravi)


@pytest.mark.parametrize("where", ["draft", "archive", "bin", "later"])
def test_what_is_said_to_a_story_that_is_away_waits_until_it_is_back(
    post, asha, ravi, meena, where
):
    waiting, reported = say(post, by=asha), shown(post, "Hm.", by=meena)
    reported.report(by=ravi, reason=Report.Reason.OTHER)
    tidy = Post.objects.get()
    if where == "draft":
        tidy.withdraw(version=tidy.version, by=None)
    elif where == "archive":
        tidy.archive(version=tidy.version, by=None)
    elif where == "bin":
        tidy.remove(by=None)
    else:
        tidy.publish(version=tidy.version, by=None, at=timezone.now() + timedelta(days=1))
    assert not Comment.objects.to_decide().exists()
    assert personal.of(asha)["comments"][0]["story"] == ""
    assert "monsoon" not in personal.of(asha)["comments"][0]["link"]
    Post.everything.update(
        status="published", removed_at=None, published_at=timezone.now() - timedelta(days=1)
    )
    assert set(Comment.objects.to_decide()) == {waiting, reported}
    assert personal.of(asha)["comments"][0]["story"] == "Monsoon"


# --- Bans ---------------------------------------------------------------------------------------


def test_a_ban_hides_all_at_once_and_lifting_it_shows_all(post, asha, ravi, meena):
    first, second = shown(post, "One.", by=asha), shown(post, "Two.", by=asha)
    shown(post, "Reply.", by=ravi, to=first)
    rows = list(Comment.objects.order_by("id").values())
    ban = Ban.impose(asha, by=meena, reason="Insults.", days=7)
    assert page(post) == ["-", "  Reply."]
    assert list(Comment.objects.order_by("id").values()) == rows
    with pytest.raises(ValidationError, match="Insults"):
        say(post, by=asha)
    with pytest.raises(ValidationError, match="Insults"):
        second.edit("Three.", by=asha)
    assert ban.lift(by=meena)
    assert not ban.lift(by=meena)
    assert page(post) == ["One.", "  Reply.", "Two."]
    about = Entry.objects.about(asha).values_list("action", flat=True)
    assert set(about) >= {"blog.person_banned", "blog.person_unbanned"}


def test_a_ban_ends_by_itself_and_pages_know_when(post, asha, meena, monkeypatch):
    shown(post, by=asha)
    ban = Ban.impose(asha, by=meena, reason="Insults.", days=1)
    assert comments.thread(post, QueryDict()).until == ban.until
    assert page(post) == []
    monkeypatch.setattr("django.utils.timezone.now", lambda: ban.until)
    assert page(post) == ["Well said."]
    assert Ban.impose(asha, by=meena, reason="Again.", days=None)
    assert page(post) == []


def test_the_end_of_a_ban_is_told_in_the_readers_language(asha, meena, monkeypatch):
    ban = Ban.impose(asha, by=meena, reason="Insults.", days=1)
    ban.until = datetime(2026, 5, 3, 6, 30, tzinfo=UTC)
    with translation.override("hi"):
        assert "03 मई 2026, 12:00" in ban.words


def test_two_moderators_ban_once(asha, meena):
    Ban.impose(asha, by=meena, reason="Insults.", days=1)
    with pytest.raises(AlreadyBannedError) as raised:
        Ban.impose(asha, by=EditorFactory(is_superuser=True), reason="Me too.", days=None)
    assert raised.value.ban.reason == "Insults."


def test_nobody_bans_themselves_or_a_moderator(asha, meena):
    for person, by in [(meena, asha), (asha, asha)]:
        with pytest.raises(PermissionDenied):
            Ban.impose(person, by=by, reason="Revenge.", days=1)


def test_a_gap_with_nothing_under_it_is_not_shown(post, asha, ravi, meena):
    comment = shown(post, "One.", by=asha)
    shown(post, "Reply.", by=ravi, to=comment)
    comment.remove(by=asha)
    Ban.impose(ravi, by=meena, reason="Insults.", days=1)
    assert page(post) == []


def test_what_a_banned_person_wrote_waits_in_no_queue(post, asha, meena):
    say(post, by=asha)
    Ban.impose(asha, by=meena, reason="Insults.", days=1)
    assert not Comment.objects.to_decide().exists()


# --- Who left -----------------------------------------------------------------------------------


def test_who_left_is_a_deleted_member_at_once(post, asha, meena):
    shown(post, by=asha)
    User.objects.get(pk=asha.pk).remove(by=asha)
    [talk] = comments.thread(post, QueryDict()).talks
    assert talk.comment.author_name == "deleted member"
    assert talk.comment.author_page == ""
    Ban.impose(asha, by=meena, reason="Insults.", days=None)
    assert page(post) == [], "banned and left: nothing at all"


def test_an_account_that_is_gone_leaves_a_deleted_member(post, asha):
    shown(post, by=asha)
    asha.delete()
    [talk] = comments.thread(post, QueryDict()).talks
    assert talk.comment.author_name == "deleted member"


# --- Who hears of it ----------------------------------------------------------------------------


def told(person) -> list[str]:
    return [notice.line for notice in Notice.objects.of(person).order_by("id")]


def test_a_reply_is_told_once_it_is_seen_and_only_once(post, asha, ravi, meena, mailoutbox):
    comment = believe(asha, post)
    mailoutbox.clear()
    reply = say(post, "Hello asha!", by=ravi, to=comment)
    assert len(told(asha)) == 1, "only the approval of her own"
    assert not mailoutbox, "nothing leaves before it was approved"
    reply.approve(version=1, by=meena)
    assert told(asha)[1:] == ["Ravi Das replied to your comment on “Monsoon”."]
    [mail, out] = mailoutbox
    assert (mail.to, out.to) == ([asha.email], [ravi.email])
    assert "Hello asha!" in mail.body
    assert f"/blog/monsoon/comments/{reply.pk}/" in mail.body
    reply.refuse(version=_reported(reply, meena), by=meena, reason="Hm.")
    reply.approve(version=reply.version, by=meena)
    assert len(told(asha)) == 2


def _reported(comment, person) -> int:
    comment.report(by=person, reason=Report.Reason.OTHER)
    comment.refresh_from_db()
    return comment.version


def test_the_author_hears_of_a_refusal_with_its_reason(post, asha, meena, mailoutbox):
    say(post, by=asha).refuse(version=1, by=meena, reason="50 % insult")
    assert told(asha) == ["Your comment on “Monsoon” was refused. Reason: 50 % insult"]
    assert not mailoutbox


def test_nobody_hears_of_their_own_comment(post, asha, meena, mailoutbox):
    comment = shown(post, by=meena)
    say(post, "And I add.", by=meena, to=comment)
    assert not told(meena)
    assert not mailoutbox


@pytest.mark.parametrize("who", ["left", "banned", "removed it"])
def test_who_is_gone_or_took_it_back_hears_nothing(post, asha, ravi, meena, mailoutbox, who):
    comment = believe(asha, post)
    reply = say(post, "Still there?", by=ravi, to=comment)
    mailoutbox.clear()
    Notice.objects.all().delete()
    if who == "left":
        User.objects.get(pk=asha.pk).remove(by=asha)
    elif who == "banned":
        Ban.impose(asha, by=meena, reason="Insults.", days=1)
    else:
        comment.remove(by=asha)
    reply.approve(version=1, by=meena)
    assert not told(asha)
    assert [mail.to for mail in mailoutbox] == [[ravi.email]]


def test_who_wants_no_mail_gets_the_notice_alone(post, asha, ravi, meena, mailoutbox):
    comment = believe(asha, post)
    asha.stop_mail("replies")
    mailoutbox.clear()
    say(post, "Hello.", by=meena, to=Comment.objects.get(pk=comment.pk))
    assert len(told(asha)) == 2
    assert not mailoutbox


# --- Members who were never seen ------------------------------------------------------------------


def test_members_do_not_see_each_others_waiting_comments(post, asha, ravi, meena):
    mine = say(post, by=asha)
    assert list(Comment.objects.visible_to(asha)) == [mine]
    assert list(Comment.objects.visible_to(meena)) == [mine]
    assert not Comment.objects.visible_to(ravi)
    mine.remove(by=asha)
    assert not Comment.objects.visible_to(asha)


def test_names_are_by_the_members_themselves(post):
    person = MemberFactory(shown_name="<b>Asha</b>")
    shown(post, by=person)
    assert comments.thread(post, QueryDict()).talks[0].comment.author_name == "<b>Asha</b>"
