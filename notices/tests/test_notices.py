"""What the site tells people, on its page, in the header and by mail."""

from datetime import timedelta
from email import policy

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notices import kinds, mailing, personal, unsubscribing
from notices.models import Notice
from notices.tasks import forget_old_notices

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", {})
    kinds.register(kinds.Kind("rain", "%(who)s saw rain in “%(where)s”."))


@pytest.fixture
def asha(db):
    return User.objects.create_user("asha", "asha@pocket.example")


@pytest.fixture
def ravi(db):
    return User.objects.create_user("ravi", "ravi@pocket.example")


@pytest.fixture
def hers(asha, sign_in):
    return sign_in(asha)


def tell(person, by=None, where="Goa", link="/states/goa/") -> Notice:
    return Notice.objects.tell(person, "rain", link=link, by=by, where=where)


def text(answer) -> str:
    return answer.content.decode()


def test_a_notice_is_a_sentence_with_a_way_to_what_happened(hers, asha, ravi):
    notice = tell(asha, by=ravi)
    assert "ravi saw rain in “Goa”." in text(hers.get("/notices/"))
    answer = hers.post(f"/notices/{notice.pk}/open/")
    assert answer.url == "/states/goa/"
    notice.refresh_from_db()
    assert notice.is_read


def test_what_people_wrote_is_never_html(hers, asha, ravi):
    ravi.shown_name = "<script>alert(1)</script>"
    ravi.save()
    tell(asha, by=ravi, where="<b>Goa</b> 50 % %(who)s")
    page = text(hers.get("/notices/"))
    assert "<script>alert(1)" not in page
    assert "&lt;b&gt;Goa&lt;/b&gt; 50 % %(who)s" in page


def test_who_left_has_no_name_in_old_notices(hers, asha, ravi):
    tell(asha, by=ravi)
    ravi.remove(by=ravi)
    assert "a deleted member saw rain" in text(hers.get("/notices/"))
    User.objects.filter(pk=ravi.pk).delete()
    assert "a deleted member saw rain" in text(hers.get("/notices/"))


def test_a_kind_that_is_gone_breaks_no_page(hers, asha):
    tell(asha)
    Notice.objects.update(kind="snow")
    assert hers.get("/notices/").status_code == 200
    with pytest.raises(ValueError, match="snow"):
        Notice.objects.tell(asha, "snow", link="/")


def test_nobody_opens_anothers(hers, asha, ravi):
    notice = tell(ravi)
    assert hers.post(f"/notices/{notice.pk}/open/").status_code == 404
    assert hers.post(f"/notices/{10**30}/open/").status_code == 404
    assert hers.get(f"/notices/{notice.pk}/open/").status_code == 405
    notice.refresh_from_db()
    assert not notice.is_read
    assert "saw rain" not in text(hers.get("/notices/"))


def test_the_header_counts_until_all_are_read(hers, asha):
    assert "bar__count" not in text(hers.get("/about/"))
    for _ in range(3):
        tell(asha)
    assert "3 new notices" in text(hers.get("/about/"))
    assert hers.post("/notices/read/").url == "/notices/"
    assert "bar__count" not in text(hers.get("/about/"))
    assert hers.post("/notices/read/").status_code == 302


def test_the_header_counts_to_ninety_nine(hers, asha):
    Notice.objects.bulk_create(
        Notice(person=asha, kind="rain", link="/", words={"where": "Goa"}) for _ in range(105)
    )
    assert "99+ new notices" in text(hers.get("/about/"))


def test_the_count_costs_visitors_nothing_and_members_one_query(
    client, asha, ravi, django_assert_num_queries
):
    with django_assert_num_queries(0):
        client.get("/about/")
    client.force_login(ravi)
    client.get("/about/")
    with django_assert_num_queries(3) as asked:  # session, person, count
        client.get("/about/")
    assert sum("notices_notice" in it["sql"] for it in asked) == 1


def test_the_list_has_pages_and_costs_the_same_at_any_length(
    hers, asha, ravi, django_assert_max_num_queries
):
    costs = []
    hers.get("/notices/")
    for _ in range(2):
        for _ in range(40):
            tell(asha, by=ravi)
        with django_assert_max_num_queries(8) as asked:
            page = text(hers.get("/notices/"))
        costs.append(len(asked))
    assert costs[0] == costs[1]
    assert page.count("saw rain") == 50
    assert 'rel="next"' in page


