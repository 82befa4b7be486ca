"""What a member wrote to us: to take along, and to have erased."""

import json

import pytest

from audit.models import Entry
from contact import personal
from contact.models import Message
from contact.tests.factories import MessageFactory

pytestmark = pytest.mark.django_db


def test_a_member_takes_along_their_messages_and_our_answers_not_our_notes(asha, ravi):
    message = MessageFactory(member=asha, fact={"state": "kerala"})
    MessageFactory(subject="Somebody else's")
    message.note("He writes every week.", by=ravi)
    message.answer("We have added it.", by=ravi, seen=0)
    [told] = personal.of(asha)["messages"]
    assert (told["number"], told["status"], told["fact"]) == (
        message.pk,
        "answered",
        {"state": "kerala"},
    )
    assert [it["text"] for it in told["answers"]] == ["We have added it."]
    assert "every week" not in json.dumps(personal.of(asha))


def test_what_there_is_costs_two_queries(asha, django_assert_num_queries):
    for _ in range(2):
        MessageFactory.create_batch(3, member=asha)
        with django_assert_num_queries(2):
            personal.of(asha)


def test_leaving_says_what_is_lost(asha):
    assert personal.losses(asha) == []
    MessageFactory.create_batch(2, member=asha)
    [line] = personal.losses(asha)
    assert line.startswith("Your 2 messages")


@pytest.mark.parametrize("keeps_words", [True, False])
def test_erasing_takes_the_messages_of_a_member_and_their_address_elsewhere(asha, keeps_words):
    MessageFactory(member=asha)
    logged_out = MessageFactory(email="Asha@pocket.example")
    other = MessageFactory()
    personal.erase(asha, keeps_words=keeps_words)
    assert set(Message.objects.values_list("pk", "email")) == {
        (logged_out.pk, ""),
        (other.pk, "meera@mail.example"),
    }


def test_the_log_finds_what_was_done_with_a_members_message(asha, ravi):
    MessageFactory(member=asha).open(by=ravi)
    assert Entry.objects.about(asha).of_action("contact.").count() == 1
