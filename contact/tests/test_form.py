"""Writing to the people who run the site."""

import re
import time
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client

from audit.models import Entry
from contact import opening
from contact.limits import MESSAGES
from contact.models import Message
from contact.tests.factories import sent
from pocket.testing import HTMX
from states.models import Observation
from states.tests.visiting import Page, visit

pytestmark = pytest.mark.django_db

CONTACT = "/contact/"
FACT = "/contact/?about=/states/kerala/&fact=kerala.literacy-rate-2011"


def value(page: Page, name: str) -> str:
    field = page.one(f".//*[@name='{name}']")
    return field.text.strip() if field.tag == "textarea" else field.get("value", "")


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["plain", "htmx"])
def test_a_form_with_an_old_token_comes_back_as_it_was_filled_in(headers):
    browser = Client(enforce_csrf_checks=True)
    written = sent(name="Ravi")
    late = browser.post(CONTACT, written, headers=headers)
    assert late.status_code == 403
    assert ("<html" in late.content.decode()) == (not headers)
    page = Page(late)
    assert "Your words are here" in page.one(".//*[@role='alert']").text
    for name in ("name", "subject", "text", "opened"):
        assert value(page, name) == written[name]
    again = written | {"csrfmiddlewaretoken": value(page, "csrfmiddlewaretoken")}
    assert browser.post(CONTACT, again).status_code == 302
    assert Message.objects.get().name == "Ravi"


def test_anybody_writes_without_saying_who_they_are(client):
    answer = client.post(CONTACT, sent())
    message = Message.objects.get()
    assert answer["Location"] == f"/contact/{message.code}/"
    assert message.subject == "A bridge is missing"
    assert message.text == "There is one more bridge over the Periyar."
    assert (message.name, message.email, message.member, message.status) == ("", "", None, "new")
    assert not message.suspicion
    assert mail.outbox == []


def test_who_writes_anonymously_leaves_nothing_in_the_log_and_gets_no_session(client, settings):
    client.post(CONTACT, sent())
    assert not Entry.objects.of_action("contact.").exists()
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_the_form_says_that_without_an_address_the_answer_stands_on_the_page_alone(client):
    page = visit(client, CONTACT)
    assert "Without one we cannot mail you an answer" in page.words
    for name in ("name", "email"):
        assert page.one(f".//*[@name='{name}']").get("required") is None
    assert page.response["Cache-Control"] == "no-store"


def test_members_find_name_and_address_filled_in(hers, asha):
    page = visit(hers, CONTACT)
    assert (value(page, "name"), value(page, "email")) == ("Asha Rao", "asha@pocket.example")
    hers.post(CONTACT, sent(name="Asha", email="other@mail.example"))
    message = Message.objects.get()
    assert (message.member, message.name, message.email) == (asha, "Asha", "other@mail.example")


def test_the_same_form_sent_seven_times_is_one_message(client, ravi):
    page = visit(client, CONTACT)
    form = sent(once=value(page, "once"), email="meera@mail.example")
    places = {client.post(CONTACT, form)["Location"] for _ in range(7)}
    assert places == {f"/contact/{Message.objects.get().code}/"}
    assert len(mail.outbox) == 2  # the receipt, and the team


def test_other_words_in_a_form_that_was_sent_are_another_message(client):
    form = sent(once="k" * 22)
    places = {client.post(CONTACT, form | {"text": text})["Location"] for text in ("One.", "Two.")}
    assert len(places) == 2
    assert set(Message.objects.values_list("text", flat=True)) == {"One.", "Two."}


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_seven_times_at_once_is_one_message(at_once):
    form = sent(once="k" * 22)
    places = at_once(lambda: Client().post(CONTACT, form)["Location"], times=7)
    assert len(set(places)) == 1
    assert at_once(lambda: Message.objects.count(), times=1) == [1]


# --- What it is about ---------------------------------------------------------------------------


def test_a_link_says_which_page_it_is_about(client):
    page = visit(client, f"{CONTACT}?about=/states/kerala/")
    assert value(page, "about") == "/states/kerala/"
    client.post(CONTACT, sent(about="/states/kerala/"))
    assert Message.objects.get().about == "/states/kerala/"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("http://127.0.0.1:8000/states/goa/?x=1", "/states/goa/?x=1"),
        ("  /search/?q=ಕನ್ನಡ ", "/search/?q=ಕನ್ನಡ"),
    ],
)
def test_an_address_of_ours_is_kept_as_its_path(client, settings, typed, kept):
    settings.SITE_URL = "http://127.0.0.1:8000"
    client.post(CONTACT, sent(about=typed))
    assert Message.objects.get().about == kept


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "///evil.example",
    "javascript:alert(1)",
    "states/kerala/",
    "/a\tb",
    "/a\nb",
    "http://[",
    "http://127.0.0.1:8000.evil.example/",
    "http://127.0.0.1:8000@evil.example/",
]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_no_address_elsewhere_gets_into_the_form_or_out_of_it(client, settings, address):
    settings.SITE_URL = "http://127.0.0.1:8000"
    page = visit(client, CONTACT, query_params={"about": address})
    assert value(page, "about") == ""
    answer = client.post(CONTACT, sent(about=address))
    assert answer.status_code == 422
    assert "This is no page of this site." in answer.content.decode()
    assert not Message.objects.exists()


