"""The team's side of the messages."""

import pytest
from django.core import mail
from django.test import Client

from contact.inbox import PER_PAGE
from contact.models import Message
from contact.tests.factories import MessageFactory
from states.tests.visiting import Page, visit

pytestmark = pytest.mark.django_db

INBOX = "/contact/inbox/"
DEEDS = ["open", "assign", "note", "answer", "close", "reopen", "trust"]


@pytest.fixture
def message():
    return MessageFactory()


def subjects(page: Page) -> list[str]:
    rows = page.all(".//ul[@class='rows']/li/a")
    return ["".join(row.itertext()).partition(": ")[2] for row in rows]


def test_strangers_are_led_to_log_in_and_members_find_nothing(client, message, sign_in, asha):
    pages = [INBOX, f"{INBOX}{message.pk}/"]
    for page in pages:
        assert client.get(page)["Location"] == f"/accounts/login/?next={page}"
    for deed in DEEDS:
        answer = client.post(f"{INBOX}{message.pk}/{deed}/")
        assert answer["Location"] == f"/accounts/login/?next={INBOX}{message.pk}/"
    sign_in(asha)
    for page in pages:
        assert client.get(page).status_code == 404
    for deed in DEEDS:
        assert client.post(f"{INBOX}{message.pk}/{deed}/").status_code == 404
    message.refresh_from_db()
    assert message.status == "new"
    assert not message.lines.exists()


@pytest.mark.parametrize("deed", ["answer", "note"])
def test_what_is_sent_after_the_log_out_waits_in_its_form(client, message, ravi, deed):
    thread = f"{INBOX}{message.pk}/"
    client.post(f"{thread}{deed}/", {"text": "Not lost.", "seen": "0"})
    client.force_login(ravi)
    assert visit(client, thread).one(f".//*[@id='{deed}_text']").text.strip() == "Not lost."
    assert not message.lines.exists()


def test_an_answer_with_an_old_token_comes_back(message, ravi):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ravi)
    thread = f"{INBOX}{message.pk}/"
    late = browser.post(f"{thread}answer/", {"text": "Not lost.", "seen": "0"})
    assert late["Location"] == thread
    assert visit(browser, thread).one(".//*[@id='answer_text']").text.strip() == "Not lost."


def test_each_box_shows_its_own_oldest_first(his):
    for number in range(2):
        MessageFactory(subject=f"new {number}")
    MessageFactory(subject="open", status="open")
    MessageFactory(subject="answered", status="answered")
    MessageFactory(subject="closed", closed=True)
    MessageFactory(subject="held", suspicion="trap")
    MessageFactory(subject="held and closed", suspicion="trap", closed=True)
    page = visit(his, INBOX)
    assert subjects(page) == ["new 0", "new 1"]
    tabs = page.one(".//nav[@aria-label='Boxes']")
    counted = ["New (2)", "Open (1)", "Answered (1)", "Closed (2)", "Suspicious (1)"]
    assert [link.text for link in tabs] == counted
    assert subjects(visit(his, f"{INBOX}?status=open")) == ["open"]
    assert subjects(visit(his, f"{INBOX}?status=answered")) == ["answered"]
    assert subjects(visit(his, f"{INBOX}?status=closed")) == ["closed", "held and closed"]
    assert subjects(visit(his, f"{INBOX}?status=held")) == ["held"]


def test_an_unknown_box_is_ignored_with_a_word(his, message):
    page = visit(his, INBOX, query_params={"status": "lost\u0001"})
    assert page.notices == ["There is no such box; these are the new messages."]
    assert subjects(page) == [message.subject]


def test_a_page_holds_fifty_and_costs_the_same_however_many_there_are(
    his, django_assert_num_queries
):
    MessageFactory()
    his.get(INBOX)
    for _ in range(2):
        with django_assert_num_queries(7):  # session, person, notices, rights twice; counts, page
            his.get(INBOX)
        Message.objects.bulk_create(
            Message(subject=f"s{n}", text="x", name="Meera") for n in range(PER_PAGE)
        )
    page = visit(his, INBOX)
    assert len(subjects(page)) == PER_PAGE
    [following] = [link for link in page.links() if "after=" in link]
    second = visit(his, INBOX + following)
    assert len(subjects(second)) == PER_PAGE
    assert not set(subjects(page)) & set(subjects(second)[:-49])
    assert any("before=" in link for link in second.links())


def test_a_thread_shows_all_there_is_in_the_order_it_came(his, message, ravi, lata):
    message.note("Ask the office.", by=lata)
    message.answer("We ask.", by=ravi, seen=0)
    page = visit(his, f"{INBOX}{message.pk}/")
    order = ["meera@mail.example", "one more bridge", "Ask the office.", "We ask."]
    places = [page.words.index(words) for words in order]
    assert places == sorted(places)
    assert page.response["Cache-Control"] == "no-store"