def test_old_notices_are_forgotten(asha):
    kept, read, old = tell(asha), tell(asha), tell(asha)
    now = timezone.now()
    Notice.objects.filter(pk=read.pk).update(read_at=now - timedelta(days=91))
    Notice.objects.filter(pk=old.pk).update(made_at=now - timedelta(days=366))
    forget_old_notices.enqueue()
    assert list(Notice.objects.all()) == [kept]


def test_the_export_has_them(asha, ravi):
    tell(asha, by=ravi)
    [told] = personal.of(asha)["notices"]
    assert "ravi" not in str(told)
    assert told["read_at"] is None


# --- Mail ---------------------------------------------------------------------------------------


def write(person, kind="news") -> bool:
    return mailing.write_to(person, kind, "blog/email/approval", comment=None, link="/")


def test_a_mail_has_the_way_out_in_its_headers_and_its_text(asha, mailoutbox, settings):
    asha.mail = {"news": True}
    assert write(asha)
    [sent] = mailoutbox
    address = sent.extra_headers["List-Unsubscribe"].strip("<>")
    person, kind = unsubscribing.read(address.split("/")[-2])
    assert (person, kind.slug) == (str(asha.pk), "news")
    assert sent.to == ["asha@pocket.example"]
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert address in sent.body
    assert address.startswith(settings.SITE_URL + "/notices/unsubscribe/")


def test_a_mail_program_finds_the_way_out_in_what_goes_over_the_wire(asha, mailoutbox, settings):
    settings.SITE_URL = f"https://{'a-long-name.' * 5}pocket.example"
    asha.mail = {"news": True}
    write(asha)
    sent = mailoutbox[0].message(policy=policy.SMTP).as_bytes()
    address = mailoutbox[0].extra_headers["List-Unsubscribe"]
    assert f"\r\nList-Unsubscribe: {address}\r\n".encode() in sent
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in sent


def test_who_does_not_want_it_gets_none(asha, mailoutbox):
    assert not write(asha)
    asha.mail = {"news": True}
    asha.is_active = False
    assert not write(asha)
    assert not mailoutbox


def test_nobody_gets_mail_at_an_address_that_was_never_proved(asha, settings, mailoutbox):
    settings.VERIFY_EMAIL = True
    asha.mail = {"news": True}
    assert not write(asha)
    asha.emailaddress_set.create(email=asha.email, verified=True, primary=True)
    assert write(asha)


def test_nobody_is_flooded(asha, mailoutbox):
    asha.mail = {"news": True}
    for _ in range(25):
        write(asha)
    assert len(mailoutbox) == mailing.MOST.most


@pytest.fixture
def link(asha):
    asha.mail = {"news": True}
    asha.save()
    return unsubscribing.address(asha, "news").removeprefix("http://127.0.0.1:8000")


def test_looking_at_the_link_changes_nothing(client, asha, link):
    page = client.get(link)
    assert "Stop these mails" in text(page)
    assert "News about Pocket" in text(page)
    assert not page.cookies
    asha.refresh_from_db()
    assert asha.wants_mail("news")


@pytest.mark.parametrize("body", [{"List-Unsubscribe": "One-Click"}, {}])
def test_one_click_without_log_in_stops_that_kind(asha, link, body):
    client = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = client.post(link, body)
        assert answer.status_code == 200
        assert "You get no more mails of this kind" in text(answer)
    asha.refresh_from_db()
    assert not asha.wants_mail("news")
    assert asha.wants_mail("security")


def test_the_safety_of_an_account_cannot_be_switched_off(client, asha):
    client.post(f"/notices/unsubscribe/{unsubscribing.address(asha, 'security').split('/')[-2]}/")
    asha.refresh_from_db()
    assert asha.mail == {}


def test_a_link_that_we_did_not_make_is_a_404(client, asha, link):
    from django.core import signing

    token = link.split("/")[-2]
    tokens = [token[:-1], f"x{token}", "x", signing.dumps("x", salt=unsubscribing.SALT)]
    tokens.append(signing.dumps([str(asha.pk), "adverts"], salt=unsubscribing.SALT))
    tokens.append(signing.dumps([str(asha.pk), "news"]))  # signed for something else
    for wrong in tokens:
        assert client.post(f"/notices/unsubscribe/{wrong}/").status_code == 404, wrong
    asha.refresh_from_db()
    assert asha.wants_mail("news")


def test_a_link_of_somebody_who_is_gone_harms_nobody(client, asha, link):
    asha.delete()
    assert client.post(link).status_code == 200
    assert not mail.outbox
