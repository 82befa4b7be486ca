import pytest

from accounts.models import Profile
from passport.models import Passport, Stamp
from passport.tests.factories import StampFactory, fill
from states.tests.visiting import Page, visit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]


@pytest.fixture
def his(ravi):
    """The path of the link that ravi shares, without his notes."""
    StampFactory(person=ravi, year=2019, note="The note of a diary")
    fill(ravi, wished=["bihar"])
    passport = Passport.objects.share(ravi, with_notes=False)
    return f"/passport/shared/{passport.code}/"


def test_whoever_has_the_link_sees_the_stamps_and_the_name(client, his):
    page = visit(client, his)
    assert page.title.startswith("The passport of Ravi Das")
    assert "1 of 36 visited, 1 wished for" in page.words
    assert len([li for li in page.all(".//li") if "slot" in li.get("class", "")]) == 36
    assert "visited in 2019" in page.words


def test_a_person_without_a_name_is_shown_by_the_username(client, asha):
    passport = Passport.objects.share(asha, with_notes=False)
    assert visit(client, f"/passport/shared/{passport.code}/").title.startswith(
        "The passport of asha"
    )


def test_notes_are_shared_only_when_ticked(client, ravi, his):
    assert "diary" not in client.get(his).content.decode()
    Passport.objects.share(ravi, with_notes=True)
    assert "The note of a diary" in visit(client, his).words


def test_a_shared_passport_can_only_be_looked_at(client, hers, his):
    for reader in (client, hers):
        page = visit(reader, his)
        assert page.all(".//form[@method='post']") == []
        assert page.all(".//main//button") == []
        assert "/passport/kerala/" not in page.links()
        assert reader.post(his).status_code == 405


def test_neither_search_engines_nor_caches_keep_it(client, his):
    answer = client.get(his)
    assert answer["X-Robots-Tag"] == "noindex"
    assert answer["Cache-Control"] == "no-store"
    assert Page(answer).meta("robots") == "noindex"
    assert not answer.cookies


@pytest.mark.parametrize("code", ["x", "None", "%20", "ಕೇರಳ", "a" * 500])
def test_an_unknown_code_is_not_found(client, his, code):
    assert client.get(f"/passport/shared/{code}/").status_code == 404


def test_a_link_dies_when_sharing_ends(client, ravi, his):
    Passport.objects.unshare(ravi)
    assert client.get(his).status_code == 404
    Passport.objects.share(ravi, with_notes=False)
    assert client.get(his).status_code == 404


def test_the_link_of_a_closed_account_is_dead(client, ravi, his):
    ravi.is_active = False
    ravi.save()
    assert client.get(his).status_code == 404


def test_it_costs_the_same_however_full_it_is(client, ravi, his, django_assert_num_queries):
    client.get(his)
    with django_assert_num_queries(2):  # the passport with its person, the stamps
        client.get(his)
    Stamp.objects.of(ravi).delete()
    with django_assert_num_queries(2):
        client.get(his)


# --- The owner's side ---------------------------------------------------------------------------


def test_sharing_is_switched_on_and_off(hers, asha):
    page = visit(hers, "/passport/")
    assert "Nobody but you sees your passport." in page.words
    assert page.all(".//img[@class='qr']") == []
    assert hers.get("/passport/qr.svg").status_code == 404

    answer = hers.post("/passport/share/", {"with_notes": "on"}, follow=True)
    assert answer.redirect_chain == [("/passport/#sharing", 302)]
    passport = Passport.objects.of(asha)
    assert passport.with_notes
    page = Page(answer)
    assert passport.address in page.links()
    assert page.one(".//input[@name='with_notes']").get("checked") is not None

    hers.post("/passport/share/")
    assert Passport.objects.of(asha).code == passport.code
    assert not Passport.objects.of(asha).with_notes

    hers.post("/passport/unshare/")
    assert passport.code not in visit(hers, "/passport/").html


def test_the_qr_code_opens_the_link(hers, asha, monkeypatch):
    drawn = []
    monkeypatch.setattr("states.labels.qr_svg", lambda text: drawn.append(text) or "<svg/>")
    passport = Passport.objects.share(asha, with_notes=False)
    answer = hers.get("/passport/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cache-Control"] == "no-store"
    assert drawn == [passport.address]


# --- On the person's own page -------------------------------------------------------------------


def test_a_person_may_show_the_link_on_their_page(client, ravi, his):
    page = f"/people/{ravi.username}/"
    assert his not in client.get(page).content.decode()  # shared with whom they choose
    Profile.objects.create(user=ravi, shows_passport=True)
    assert f'<a href="{his}">My passport' in client.get(page).content.decode()
    Passport.objects.unshare(ravi)
    assert "My passport" not in client.get(page).content.decode()
