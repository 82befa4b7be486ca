"""What people said, when they take it along or go."""

import json

import pytest
from django.http import QueryDict

from blog import comment_personal, comments
from blog.models import Ban, Comment, EarlierText
from blog.tests.comment_factories import say, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(post, asha, ravi, meena):
    """An answered comment, one alone, one that waits, one refused; and a report."""
    answered = shown(post, "Answered.", by=asha)
    answered.edit("Answered, edited.", by=asha)
    reply = shown(post, "His reply.", by=ravi, to=answered)
    shown(post, "Alone.", by=asha)
    say(post, "Waits https://x.example", by=asha)
    say(post, "Refused www.x.example", by=asha).refuse(version=1, by=meena, reason="Advert.")
    reply.report(by=asha, reason="insult", words="He mocks.")
    return asha


def seen(post) -> list[tuple]:
    return [
        (
            talk.comment.excerpt if talk.comment.is_readable else "-",
            talk.comment.author_name,
            [reply.excerpt for reply in talk.replies],
        )
        for talk in comments.thread(post, QueryDict()).talks
    ]


def test_the_export_has_all_that_a_person_said(said):
    data = json.loads(json.dumps(comment_personal.of(said)))
    texts = [it["text"] for it in data["comments"]]
    assert texts[0] == "Answered, edited."
    assert len(texts) == 4
    assert data["comments"][0]["earlier"][0]["text"] == "Answered."
    assert data["comments"][3]["reason"] == "Advert."
    assert data["comment_reports"][0]["words"] == "He mocks."


def test_who_leaves_reads_what_goes(said, ravi):
    [line] = comment_personal.losses(said)
    assert "Your 4 comments" in line
    assert comment_personal.losses(ravi)
    Comment.objects.all().delete()
    assert comment_personal.losses(said) == []


def test_words_that_stay_have_no_name_and_no_past(said, post):
    comment_personal.erase(said, keeps_words=True)
    said.delete()
    assert seen(post) == [
        ("Answered, edited.", "deleted member", ["His reply."]),
        ("Alone.", "deleted member", []),
    ]
    assert not EarlierText.objects.exists()
    assert Comment.objects.count() == 3


def test_words_that_go_leave_a_gap_where_somebody_answered(said, post):
    comment_personal.erase(said, keeps_words=False)
    said.delete()
    assert seen(post) == [("-", "deleted member", ["His reply."])]
    assert not Comment.objects.filter(body__contains="Answered").exists()
    assert Comment.objects.count() == 2


def test_what_a_ban_hides_does_not_come_back_with_the_end_of_the_account(said, post, meena):
    Ban.impose(said, by=meena, reason="Insults.", days=None)
    comment_personal.erase(said, keeps_words=True)
    said.delete()
    assert seen(post) == [("-", "deleted member", ["His reply."])]