def test_a_thread_costs_the_same_however_long_it_is(his, message, ravi, django_assert_num_queries):
    his.get(f"{INBOX}{message.pk}/")
    for seen in range(3):
        with django_assert_num_queries(
            8
        ):  # session, person, notices, rights twice; message, lines, team
            his.get(f"{INBOX}{message.pk}/")
        message.answer("Once more.", by=ravi, seen=seen)
        message.note("Hm.", by=ravi)


def test_what_is_not_there_is_not_found(his):
    assert his.get(f"{INBOX}4711/").status_code == 404
    assert his.get(f"{INBOX}{'9' * 30}/").status_code == 404
    for deed in DEEDS:
        assert his.post(f"{INBOX}4711/{deed}/").status_code == 404


def test_the_deeds_are_forms_that_lead_back_to_the_thread(his, ravi, lata):
    message = MessageFactory(suspicion="fast")
    thread = f"{INBOX}{message.pk}/"

    def does(deed: str, **answers) -> Message:
        actions = [form.get("action") for form in visit(his, thread).all(".//form")]
        assert f"{thread}{deed}/" in actions
        answer = his.post(f"{thread}{deed}/", answers)
        assert answer["Location"] == thread
        message.refresh_from_db()
        return message

    assert does("trust").suspicion == ""
    assert does("open").status == "open"
    assert does("assign", to=lata.pk).assigned_to == lata
    assert does("note", text="Ask the office.").lines.count() == 1
    assert does("answer", text="We ask.", seen=0).status == "answered"
    assert does("close").status == "closed"
    assert does("reopen").status == "open"
    assert does("assign", to="").assigned_to is None


def test_an_answer_sent_seven_times_is_one(his, message):
    thread = f"{INBOX}{message.pk}/"
    form = visit(his, thread).one(f".//form[@action='{thread}answer/']")
    hidden = {it.get("name"): it.get("value") for it in form.iter("input")}
    for _ in range(7):
        assert his.post(f"{thread}answer/", hidden | {"text": "Yes."})["Location"] == thread
    assert message.answers().count() == 1
    assert len(mail.outbox) == 1
    for _ in range(7):
        his.post(f"{thread}note/", {"text": "Hm.", "once": "n" * 22})
    assert message.lines.count() == 2


@pytest.mark.parametrize(
    ("deed", "answers", "link"),
    [
        ("answer", {"text": "", "seen": 0}, "#answer_text"),
        ("answer", {"text": "a\0b", "seen": 0}, "#answer_text"),
        ("answer", {"text": "x" * 100_000, "seen": 0}, "#answer_text"),
        ("answer", {"text": "Yes.", "seen": "many"}, "#answer_seen"),
        ("note", {"text": " "}, "#note_text"),
        ("assign", {"to": "nobody"}, "#assign_to"),
    ],
)
def test_a_wrong_form_comes_back_with_what_was_typed(his, message, deed, answers, link):
    answer = his.post(f"{INBOX}{message.pk}/{deed}/", answers)
    page = Page(answer)
    assert answer.status_code == 422
    assert page.title.startswith("Error:")
    assert page.links(".//*[@role='alert']") == [link]
    assert not message.lines.exists()
    assert mail.outbox == []
    if answers.get("text") == "Yes.":
        assert page.one(".//textarea[@id='answer_text']").text.strip() == "Yes."


def test_nobody_outside_the_team_can_be_chosen(his, message, asha):
    assert his.post(f"{INBOX}{message.pk}/assign/", {"to": asha.pk}).status_code == 422
    options = visit(his, f"{INBOX}{message.pk}/").all(".//select[@id='assign_to']/option")
    assert [option.text for option in options] == ["Nobody yet", "ravi"]


def test_two_who_answer_at_once_both_keep_their_words(his, message, lata):
    thread = f"{INBOX}{message.pk}/"
    message.answer("Yes, from Lata.", by=lata, seen=0)
    answer = his.post(f"{thread}answer/", {"text": "No.", "seen": 0, "once": "a" * 22})
    page = Page(answer)
    assert answer.status_code == 409
    assert "Somebody else answered meanwhile" in page.words
    assert "Yes, from Lata." in page.words
    assert page.one(".//textarea[@id='answer_text']").text.strip() == "No."
    assert message.answers().count() == 1
    seen = page.one(".//input[@id='answer_seen']").get("value")
    his.post(f"{thread}answer/", {"text": "No.", "seen": seen, "once": "a" * 22})
    assert [line.text for line in message.answers()] == ["Yes, from Lata.", "No."]


def test_what_people_write_stays_text(his, client):
    message = MessageFactory(
        subject="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>", name="<b>x</b>"
    )
    for page in (f"{INBOX}{message.pk}/", INBOX, f"/contact/{message.code}/"):
        html = his.get(page).content.decode()
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "<b>x" not in html


def test_where_staff_need_a_second_proof_the_inbox_does_as_well(his, message, settings):
    settings.REQUIRE_STAFF_MFA = True
    for page in (INBOX, f"{INBOX}{message.pk}/"):
        assert his.get(page)["Location"] == "/accounts/2fa/"