def test_a_correction_arrives_with_the_figure_as_it_was_shown(client):
    page = visit(client, FACT)
    assert "About this figure: Keralam, Literacy rate, 2011: 94.00 %" in page.words
    assert value(page, "subject") == "Correction: Keralam, Literacy rate, 2011"
    opened = opening.signed(opening.read(value(page, "opened")).fact, at=time.time() - 60)
    Observation.objects.filter(indicator__slug="literacy-rate-2011").update(value=50)
    client.post(CONTACT, sent(opened=opened, about=value(page, "about")))
    message = Message.objects.get()
    assert message.about == "/states/kerala/"
    told = {name: message.fact[name] for name in ("state", "indicator", "year", "shown")}
    assert told == {
        "state": "kerala",
        "indicator": "literacy-rate-2011",
        "year": "2011",
        "shown": "94.00 %",
    }
    assert message.fact["value"].startswith("94.00")
    assert "94.00 %" in visit(client, f"/contact/{message.code}/").words


def test_a_figure_that_was_not_published_can_be_doubted_as_well(client, settings):
    settings.KEEP_ATLAS = False
    Observation.objects.filter(indicator__slug="hdi", state__slug="goa").delete()
    page = visit(client, "/contact/?fact=goa.hdi")
    assert "Goa, Human development index, 2021: not published" in page.words


@pytest.mark.parametrize(
    "fact", ["", "x", "kerala", "kerala.", ".hdi", "atlantis.hdi", "kerala.lamps", "a" * 5000]
)
def test_an_unknown_figure_is_left_out(client, fact):
    page = visit(client, CONTACT, query_params={"fact": fact})
    assert "About this figure" not in page.words
    assert value(page, "subject") == ""


def test_beside_every_figure_of_a_state_stands_a_link(client):
    page = visit(client, "/states/kerala/")
    links = [link for link in page.links() if "&fact=" in link]
    assert "/contact/?about=/states/kerala/&fact=kerala.literacy-rate-2011" in links
    assert len(links) == len(set(links)) == 20
    for link in links:
        name = link.partition("&fact=")[2]
        assert "About this figure" in visit(client, f"/contact/?fact={name}").words


def test_beside_every_figure_of_a_ranking_stands_a_link(client):
    page = visit(client, "/states/rankings/hdi/")
    links = [link for link in page.links() if "&fact=" in link]
    assert "/contact/?about=/states/rankings/hdi/&fact=kerala.hdi" in links
    assert len(links) == len(
        [row for row in page.table("Human development") if row[0].strip("=").isdigit()]
    )


def test_a_figure_that_is_our_own_arithmetic_has_no_link(client):
    page = visit(client, "/states/rankings/lok-sabha-seats/?per=person")
    assert not [link for link in page.links() if "&fact=" in link]


def test_every_page_leads_here(client):
    assert "/contact/" in visit(client, "/about/").links(".//footer")


# --- Wrong answers ------------------------------------------------------------------------------


def test_what_is_wrong_is_said_and_what_was_typed_stays(client):
    wrong = sent(subject="", email="meera@", name="Meera", about="/x/")
    answer = client.post(CONTACT, wrong)
    page = Page(answer)
    assert answer.status_code == 422
    assert page.title.startswith("Error:")
    summary = page.one(".//*[@role='alert']")
    assert summary.get("autofocus") is not None
    assert page.links(".//*[@role='alert']") == ["#id_email", "#id_subject"]
    assert value(page, "name") == "Meera"
    assert value(page, "email") == "meera@"
    assert value(page, "text") == wrong["text"]
    assert value(page, "opened") == wrong["opened"]
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("subject", "a\0b"),
        ("subject", "bell\x07"),
        ("subject", "s" * 151),
        ("text", "a\0b"),
        ("text", "  \n "),
        ("text", "x" * 100_000),
        ("name", "a\0b"),
        ("name", "\u202eevil"),
        ("name", "n" * 81),
        ("email", "a@b.example\nBcc: c@d.example"),
        ("email", "a\0@b.example"),
        ("email", "a@b"),
        ("email", "x" * 100_000),
        ("about", "/a\0b"),
        ("about", "/" + "a" * 500),
    ],
)
def test_bad_input_gets_a_clear_answer(client, name, text):
    answer = client.post(CONTACT, sent(**{name: text}))
    assert answer.status_code == 422
    assert set(Page(answer).links(".//*[@role='alert']")) == {f"#id_{name}"}
    assert not Message.objects.exists()


