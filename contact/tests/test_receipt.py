"""The page that shows a message's sender how far it is, and the mails about it."""

import email

import pytest
from django.core import mail

from contact.models import Message
from contact.tests.factories import MessageFactory, sent
from states.tests.visiting import Page, visit

pytestmark = pytest.mark.django_db


@pytest.fixture
def message():
    return MessageFactory()


def test_whoever_has_the_link_sees_the_message_and_its_number(client, message):
    page = visit(client, f"/contact/{message.code}/")
    assert page.title.startswith(f"Your message, No. {message.pk}")
    assert message.text in page.words
    assert "Received" in page.words


def test_it_shows_how_far_we_are(client, message, ravi):
    def says(words: str) -> bool:
        return words in visit(client, f"/contact/{message.code}/").words

    message.open(by=ravi)
    assert says("We are looking into it")
    message.answer("We have added\nthe <b>bridge</b>.", by=ravi, seen=0)
    assert says("Answered")
    assert says("We have added the <b>bridge</b>.")
    message.close(by=ravi)
    assert says("Closed")


def test_it_shows_neither_address_nor_note_nor_who_answered(client, message, ravi):
    message.note("He writes every week.", by=ravi)
    message.assign(ravi, by=ravi)
    message.answer("Thank you.", by=ravi, seen=0)
    html = client.get(f"/contact/{message.code}/").content.decode()
    for secret in ("every week", "Ravi", "ravi", "meera@mail.example", "Meera"):
        assert secret not in html


def test_neither_search_engines_nor_caches_nor_other_sites_learn_of_it(client, message):
    answer = client.get(f"/contact/{message.code}/")
    assert answer["X-Robots-Tag"] == "noindex"
    assert Page(answer).meta("robots") == "noindex"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies


@pytest.mark.parametrize("code", ["x", "1", "None", "%20", "ಕೇರಳ", "a" * 500])
def test_an_unknown_code_is_not_found(client, message, code):
    assert client.get(f"/contact/{code}/").status_code == 404


def test_the_link_cannot_be_guessed(message):
    assert len(message.code) == 22
    assert MessageFactory().code != message.code


def test_it_costs_the_same_however_much_was_answered(
    client, message, ravi, django_assert_num_queries
):
    for seen in range(3):
        with django_assert_num_queries(2):  # the message, its answers
            client.get(f"/contact/{message.code}/")
        message.answer("Once more.", by=ravi, seen=seen)


# --- Mails --------------------------------------------------------------------------------------


def test_who_gave_an_address_gets_a_receipt_that_quotes_nobody(client):
    client.post("/contact/", sent(email="meera@mail.example", name="Buy pills", subject="Pills"))
    message = Message.objects.get()
    [letter] = mail.outbox
    assert letter.to == ["meera@mail.example"]
    assert letter.subject == f"Your message to Pocket, No. {message.pk}"
    assert f"/contact/{message.code}/" in letter.body
    assert "ills" not in letter.subject + letter.body
    assert letter.message()["Message-ID"] == message.mail_id
    assert message.code not in message.mail_id


def test_nobody_is_flooded_with_receipts(client):
    for number in range(8):
        client.post(
            "/contact/", sent(email="meera@mail.example"), REMOTE_ADDR=f"203.0.113.{number // 5}"
        )
    assert len(mail.outbox) == 8
    for _ in range(6):
        client.post("/contact/", sent(email="ravi@mail.example"), REMOTE_ADDR="203.0.113.99")
    assert len([it for it in mail.outbox if it.to == ["ravi@mail.example"]]) == 5
    assert Message.objects.count() == 14


def test_answers_are_one_thread_in_the_senders_mail(client, ravi, settings):
    settings.SITE_HOST = f"{'a-long-name.' * 5}pocket.example"
    client.post("/contact/", sent(email="meera@mail.example"))
    message = Message.objects.get()
    mail.outbox.clear()
    for seen, words in enumerate(["Which bridge? \u0d2a", "Thank you."]):
        message.answer(words, by=ravi, seen=seen)
    first, second = [email.message_from_bytes(it.message().as_bytes()) for it in mail.outbox]
    ids = [message.mail_id, *message.answers().values_list("mail_id", flat=True)]
    assert len(set(ids)) == 3
    assert first["Message-ID"] == ids[1]
    assert first["In-Reply-To"] == first["References"] == ids[0]
    assert second["In-Reply-To"] == ids[1]
    assert second["References"].split() == ids[:2]
    assert second["Subject"] == f"Re: Your message to Pocket, No. {message.pk}"
    assert "Thank you." in mail.outbox[1].body
    assert f"/contact/{message.code}/" in mail.outbox[1].body


def test_without_an_address_nothing_is_mailed(ravi):
    message = MessageFactory(email="")
    message.answer("Thank you.", by=ravi, seen=0)
    assert mail.outbox == []
    assert message.answers().get().mail_id == ""


def test_the_team_is_told_where_to_look_and_what_it_is_about(client, ravi, lata, asha):
    client.post("/contact/", sent(name="Meera", email="meera@mail.example"))
    message = Message.objects.get()
    letters = {it.to[0]: it for it in mail.outbox}
    assert letters.keys() == {"meera@mail.example", "ravi@pocket.example", "lata@pocket.example"}
    letter = letters["ravi@pocket.example"]
    assert letter.subject == f"New message, No. {message.pk}: A bridge is missing"
    assert f"/contact/inbox/{message.pk}/" in letter.body
    for secret in ("meera@mail.example", message.text, message.code):
        assert secret not in letter.body


def test_one_of_the_team_may_want_no_mail(client, ravi, lata, sign_in):
    page = "/accounts/preferences/"
    answers = {"theme": "system", "number_style": "lakh", "language": "", "mail": []}
    assert "New messages to the people who run the site" in sign_in(ravi).get(page).content.decode()
    client.post(page, answers)
    client.post("/contact/", sent())
    assert [it.to for it in mail.outbox] == [["lata@pocket.example"]]


def test_members_are_not_asked_about_mail_that_they_never_get(hers):
    words = hers.get("/accounts/preferences/").content.decode()
    assert "New messages to the people who run the site" not in words
    answers = {"theme": "system", "number_style": "lakh", "language": "", "mail": ["contact"]}
    assert hers.post("/accounts/preferences/", answers).status_code == 422


def test_who_has_left_the_team_or_the_site_is_told_nothing(client, ravi, lata):
    ravi.take_role("Moderator", by=None)
    lata.remove(by=lata)
    client.post("/contact/", sent())
    assert mail.outbox == []
