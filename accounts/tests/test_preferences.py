"""How a person wants the site: light or dark, lakh or million, which language, which mail."""

import gzip
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import mails
from accounts.models import User
from pocket.testing import HTMX
from pocket.web import numbers, pagecache
from pocket.web.numbers import Style

pytestmark = pytest.mark.django_db

PAGE = "/accounts/preferences/"
ANSWERS = {"theme": "dark", "number_style": "million", "language": "", "mail": []}


@pytest.fixture
def asha():
    return User.objects.create_user("asha", "asha@pocket.example", "a long password of hers")


@pytest.fixture
def cookie_of(settings):
    """The headers of somebody signed in, for the front door."""

    def _cookie_of(user) -> dict[str, str]:
        client = Client()
        client.force_login(user)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={key}"}

    return _cookie_of


def prefer(user, **changes) -> None:
    for name, value in changes.items():
        setattr(user, name, value)
    user.save()


# --- The page -----------------------------------------------------------------------------------


def test_preferences_are_kept_and_seen_at_once(asha, sign_in):
    client = sign_in(asha)
    assert "data-theme" not in client.get(PAGE).text
    answer = client.post(PAGE, ANSWERS | {"mail": ["news"]}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert '<html lang="en" data-theme="dark">' in answer.text
    assert "Your preferences are saved" in answer.text
    asha.refresh_from_db()
    assert (asha.theme, asha.number_style) == ("dark", "million")
    assert asha.mail == {"news": True, "replies": False, "approvals": False}
    assert asha.wants_mail("news")


def test_a_stranger_is_asked_to_log_in(client):
    for method in (client.get, client.post):
        answer = method(PAGE)
        assert answer.status_code == 302
        assert answer["Location"] == f"/accounts/login/?next={PAGE}"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("theme", "sepia"),
        ("theme", '"><script>'),
        ("theme", ""),
        ("number_style", "dozen"),
        ("language", "tlh"),
        ("mail", "security"),
        ("mail", "adverts"),
    ],
)
def test_a_choice_that_is_not_offered_is_refused_and_changes_nothing(asha, sign_in, field, value):
    answer = sign_in(asha).post(PAGE, ANSWERS | {field: value})
    assert answer.status_code == 422
    assert "<title>Error: Preferences" in answer.text
    assert f'href="#id_{field}' in answer.text
    asha.refresh_from_db()
    assert (asha.theme, asha.number_style, asha.mail) == ("system", "lakh", {})


def test_an_empty_form_is_wrong_and_not_unsent(asha, sign_in):
    assert sign_in(asha).post(PAGE).status_code == 422


def test_htmx_is_sent_on_to_a_whole_page(asha, sign_in):
    answer = sign_in(asha).post(PAGE, ANSWERS, headers=HTMX)
    assert answer["HX-Redirect"] == PAGE


def test_the_page_is_nobody_elses_to_keep(asha, sign_in):
    assert sign_in(asha).get(PAGE)["Cache-Control"] == "no-store"


# --- Rules that hold ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"theme": "sepia"},
        {"number_style": "dozen"},
        {"language": "tlh"},
        {"mail": {"security": False}},
        {"mail": {"adverts": True}},
        {"mail": {"news": "yes"}},
        {"mail": ["news"]},
    ],
)
def test_the_deed_itself_takes_nothing_unknown(asha, change):
    with pytest.raises(ValidationError):
        asha.prefer(by=asha, **(ANSWERS | {"mail": {}} | change))
    asha.refresh_from_db()
    assert (asha.theme, asha.number_style, asha.language, asha.mail) == ("system", "lakh", "", {})


@pytest.mark.parametrize("change", [{"theme": "sepia"}, {"number_style": "dozen"}])
def test_the_database_takes_nothing_unknown_either(asha, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=asha.pk).update(**change)


def test_mail_about_safety_always_comes(asha):
    asha.mail = {"security": False}
    assert asha.wants_mail("security")


def test_who_never_chose_gets_what_the_kind_says(asha, monkeypatch):
    monkeypatch.setattr(mails, "_kinds", dict(mails._kinds))
    mails.register(mails.Kind("replies", "Answers to my comments"))
    assert asha.wants_mail("replies")
    assert not asha.wants_mail("news")
    asha.mail = {"replies": False}
    assert not asha.wants_mail("replies")
    with pytest.raises(KeyError):
        asha.wants_mail("adverts")


# --- The theme ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/states/kerala/", "/about/", "/nowhere/", PAGE])
@pytest.mark.parametrize(("theme", "colour"), [("dark", "#14132a"), ("light", "#fbf6ec")])
def test_the_theme_is_in_the_page_as_it_is_sent(door, asha, cookie_of, path, theme, colour):
    prefer(asha, theme=theme)
    for headers in (cookie_of(asha), cookie_of(asha) | {"Accept-Encoding": "gzip"}):
        answer = door(path, headers=headers)
        html = _unpacked(answer)
        assert html.startswith(f'<!doctype html>\n<html lang="en" data-theme="{theme}">\n')
        assert re.findall(r'<meta name="color-scheme" content="(.*?)">', html) == [theme]
        assert re.findall(r'<meta name="theme-color" content="(.*?)"(.*?)>', html) == [(colour, "")]
        assert "no-store" in answer["Cache-Control"]
        assert "<!--hole" not in html