def test_no_header_gets_into_a_mail_by_the_subject_or_the_name(client, ravi):
    client.post(
        CONTACT,
        sent(subject="Hello\r\nBcc: all@mail.example", name="Meera\nNair", email="m@mail.example"),
    )
    message = Message.objects.get()
    assert (message.subject, message.name) == ("Hello Bcc: all@mail.example", "Meera Nair")
    assert [it.recipients() for it in mail.outbox] == [["m@mail.example"], ["ravi@pocket.example"]]


def test_a_partial_request_gets_the_form_back_or_is_led_to_the_receipt(client):
    answer = client.post(CONTACT, sent(subject=""), headers=HTMX)
    assert answer.status_code == 422
    assert answer.content.decode().lstrip().startswith('<form class="stack" id="contact-form"')
    answer = client.post(CONTACT, sent(), headers=HTMX)
    assert answer["HX-Redirect"] == f"/contact/{Message.objects.get().code}/"


# --- Programs -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "form"),
    [
        ("trap", sent(website="https://pills.example")),
        ("trap", sent(website="\0")),
        ("fast", {**sent(), "opened": "now"}),
        ("fast", {**sent(), "opened": "tomorrow"}),
        ("unsigned", {**sent(), "opened": ""}),
        ("unsigned", {**sent(), "opened": "x" * 100_000}),
        ("unsigned", {**sent(), "opened": "a\0b"}),
        ("old", {**sent(), "opened": "last month"}),
    ],
    ids=lambda it: it if isinstance(it, str) else None,
)
def test_what_a_program_sends_is_held_and_gets_the_same_answer(client, ravi, why, form):
    times = {"now": 0, "tomorrow": 86_400, "last month": -30 * 86_400}
    if form["opened"] in times:
        form = {**form, "opened": opening.signed(at=time.time() + times[form["opened"]])}
    answer = client.post(CONTACT, {**form, "email": "victim@mail.example"})
    message = Message.objects.get()
    assert message.suspicion == why
    assert answer["Location"] == f"/contact/{message.code}/"
    assert "Your message has arrived" in visit(client, answer["Location"]).words
    assert mail.outbox == []


def test_a_form_signed_by_somebody_else_is_held_and_says_nothing_of_a_figure(client):
    opened = sent()["opened"]
    client.post(CONTACT, sent(opened=opened[:-2] + ("aa" if opened[-2:] != "aa" else "bb")))
    message = Message.objects.get()
    assert (message.suspicion, message.fact) == ("unsigned", None)


def test_the_trap_is_hidden_from_people_screen_readers_and_the_keyboard(client, settings):
    page = visit(client, CONTACT)
    box = page.one(".//p[@class='trap']")
    assert box.get("aria-hidden") == "true"
    field = box.find("input")
    assert (field.get("tabindex"), field.get("autocomplete")) == ("-1", "off")
    css = Path(settings.BASE_DIR, "static/css/contact.css").read_text()
    assert re.search(r"\.trap \{\s+display: none;", css)


# --- Too many -----------------------------------------------------------------------------------


def test_who_writes_very_often_keeps_the_words_and_reads_how_long_to_wait(client):
    for _ in range(MESSAGES.most):
        assert client.post(CONTACT, sent()).status_code == 302
    wrong = sent(once="o" * 22, text="The seventh")
    answer = client.post(CONTACT, wrong)
    page = Page(answer)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 600
    assert re.search(r"Wait \d+ minutes?, then send this one", page.words)
    assert value(page, "text") == "The seventh"
    assert Message.objects.count() == MESSAGES.most
    # Its key was not spent: it can be sent later.
    assert client.post(CONTACT, wrong, REMOTE_ADDR="203.0.113.77").status_code == 302
    assert Message.objects.filter(text="The seventh").exists()


def test_a_form_that_was_sent_before_is_answered_however_often(client):
    form = sent(once="o" * 22)
    for _ in range(MESSAGES.most + 2):
        assert client.post(CONTACT, form).status_code == 302


def test_opening_and_sending_cost_the_same_however_much_was_sent(client, django_assert_num_queries):
    client.get(FACT)  # reads the facts
    for _ in range(2):
        with django_assert_num_queries(0):
            client.get(FACT)
        Message.objects.bulk_create(Message(subject="x", text="x") for _ in range(20))


def test_who_was_shut_out_may_write(hers, asha, ravi):
    asha.remove(by=ravi, why="test")
    assert visit(hers, CONTACT).response.status_code == 200
    answer = hers.post(CONTACT, sent())
    assert hers.get(answer["Location"]).status_code == 200
