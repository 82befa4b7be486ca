"""What the team does with a message: each deed once, with its entry in the log."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Entry
from contact.models import Line, Message, OutdatedError, forget_old_senders
from contact.tests.factories import MessageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def message():
    return MessageFactory()


def told() -> list[tuple[str, str, str]]:
    """The entries about messages: what was done, to which, by whom."""
    found = Entry.objects.of_action("contact.").in_words().order_by("number")
    return [(it.action, it.detail.target_name, it.actor_words) for it in found]


@pytest.mark.parametrize(
    ("deed", "before", "after", "action"),
    [
        ("open", {}, "open", "contact.message_opened"),
        ("close", {}, "closed", "contact.message_closed"),
        ("reopen", {"status": "answered"}, "open", "contact.message_reopened"),
        ("reopen", {"closed": True}, "open", "contact.message_reopened"),
        ("trust", {"suspicion": "fast"}, "new", "contact.message_trusted"),
    ],
)
def test_a_deed_done_twice_is_done_once(ravi, deed, before, after, action):
    message = MessageFactory(**before)
    seen_by_another = Message.objects.get(pk=message.pk)
    assert getattr(message, deed)(by=ravi)
    assert not getattr(message, deed)(by=ravi)
    assert not getattr(seen_by_another, deed)(by=ravi)
    assert seen_by_another.status == message.status == after
    message.refresh_from_db()
    assert message.status == after
    assert bool(message.closed_at) == (after == "closed")
    assert told() == [(action, f"No. {message.pk}", "ravi")]


def test_what_is_neither_new_nor_done_is_neither_opened_nor_reopened(ravi):
    message = MessageFactory(status="open")
    assert not message.open(by=ravi)
    assert not message.reopen(by=ravi)
    assert told() == []


def test_it_is_given_to_one_of_the_team_and_to_nobody_again(message, ravi, lata):
    assert message.assign(lata, by=ravi)
    assert not message.assign(lata, by=ravi)
    message.refresh_from_db()
    assert (message.assigned_to, message.status) == (lata, "open")
    assert message.assign(ravi, by=lata)
    assert message.assign(None, by=lata)
    assert not message.assign(None, by=lata)
    actions = [action for action, _, _ in told()]
    assert actions == [
        "contact.message_assigned",
        "contact.message_opened",
        "contact.message_assigned",
        "contact.message_assigned",
    ]


def test_it_is_given_to_nobody_who_may_not_answer(message, ravi, asha):
    with pytest.raises(ValidationError):
        message.assign(asha, by=ravi)
    message.refresh_from_db()
    assert message.assigned_to is None
    assert told() == []


def test_an_answer_and_a_note_stay_in_the_thread_and_their_words_out_of_the_log(message, ravi):
    message.note("Ask the office.", by=ravi)
    message.answer("We ask the office.", by=ravi, seen=0)
    message.refresh_from_db()
    assert message.status == "answered"
    assert list(message.lines.values_list("kind", "text", "author")) == [
        ("note", "Ask the office.", ravi.pk),
        ("answer", "We ask the office.", ravi.pk),
    ]
    assert [action for action, _, _ in told()] == [
        "contact.message_noted",
        "contact.message_answered",
    ]
    for entry in Entry.objects.of_action("contact.").select_related("detail"):
        detail = entry.detail
        written = f"{detail.before} {detail.after} {detail.more} {detail.target_name}"
        assert "office" not in written
        assert "eera" not in written


def test_an_answer_to_what_was_closed_opens_it_as_answered(ravi):
    message = MessageFactory(closed=True)
    message.answer("One thing more.", by=ravi, seen=0)
    message.refresh_from_db()
    assert (message.status, message.closed_at) == ("answered", None)


def test_who_did_not_see_the_other_answer_is_told_so_and_sends_nothing(message, ravi, lata):
    message.answer("Yes.", by=ravi, seen=0)
    with pytest.raises(OutdatedError):
        message.answer("No.", by=lata, seen=0)
    assert [line.text for line in message.answers()] == ["Yes."]
    assert len(mail.outbox) == 1
    message.answer("Yes indeed.", by=lata, seen=1)
    assert message.answers().count() == 2


def test_what_is_suspicious_is_trusted_before_it_is_answered(ravi):
    message = MessageFactory(suspicion="trap")
    with pytest.raises(ValidationError):
        message.answer("Yes.", by=ravi, seen=0)
    assert not message.lines.exists()
    assert mail.outbox == []
    message.trust(by=ravi)
    assert [it.to[0] for it in mail.outbox] == ["meera@mail.example", "ravi@pocket.example"]


def test_an_answer_that_fails_on_the_way_leaves_nothing(message, ravi, monkeypatch):
    def fail(*args):
        raise OSError

    monkeypatch.setattr("contact.letters.send_answer", fail)
    with pytest.raises(OSError), transaction.atomic():  # noqa: PT011
        message.answer("Yes.", by=ravi, seen=0)
    assert not Line.objects.exists()
    assert Message.objects.get().status == "new"
    assert told() == []


@pytest.mark.parametrize(
    "values",
    [
        {"status": "lost"},
        {"status": "closed"},
        {"closed_at": "2026-11-21T00:00Z"},
        {"erased_at": "2026-11-21T00:00Z"},
        {"about": "https://evil.example/"},
    ],
)
def test_the_database_keeps_the_rules(message, values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(**values)


def test_a_person_of_the_team_who_goes_leaves_the_answers_here(message, ravi):
    message.assign(ravi, by=ravi)
    message.answer("Yes.", by=ravi, seen=0)
    ravi.delete()
    message.refresh_from_db()
    assert message.assigned_to is None
    assert message.answers().get().author is None


# --- Forgetting ---------------------------------------------------------------------------------


def closed_before(days: int, **values) -> Message:
    moment = timezone.now() - timedelta(days=days)
    return MessageFactory(status="closed", closed_at=moment, **values)


def test_name_and_address_go_some_time_after_it_was_closed(settings):
    settings.CONTACT_KEPT_DAYS = 30
    old, young = closed_before(31), closed_before(29)
    waiting = MessageFactory()
    assert forget_old_senders() == 1
    old.refresh_from_db()
    assert (old.name, old.email, old.sender) == ("", "", "erased")
    assert old.text == "There is one more bridge over the Periyar."
    for kept in (young, waiting):
        kept.refresh_from_db()
        assert kept.email == "meera@mail.example"
    assert forget_old_senders() == 0
    assert [action for action, _, _ in told()] == ["contact.senders_forgotten"]


def test_of_what_was_answered_long_ago_name_and_address_go_though_nobody_closed_it(ravi):
    old, lately, asked_again = MessageFactory.create_batch(3)
    for message in (old, lately, asked_again):
        message.answer("Yes.", by=ravi, seen=0)
    Line.objects.update(written_at=timezone.now() - timedelta(days=181))
    lately.answer("And now it is there.", by=ravi, seen=1)
    asked_again.reopen(by=ravi)
    assert forget_old_senders() == 1
    for message in (old, lately, asked_again):
        message.refresh_from_db()
    assert [bool(it.email) for it in (old, lately, asked_again)] == [False, True, True]


def test_forgetting_is_done_every_day(settings):
    from django.utils.module_loading import import_string

    closed_before(settings.CONTACT_KEPT_DAYS + 1)
    [path] = [path for path in settings.DAILY_TASKS if path.startswith("contact.")]
    import_string(path).enqueue()
    assert Message.objects.get().email == ""
