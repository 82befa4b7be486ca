"""The queue: what waits, who looks at it, what is decided, and what is taken back."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import set_up
from audit.models import Entry
from blog.models import Comment, Report
from blog.tests.comment_factories import MemberFactory, say, shown
from blog.tests.factories import story
from contact.tests.factories import MessageFactory
from dashboard.models import Claim, Decision
from dashboard.review_models import NotYoursError
from dashboard.tasks import forget_decisions
from notices.models import Notice
from pocket.testing import HTMX
from states.tests.visiting import Page, visit, words

pytestmark = pytest.mark.django_db

REVIEW = "/dashboard/review/"
FACT = {"state_name": "Kerala", "label": "Literacy rate", "shown": "94 %", "year": 2011}


@pytest.fixture
def post():
    return story("monsoon", byline="Pocket editors")


@pytest.fixture
def asha():
    return MemberFactory(username="asha")


@pytest.fixture
def ravi():
    return MemberFactory(username="ravi")


@pytest.fixture
def meena(somebody):
    return somebody("meena", "Moderator")


@pytest.fixture
def lata(somebody):
    return somebody("lata", "Moderator")


@pytest.fixture
def hers(meena):
    return signed_in(meena)


@pytest.fixture
def others(lata):
    return signed_in(lata)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def may(person, *names: str) -> User:
    codenames = [name.partition(".")[2] for name in names]
    person.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return User.objects.get(pk=person.pk)


def reported(post, body: str, *, by, reporter, reason=Report.Reason.INSULT) -> Comment:
    comment = shown(post, body, by=by)
    comment.report(by=reporter, reason=reason, words="Look at it.")
    comment.refresh_from_db()
    return comment


def page_of(thing) -> str:
    return f"{REVIEW}{thing._meta.model_name}/{thing.pk}/"


def waits_since(thing, minutes: float) -> None:
    field = "queued_at" if isinstance(thing, Comment) else "sent_at"
    at = timezone.now() - timedelta(minutes=minutes)
    type(thing).objects.filter(pk=thing.pk).update(**{field: at})


def kinds(page: Page) -> list[str]:
    """The chips of each item, in the order of the list."""
    items = page.all(".//li[@data-item]")
    return [
        ", ".join(words(it) for it in item.iter("span") if "chip" in it.get("class", ""))
        for item in items
    ]


def ticks(page: Page) -> list[str]:
    return [box.get("value") for box in page.all(".//li[@data-item]//input[@name='item']")]


@pytest.fixture
def four(post, asha, ravi):
    """One of each kind, the oldest first."""
    made = [
        MessageFactory(subject="Too old a figure", fact=FACT),
        reported(post, "You fool.", by=ravi, reporter=asha),
        MessageFactory(subject="A bridge is missing", suspicion="fast"),
        say(post, "My first words.", by=asha),
    ]
    for at, thing in enumerate(made):
        waits_since(thing, 60 - at)
    return made


# --- Who may -----------------------------------------------------------------------------------


def test_strangers_log_in_and_editors_find_nothing(client, four, somebody):
    editor = signed_in(somebody("esha", "Editor"))
    message, comment = four[0], four[1]
    pages = [REVIEW, f"{REVIEW}decided/", f"{REVIEW}next/", page_of(message), page_of(comment)]
    for page in pages:
        assert client.get(page)["Location"] == f"/accounts/login/?next={page}"
        assert editor.get(page).status_code == 404
    deeds = [f"{page_of(it)}{deed}/" for it in (message, comment) for deed in ("claim", "release")]
    deeds += [f"{page_of(it)}{deed}/" for it in (message, comment) for deed in ("approve",)]
    deeds += [f"{page_of(it)}refuse/" for it in (message, comment)]
    deeds += [f"{REVIEW}approve/", f"{REVIEW}refuse/", f"{REVIEW}decided/1/undo/", f"{REVIEW}keys/"]
    for deed in deeds:
        assert client.post(deed)["Location"].startswith("/accounts/login/?next=/dashboard/review/")
        assert editor.post(deed).status_code == 404
    assert not Decision.objects.exists()
    assert not Claim.objects.exists()


def test_each_right_opens_its_own_kinds(four, somebody):
    message, comment = four[0], four[1]
    talks = signed_in(may(somebody("tara"), "blog.moderate_comment"))
    assert kinds(visit(talks, REVIEW)) == [
        "Reported comment, It attacks or insults somebody",
        "Comment, first comment",
    ]
    assert talks.get(page_of(message)).status_code == 404
    assert talks.post(f"{page_of(message)}approve/", {"version": 1}).status_code == 404
    answers = signed_in(may(somebody("anil"), "contact.answer_message"))
    assert [it.split(",")[0] for it in kinds(visit(answers, REVIEW))] == ["Correction", "Message"]
    assert answers.get(page_of(comment)).status_code == 404
    tick = f"comment.{comment.pk}.{comment.version}"
    page = Page(answers.post(f"{REVIEW}approve/", {"item": tick}))
    assert "not for you to decide" in page.words
    assert not Decision.objects.exists()
    chosen = [it.get("value") for it in visit(answers, REVIEW).all(".//select[@name='kind']/*")]
    assert chosen == ["", "correction", "message"]


# --- The list ----------------------------------------------------------------------------------


def test_all_kinds_stand_in_one_list_the_oldest_first(hers, four):
    page = visit(hers, REVIEW)
    assert kinds(page) == [
        "Correction, Nobody has read it yet",
        "Reported comment, It attacks or insults somebody",
        "Message, It was sent faster than a person writes.",
        "Comment, first comment",
    ]
    for told in ("Kerala, Literacy rate: 94 %", "You fool.", "Look at it.", "My first words."):
        assert told in page.words
    assert page.response["Cache-Control"] == "no-store"


def test_what_is_done_or_hidden_does_not_wait(hers, post, asha, meena):
    MessageFactory(status="open")
    MessageFactory(closed=True)
    shown(post, "All is well.", by=asha)
    assert "Nothing waits." in visit(hers, REVIEW).words


EVERYTHING = ["Correction", "Reported comment", "Message", "Comment"]
FILTERED = {
    "kind=comment": ["Comment"],
    "kind=report": ["Reported comment"],
    "kind=correction": ["Correction"],
    "kind=message": ["Message"],
    "reason=first": ["Comment"],
    "reason=insult": ["Reported comment"],
    "reason=advert": [],
    "reason=fresh": ["Correction"],
    "reason=fast": ["Message"],
    "kind=message&reason=first": [],
    "kind=nonsense": EVERYTHING,
    "kind=%E0%A4%95&reason=1": EVERYTHING,
    "after=nonsense": EVERYTHING,
    "before=1.message.x": EVERYTHING,
    "after=1.message.99999999999999999999999": EVERYTHING,
    "after=99999999999999999.comment.1": EVERYTHING,
    "after=99999999999999999.message.1": [],
}


def test_the_filters_leave_what_they_say(hers, four):
    for query, found in FILTERED.items():
        page = visit(hers, f"{REVIEW}?{query}")
        assert [it.split(",")[0] for it in kinds(page)] == found, query
        said = any(it.startswith("Kind: Select a valid choice.") for it in page.notices)
        assert said == (found == EVERYTHING and "kind" in query), query


def test_pages_follow_each_other_across_kinds_without_a_gap(hers, post, asha):
    for at in range(14):
        comment = say(post, f"Words number {at}.", by=asha)
        waits_since(comment, 100 - at)
        comment.refresh_from_db()
        # The same moment as the comment: the kind decides, then the key.
        MessageFactory(sent_at=comment.queued_at)
    first = visit(hers, REVIEW)
    second = visit(hers, REVIEW + first.one(".//a[@rel='next']").get("href"))
    assert (len(ticks(first)), len(ticks(second))) == (20, 8)
    assert len({*ticks(first), *ticks(second)}) == 28
    back = visit(hers, REVIEW + second.one(".//a[@rel='prev']").get("href"))
    assert ticks(back) == ticks(first)
    assert kinds(first)[:2] == ["Comment, first comment", "Message, Nobody has read it yet"]


def test_the_list_costs_the_same_at_any_length(
    hers, post, asha, ravi, meena, django_assert_max_num_queries
):
    costs = []
    hers.get(REVIEW)
    for start in (0, 4):
        for at in range(start, start + 4):
            reported(post, f"Fool number {at}.", by=ravi, reporter=asha)
            Claim.take(say(post, f"See https://x.example/{at}", by=asha), by=meena)
            MessageFactory(fact=FACT)
        with django_assert_max_num_queries(18) as asked:
            hers.get(REVIEW)
        costs.append(len(asked))
    assert costs[0] == costs[1]


# --- Claims ------------------------------------------------------------------------------------


def test_others_see_who_claimed_an_item_and_cannot_decide_it(hers, others, four, meena):
    comment = four[3]
    there = hers.post(f"{page_of(comment)}claim/")
    assert there["Location"] == page_of(comment)
    assert any("You look at it" in it for it in visit(hers, page_of(comment)).notices)
    assert "meena looks at it, until" in visit(others, REVIEW).words
    for deed in ("claim", "approve"):
        second = others.post(f"{page_of(comment)}{deed}/", {"version": comment.version})
        assert second.status_code == 409
        assert "meena looks at it" in Page(second).words
    sent = {"version": comment.version, "reason": "My words."}
    second = others.post(f"{page_of(comment)}refuse/", sent)
    assert second.status_code == 409
    assert Page(second).one(".//textarea[@name='reason']").text.strip() == "My words."
    assert Entry.objects.of_action("dashboard.claimed").by(meena).count() == 1


def test_a_claim_falls_off_and_can_be_given_back(hers, four, meena, lata):
    comment = four[3]
    Claim.take(comment, by=meena)
    with pytest.raises(NotYoursError):
        Claim.take(comment, by=lata)
    Claim.objects.update(until=timezone.now())
    assert Claim.take(comment, by=lata).by == lata
    assert not Claim.give_back(comment, by=meena)
    assert Claim.give_back(comment, by=lata)
    Claim.take(comment, by=meena)
    assert hers.post(f"{page_of(comment)}release/")["Location"] == REVIEW
    assert not Claim.objects.exists()


# --- Deciding ----------------------------------------------------------------------------------


def test_a_comment_is_published_and_the_next_one_comes(hers, four, meena):
    _correction, report, message, comment = four
    sent = {"version": report.version}
    there = hers.post(f"{page_of(report)}approve/", sent)
    assert there["Location"] == page_of(message)
    report.refresh_from_db()
    assert (report.status, report.queued_at) == ("shown", None)
    last = hers.post(f"{page_of(comment)}approve/?kind=comment", {"version": comment.version})
    assert last["Location"] == f"{REVIEW}?kind=comment"  # of that kind it was the last
    comment.refresh_from_db()
    assert comment.status == "shown"
    told = visit(hers, f"{REVIEW}decided/").words
    assert told.count("meena approved it on") == 2


def test_after_the_last_comes_the_first(hers, four):
    comment = four[3]
    there = hers.post(f"{page_of(comment)}approve/", {"version": comment.version})
    assert there["Location"] == page_of(four[0])
    ahead = f"{REVIEW}next/?after={place(hers, four[0])}"
    assert hers.get(ahead)["Location"] == page_of(four[1])
    back = f"{REVIEW}next/?before={place(hers, four[2])}"
    assert hers.get(back)["Location"] == page_of(four[1])
    nothing = hers.get(f"{REVIEW}next/?reason=advert")
    assert nothing["Location"] == f"{REVIEW}?reason=advert"


def place(client, thing) -> str:
    link = visit(client, page_of(thing)).one(".//a[@data-key='j']").get("href")
    return link.partition("after=")[2]


def test_what_somebody_else_looks_at_is_not_the_next(hers, four, lata):
    Claim.take(four[1], by=lata)
    there = hers.post(f"{page_of(four[0])}approve/", {"version": 1})
    assert there["Location"] == page_of(four[2])


def test_who_works_by_claims_has_the_next_one_too(hers, four, meena):
    Claim.take(four[0], by=meena)
    hers.post(f"{page_of(four[0])}approve/", {"version": 1})
    claim = Claim.objects.get()
    assert (claim.key, claim.by) == (str(four[1].pk), meena)


def test_htmx_gets_the_next_item_and_its_address(hers, four):
    correction, report = four[:2]
    answer = hers.post(f"{page_of(correction)}approve/", {"version": 1}, headers=HTMX)
    assert answer.status_code == 200
    assert answer["HX-Push-Url"] == page_of(report)
    html = answer.content.decode()
    assert "<html" not in html
    assert "You fool." in html
    assert "The message is open in the inbox." in html
    wrong = hers.post(f"{page_of(report)}refuse/", {"version": report.version}, headers=HTMX)
    assert wrong.status_code == 422
    assert wrong.content.decode().count('id="item"') == 1


def test_a_refusal_has_a_reason_that_its_author_reads(hers, four, asha):
    comment = four[3]
    wrong = hers.post(f"{page_of(comment)}refuse/", {"version": comment.version, "reason": " "})
    assert wrong.status_code == 422
    assert Page(wrong).title.startswith("Error:")
    sent = {"version": comment.version, "reason": "It says nothing."}
    assert hers.post(f"{page_of(comment)}refuse/", sent).status_code == 302
    comment.refresh_from_db()
    assert (comment.status, comment.reason) == ("refused", "It says nothing.")
    assert "It says nothing." in Notice.objects.get(person=asha).line


def test_a_refused_message_is_answered_with_the_reason_and_closed(
    hers, four, django_capture_on_commit_callbacks
):
    correction = four[0]
    with django_capture_on_commit_callbacks(execute=True):
        hers.post(f"{page_of(correction)}refuse/", {"version": 1, "reason": "The census says so."})
    correction.refresh_from_db()
    assert correction.status == "closed"
    assert correction.answers().get().text == "The census says so."
    assert "The census says so." in mail.outbox[-1].body


def test_nobody_is_answered_who_seems_to_be_a_machine(
    hers, four, django_capture_on_commit_callbacks
):
    suspicious = four[2]
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        hers.post(f"{page_of(suspicious)}refuse/", {"version": 1, "reason": "Advertising."})
    suspicious.refresh_from_db()
    assert (suspicious.status, suspicious.answers().count()) == ("closed", 0)
    assert suspicious.lines.get().text == "Advertising."
    assert not mail.outbox


def test_an_approved_message_is_open_in_the_inbox_and_trusted(hers, four):
    suspicious = four[2]
    hers.post(f"{page_of(suspicious)}approve/", {"version": 1})
    suspicious.refresh_from_db()
    assert (suspicious.status, suspicious.suspicion) == ("open", "")


def test_the_second_is_told_who_decided_what(hers, others, four):
    message, comment = four[0], four[3]
    hers.post(f"{page_of(comment)}refuse/", {"version": comment.version, "reason": "Rude."})
    second = others.post(f"{page_of(comment)}approve/", {"version": comment.version})
    assert second.status_code == 409
    assert re.search("meena refused the comment by asha on .*Reason: Rude.", Page(second).words)
    hers.post(f"{page_of(message)}approve/", {"version": 1})
    late = {"version": 1, "reason": "Words of mine."}
    second = others.post(f"{page_of(message)}refuse/", late)
    assert second.status_code == 409
    told = Page(second).words
    assert "Nothing was changed: meena approved it on" in told
    assert "Words of mine." in told
    assert not message.lines.exists()
    assert Decision.objects.count() == 2


def test_a_message_that_the_inbox_took_is_not_decided_again(hers, four, lata):
    four[0].open(by=lata)
    second = hers.post(f"{page_of(four[0])}approve/", {"version": 1})
    assert second.status_code == 409
    assert "The message is in the inbox: open." in Page(second).words


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_decides_and_one_claims(at_once, states_loaded):
    set_up()
    post = story("monsoon", byline="Pocket editors")
    comment = say(post, by=MemberFactory(username="asha"))
    people = []
    for name in ("meena", "lata"):
        person = MemberFactory(username=name)
        person.give_role("Moderator", by=None)
        people.append(User.objects.get(pk=person.pk))

    def deed(address: str):
        askers = people.copy()

        def once() -> int:
            return signed_in(askers.pop()).post(address, {"version": 1}).status_code

        return once

    message = MessageFactory()
    claimed = at_once(deed(f"{page_of(message)}claim/"), 2)
    decided = at_once(deed(f"{page_of(comment)}approve/"), 2)
    assert (sorted(claimed), sorted(decided)) == ([302, 409], [302, 409])


def test_what_was_edited_meanwhile_is_looked_at_again(hers, four):
    comment = four[3]
    seen = comment.version
    comment.edit("Softer words.", by=comment.author)
    late = hers.post(f"{page_of(comment)}refuse/", {"version": seen, "reason": "Harsh."})
    assert late.status_code == 409
    page = Page(late)
    assert "the comment was edited meanwhile. Please look again." in page.words
    assert "Softer words." in page.words
    assert "My first words." in page.words
    assert page.one(".//textarea[@name='reason']").text.strip() == "Harsh."
    again = {"version": comment.version, "reason": "Harsh."}
    assert hers.post(f"{page_of(comment)}refuse/", again).status_code == 302


def test_a_broken_form_decides_nothing(hers, four):
    for version in ("", "x", "²", "9" * 30):
        answer = hers.post(f"{page_of(four[3])}approve/", {"version": version})
        assert answer.status_code == 409
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "thing", [f"message/{10**30}/", "comment/00000000-0000-0000-0000-000000000000/"]
)
def test_what_is_not_there_is_missing(hers, thing):
    assert hers.get(REVIEW + thing).status_code == 404
    assert hers.post(f"{REVIEW}{thing}approve/").status_code == 404


# --- Many at once ------------------------------------------------------------------------------


def test_many_are_decided_and_each_result_is_told(hers, four, lata):
    _correction, report, _suspicious, comment = four
    Claim.take(report, by=lata)
    page = visit(hers, REVIEW)
    sent = {"item": ticks(page), "reason": "Not here."}
    results = Page(hers.post(f"{REVIEW}refuse/", sent))
    assert "3 of 4 are decided." in results.words
    assert "lata looks at it" in results.words
    told = [words(row) for row in results.all(".//ul[@class='rows']/li")]
    assert [("sender got" in row, "author reads" in row) for row in told] == [
        (True, False),
        (False, False),
        (False, False),
        (False, True),
    ]
    comment.refresh_from_db()
    report.refresh_from_db()
    assert (comment.status, comment.reason, report.status) == ("refused", "Not here.", "shown")
    again = Page(hers.post(f"{REVIEW}approve/", {"item": sent["item"]}))
    assert "0 of 4 are decided." in again.words


def test_many_need_a_tick_and_a_refusal_a_reason(hers, four):
    assert hers.post(f"{REVIEW}approve/").status_code == 422
    tick = ticks(visit(hers, REVIEW))[:1]
    wrong = Page(hers.post(f"{REVIEW}refuse/", {"item": tick}))
    assert wrong.response.status_code == 422
    assert "Give a reason" in wrong.words
    assert len(wrong.all(".//input[@name='item'][@checked]")) == 1
    none = Page(hers.post(f"{REVIEW}refuse/", {"reason": "Kept words."}))
    assert none.response.status_code == 422
    assert none.one(".//textarea[@name='reason']").text.strip() == "Kept words."


def test_a_broken_tick_is_told_of(hers, four):
    broken = ["", "x", "comment.x.1", "message.².1", "planet.1.1", "message." + "9" * 30]
    page = Page(hers.post(f"{REVIEW}approve/", {"item": broken}))
    assert "0 of 6 are decided." in page.words
    assert not Decision.objects.exists()


# --- Undoing -----------------------------------------------------------------------------------


def test_a_refusal_is_undone_and_nobody_reads_of_it(hers, four, asha, meena):
    comment = four[3]
    since = Comment.objects.get(pk=comment.pk).queued_at
    sent = {"version": comment.version, "reason": "A slip."}
    hers.post(f"{page_of(comment)}refuse/", sent)
    undo = visit(hers, REVIEW).one(".//form[@class='notice row']").get("action")
    there = hers.post(undo)
    assert there["Location"] == page_of(comment)
    comment.refresh_from_db()
    assert (comment.status, comment.waits_for, comment.reason) == ("waiting", "first", "")
    assert (comment.queued_at, comment.decided_by, comment.decided_at) == (since, None, None)
    assert not Notice.objects.filter(person=asha).exists()
    entry = Entry.objects.about(comment).first()
    assert (entry.action, entry.actor_id) == ("blog.comment_decision_undone", str(meena.pk))
    assert hers.post(undo).status_code == 409
    assert "Undone by meena" in visit(hers, f"{REVIEW}decided/").words


def test_an_approval_is_undone_with_the_trust_that_came_of_it(hers, four, post, asha):
    comment = four[3]
    hers.post(f"{page_of(comment)}approve/", {"version": comment.version})
    Decision.objects.get().undo(by=None)
    assert say(post, "Another one.", by=asha).waits_for == "first"


def test_who_was_answered_hears_of_it_once_although_it_was_undone(hers, post, asha, ravi):
    root = shown(post, "What of the east?", by=ravi)
    reply = say(post, "It rains there too.", by=asha, to=root)
    heard = Notice.objects.filter(person=ravi, kind="reply")
    for decided in (1, 2):
        hers.post(f"{page_of(reply)}approve/", {"version": reply.version})
        assert heard.count() == 1
        root.refresh_from_db()
        assert root.answers == 1
        if decided == 1:
            Decision.objects.get().undo(by=None)
            root.refresh_from_db()
            assert (heard.count(), root.answers) == (0, 0)
            reply.refresh_from_db()


def test_settled_reports_are_open_again(hers, four):
    report = four[1]
    hers.post(f"{page_of(report)}refuse/", {"version": report.version, "reason": "Rude."})
    assert not Report.objects.open().exists()
    hers.post(f"{REVIEW}decided/{Decision.objects.get().pk}/undo/")
    assert Report.objects.open().count() == 1
    assert kinds(visit(hers, REVIEW))[1] == "Reported comment, It attacks or insults somebody"


@pytest.mark.parametrize("at", [0, 2])
def test_a_message_is_new_again_and_as_suspicious_as_before(hers, four, at):
    message = four[at]
    hers.post(f"{page_of(message)}approve/", {"version": 1})
    hers.post(f"{REVIEW}decided/{Decision.objects.get().pk}/undo/")
    status, suspicion = message.status, message.suspicion
    message.refresh_from_db()
    assert (message.status, message.suspicion) == (status, suspicion) == ("new", suspicion)
    assert Entry.objects.about(message).first().action == "contact.message_put_back"


def test_nothing_is_undone_that_went_on(hers, four, lata):
    message, comment = four[0], four[3]
    hers.post(f"{page_of(message)}approve/", {"version": 1})
    message.note("I call them.", by=lata)
    hers.post(f"{page_of(comment)}approve/", {"version": comment.version})
    comment.refresh_from_db()
    comment.edit("Other words.", by=comment.author)
    for decision in Decision.objects.all():
        answer = hers.post(f"{REVIEW}decided/{decision.pk}/undo/")
        assert answer.status_code == 409
        assert "something else was done about it since" in Page(answer).words
    message.refresh_from_db()
    assert message.status == "open"
    assert Decision.objects.standing().count() == 2


def test_undoing_is_offered_for_a_moment_and_later_from_the_log(hers, four, client):
    comment = four[3]
    hers.post(f"{page_of(comment)}approve/", {"version": comment.version})
    offered = ".//form[@class='notice row']"
    assert visit(hers, page_of(four[0])).one(offered) is not None
    Decision.objects.update(at=timezone.now() - timedelta(seconds=31))
    assert not visit(hers, page_of(four[0])).all(offered)
    decision = Decision.objects.get()
    client.force_login(User.objects.create_superuser("kavya", "kavya@pocket.example"))
    undo = f"/dashboard/review/decided/{decision.pk}/undo/"
    entry = visit(client, f"/dashboard/log/{decision.entry}/")
    assert "blog.comment_approved" in entry.words
    assert undo in [form.get("action") for form in entry.all(".//form")]
    assert client.post(undo).status_code == 302
    left = visit(client, f"/dashboard/log/{decision.entry}/")
    assert undo not in [form.get("action") for form in left.all(".//form")]


def test_who_may_not_decide_cannot_undo(hers, four, somebody):
    hers.post(f"{page_of(four[0])}approve/", {"version": 1})
    talks = signed_in(may(somebody("tara"), "blog.moderate_comment"))
    assert talks.post(f"{REVIEW}decided/{Decision.objects.get().pk}/undo/").status_code == 404
    assert talks.post(f"{REVIEW}decided/{10**30}/undo/").status_code == 404
    assert Decision.objects.standing().exists()


# --- Words and keys ----------------------------------------------------------------------------


def test_a_reason_outlives_the_log_out(client, four, meena):
    for address, page in (
        (f"{page_of(four[3])}refuse/", page_of(four[3])),
        (f"{REVIEW}refuse/", REVIEW),
    ):
        away = client.post(address, {"reason": "Long thought of.", "version": "1"})
        assert away["Location"] == f"/accounts/login/?next={page}"
        client.force_login(meena)
        assert (
            visit(client, page).one(".//textarea[@name='reason']").text.strip()
            == "Long thought of."
        )
        client.logout()


def test_a_reason_outlives_an_old_token(four, meena):
    client = Client(enforce_csrf_checks=True)
    client.force_login(meena)
    back = client.post(f"{page_of(four[3])}refuse/", {"reason": "Kept.", "version": "1"})
    assert back["Location"] == page_of(four[3])
    assert (
        visit(client, page_of(four[3])).one(".//textarea[@name='reason']").text.strip() == "Kept."
    )


def test_the_keys_are_listed_and_can_be_switched_off(hers, four):
    panel = ".//details[@id='review-keys']"
    assert "data-keys" in visit(hers, REVIEW).one(panel).attrib
    hers.post(f"{REVIEW}keys/")
    for page in (REVIEW, page_of(four[0])):
        assert "data-keys" not in visit(hers, page).one(panel).attrib
    hers.post(f"{REVIEW}keys/")
    assert "data-keys" in visit(hers, REVIEW).one(panel).attrib
    assert len((Path(settings.BASE_DIR) / "static/js/review.js").read_text().splitlines()) < 60


def test_decisions_and_claims_are_forgotten_in_the_end(post, asha, ravi, meena):
    old, new = say(post, "Old.", by=asha), say(post, "New.", by=ravi)
    for comment in (old, new):
        Claim.take(comment, by=meena)
    Decision.make(old, "refused", version=old.version, by=meena, reason="About Asha.")
    Decision.make(new, "refused", version=new.version, by=meena, reason="About Ravi.")
    Decision.objects.filter(key=str(old.pk)).update(at=timezone.now() - timedelta(days=31))
    waits = say(post, "Waits.", by=MemberFactory())
    Claim.take(waits, by=meena)
    forget_decisions.call()
    assert [decision.reason for decision in Decision.objects.all()] == ["About Ravi."]
    assert Claim.objects.count() == 1
    Claim.objects.update(until=timezone.now() - timedelta(minutes=1))
    forget_decisions.call()
    assert not Claim.objects.exists()
