"""The pages of the states leave room for the passport and know nothing of it."""

import pytest

from passport.models import Stamp
from passport.tests.factories import PersonFactory, StampFactory
from pocket.testing import HTMX
from states.tests.visiting import Page, visit, words

pytestmark = pytest.mark.django_db


def test_strangers_get_one_kept_page_with_a_link_and_no_cookie(door):
    for _ in range(2):
        answer = door("/states/kerala/")
        assert answer["Set-Cookie"] is None
        assert answer["Cache-Control"].startswith("public")
        assert 'href="/passport/kerala/"' in answer.text
        assert "<form method=" not in answer.text.partition("<main")[2]


@pytest.mark.usefixtures("kept")
def test_members_find_their_buttons_there(hers):
    page = visit(hers, "/states/kerala/")
    marks = page.one(".//div[@id='marks-kerala']")
    assert [b.get("aria-pressed") for b in marks.findall(".//button")] == ["false", "false"]
    for form in marks.findall("form"):
        assert form.find("input[@name='csrfmiddlewaretoken']") is not None
        assert form.find("input[@name='on']").get("value") == "state"
    assert page.response["Cache-Control"] == "private, no-store"


@pytest.mark.usefixtures("kept")
def test_members_see_there_what_they_marked(hers, asha, ravi):
    StampFactory(person=asha, year=2019)
    StampFactory(person=ravi, on="goa", year=1987)
    assert "Visited 2019" in words(visit(hers, "/states/kerala/").one(".//div[@id='marks-kerala']"))
    assert "1987" not in words(visit(hers, "/states/goa/").one(".//div[@id='marks-goa']"))


@pytest.mark.usefixtures("kept")
def test_htmx_gets_the_buttons_and_a_toast(hers, asha):
    answer = hers.post("/passport/kerala/visited/", {"on": "state"}, headers=HTMX)
    page = Page(answer)
    assert page.one(".//button[@id='visited-kerala']").get("aria-pressed") == "true"
    assert page.all(".//li") == []
    assert "Keralam is marked as visited." in page.words
    assert Stamp.objects.of(asha).count() == 1


@pytest.mark.usefixtures("kept")
def test_the_buttons_cost_one_query(hers, django_assert_num_queries):
    hers.get("/states/kerala/")
    with django_assert_num_queries(4):  # session, person, notices, stamp
        hers.get("/states/kerala/")


def test_members_find_their_passport_from_every_page(client):
    assert "/passport/" not in visit(client, "/about/").links()
    client.force_login(PersonFactory())
    assert "/passport/" in visit(client, "/about/").links()