def test_a_kept_page_has_the_theme_of_each_reader(door, asha, cookie_of):
    ravi = User.objects.create_user("ravi", "ravi@pocket.example")
    prefer(asha, theme="dark")
    stranger = door("/about/")
    dark = door("/about/", headers=cookie_of(asha)).text
    system = door("/about/", headers=cookie_of(ravi)).text
    assert 'data-theme="dark"' in dark
    assert "data-theme" not in system + stranger.text
    assert door("/about/").body == stranger.body
    head = dark.replace(' data-theme="dark"', "").split("<meta name=")[0]
    assert head == stranger.text.split("<meta name=")[0]


def test_strangers_have_the_scheme_of_their_system_and_no_cookie(door, asha, cookie_of):
    prefer(asha, theme="dark", number_style="million")
    before = door("/states/kerala/")
    door("/states/kerala/", headers=cookie_of(asha))
    pagecache.parts.clear()
    door("/states/kerala/", headers=cookie_of(asha))
    door.app.app.shelf.clear()
    after = door("/states/kerala/")
    assert before.body == after.body
    assert before["ETag"] == after["ETag"]
    assert '<html lang="en">\n<head>' in after.text
    assert '<meta name="color-scheme" content="light dark">' in after.text
    assert after["Set-Cookie"] is None
    assert after["Cache-Control"].startswith("public")


def _unpacked(answer) -> str:
    if answer["Content-Encoding"] == "gzip":
        return gzip.decompress(answer.body).decode()
    return answer.text


# --- Numbers ------------------------------------------------------------------------------------


def test_a_reader_sees_the_figures_in_their_own_style(door, asha, cookie_of):
    prefer(asha, number_style="million")
    stranger = door("/states/karnataka/").text
    reader = door("/states/karnataka/", headers=cookie_of(asha)).text
    assert "6.11 crore" in stranger
    assert "61.1 million" in reader
    assert "crore" not in re.sub("₹ crore", "", reader)
    assert "lakh" not in reader
    assert "million" not in door("/states/karnataka/").text


def test_numbers_are_spoken_in_that_style_too(door, asha, cookie_of):
    path = "/states/rankings/population-2011/"
    prefer(asha, number_style="million")
    spoken = re.findall(r'<span class="visually-hidden">([\d a-z]+)</span>', door(path).text)
    assert "6 crore 10 lakh 95 thousand 297" in spoken
    reader = door(path, headers=cookie_of(asha)).text
    assert '<span class="visually-hidden">61 million 95 thousand 297</span>' in reader
    assert "61,095,297" in reader
    assert not re.search(r"\blakh\b|\d,\d\d,\d\d\d", reader)


def test_a_part_for_htmx_is_in_that_style(door, asha, cookie_of):
    path = "/states/compare/?s=kerala&s=bihar"
    prefer(asha, number_style="million")
    assert " crore" in door(path, headers=HTMX).text
    part = door(path, headers=HTMX | cookie_of(asha))
    assert "million" in part.text
    assert part["Cache-Control"] == "private, no-store"
    assert "million" not in door(path, headers=HTMX).text


def test_each_style_is_kept_once(door, asha, cookie_of, django_assert_num_queries):
    ravi = User.objects.create_user("ravi", "ravi@pocket.example")
    prefer(asha, number_style="million")
    for person in (asha, ravi, asha, ravi):
        door("/states/kerala/", headers=cookie_of(person))
    assert len(pagecache.parts) == 2
    headers = cookie_of(asha)
    door("/states/kerala/", headers=headers)  # the first page of a session notes that it is used
    with django_assert_num_queries(4):  # session, person, notices, stamp, as for any reader
        assert "million" in door("/states/kerala/", headers=headers).text


def test_files_are_the_same_for_all_and_cost_no_look_at_who_asks(
    door, asha, cookie_of, django_assert_num_queries
):
    prefer(asha, number_style="million")
    headers = cookie_of(asha)
    for path in ("/states/data.csv", "/states/rankings/districts.json?per=person", "/share.png"):
        stranger = door(path)
        with django_assert_num_queries(0):
            answer = door(path, headers=headers)
        assert answer.body == stranger.body
        assert answer["Cache-Control"] == stranger["Cache-Control"]


def test_a_visitor_with_a_dead_session_is_a_stranger(door):
    answer = door("/states/kerala/", headers={"Cookie": "sessionid=gone"})
    assert "crore" in door("/states/karnataka/", headers={"Cookie": "sessionid=gone"}).text
    assert "data-theme" not in answer.text


def test_the_style_ends_with_the_request(door, asha, cookie_of):
    prefer(asha, number_style="million")
    door("/states/kerala/", headers=cookie_of(asha))
    assert numbers.style() == Style.LAKH


# --- Language -----------------------------------------------------------------------------------


def test_a_chosen_language_goes_before_the_browsers(door, asha, cookie_of, settings):
    settings.LANGUAGES = [("en", "English"), ("hi", "Hindi")]
    prefer(asha, language="hi")
    for path in ("/about/", "/about/", PAGE):
        answer = door(path, headers=cookie_of(asha) | {"Accept-Language": "en"})
        assert answer["Content-Language"] == "hi"
        assert '<html lang="hi"' in answer.text
    assert door("/about/")["Content-Language"] == "en"


def test_a_language_that_the_site_no_longer_speaks_is_forgotten(door, asha, cookie_of):
    prefer(asha, language="hi")
    assert door("/about/", headers=cookie_of(asha))["Content-Language"] == "en"
