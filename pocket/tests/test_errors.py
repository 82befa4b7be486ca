"""Pages for what goes wrong: in the site's look, with the right status, and a way on."""

import pytest
from django.template import engines

from pocket.testing import HTMX
from pocket.web import errors

pytestmark = pytest.mark.django_db
BY_PAGE = [400, 403, 404, 405, 413, 415, 422, 429, 503]


@pytest.mark.parametrize("status", BY_PAGE)
def test_each_error_has_a_page_in_our_look(door, odd, status):
    answer = door(f"/odd/error/{status}/")
    assert answer.status == status
    assert answer.title == f"{errors.PAGES[status][0]} · Pocket"
    assert f'<p class="soft">{status}</p>' in answer.text
    assert '<header class="bar">' in answer.text
    assert '<a class="button plain" href="/">To the map of India</a>' in answer.text
    assert f"<code>{answer['X-Request-ID']}</code>" in answer.text
    assert '<meta name="robots" content="noindex">' in answer.text
    assert answer["Cache-Control"] == "no-store"
    assert answer["Set-Cookie"] is None


@pytest.mark.parametrize("status", BY_PAGE)
def test_htmx_gets_one_paragraph(door, odd, status):
    answer = door(f"/odd/error/{status}/", headers=HTMX)
    assert answer.status == status
    assert answer.text.startswith('<p class="trouble__message">')
    assert answer.text.count("<") == 2


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 422, 429, 503])
def test_a_bare_refusal_gets_the_page_too(door, odd, status):
    answer = door(f"/odd/bare/{status}/")
    assert answer.status == status
    assert answer.title.endswith(" · Pocket")
    assert door(f"/odd/bare/{status}/", headers=HTMX).text.count("<") == 2


@pytest.mark.parametrize("status", [200, 204, 304, 410])
def test_other_empty_answers_stay_empty(door, odd, status):
    assert door(f"/odd/bare/{status}/").body == b""


def test_whoever_was_too_fast_is_told_how_long_to_wait(door, odd):
    answer = door("/odd/error/429/")
    assert answer["Retry-After"] == "30"
    assert "You can try again in 30 seconds." in answer.text


def test_a_page_that_is_not_there_offers_a_search(door):
    answer = door("/nowhere/")
    assert answer.status == 404
    assert '<form class="filters" action="/search/" role="search">' in answer.text


@pytest.mark.parametrize(
    ("path", "way_on"),
    [
        ("/states/keralaa/", "/states/kerala/"),
        ("/states/karnatka/", "/states/karnataka/"),
        ("/states/rankings/nonsense/", "/states/rankings/"),
    ],
)
def test_a_slip_gets_a_suggestion(door, path, way_on):
    answer = door(path)
    assert answer.status == 404
    assert f'<a href="{way_on}">' in answer.text.partition("Did you mean")[2]


@pytest.mark.parametrize("path", ["/about/", "/states/", "/search/?q=a", "/health/", "/robots.txt"])
def test_a_form_sent_to_a_page_that_only_shows_gets_405(door, path):
    answer = door(path, "POST", body=b"a=1", CONTENT_TYPE="application/x-www-form-urlencoded")
    assert answer.status == 405
    assert answer["Allow"] == "GET, HEAD"
    assert answer.title == "That is not how this page works · Pocket"


def test_a_form_without_its_token_gets_our_page(door):
    answer = door("/accounts/login/", "POST", body=b"a=1")
    assert answer.status == 403
    assert "could not be verified" in answer.text
    assert '<header class="bar">' in answer.text


def test_a_form_that_is_too_large_gets_413(door, odd):
    cookie = door("/odd/form/")["Set-Cookie"].partition(";")[0]
    environ = {
        "HTTP_COOKIE": cookie,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "body": b"a=" + b"1" * 1_100_000,
    }
    for path in ("/accounts/login/", "/odd/form/"):
        answer = door(path, "POST", **environ)
        assert answer.status == 413
        assert answer.title == "That is too much at once · Pocket"


def test_too_many_fields_get_413(door):
    for path in ("/", "/nowhere/", "/search/"):
        answer = door(f"{path}?{'a&' * 600}")
        assert answer.status in (413, 404)
        assert answer.title


# --- Our own faults -----------------------------------------------------------------------------


def test_a_fault_of_ours_shows_its_number_and_nothing_else(door, odd, log):
    answer = door("/odd/breaks/")
    number = answer["X-Request-ID"]
    assert answer.status == 500
    assert answer.title == "Something broke on our side · Pocket"
    assert f"<code>{number}</code>" in answer.text
    for secret in ("secret recipe", "RuntimeError", "Traceback", "odd_urls"):
        assert secret not in answer.text
    [line] = log("django.request")
    assert line["id"] == number
    assert "the secret recipe" in line["error"]


def test_htmx_gets_one_paragraph_of_a_fault(door, odd):
    answer = door("/odd/breaks/", headers=HTMX)
    assert answer.status == 500
    assert answer.text.startswith('<p class="trouble__message">')
    assert answer.text.count("<") == 2


@pytest.mark.parametrize("path", ["/odd/asks/", "/states/", "/sources/", "/search/?q=kerala"])
def test_while_the_database_is_away_readers_are_asked_to_wait(
    door, settings, odd, database_down, path
):
    settings.KEEP_ATLAS = False  # a process that has read nothing yet
    database_down()
    answer = door(path)
    assert answer.status == 503
    assert answer["Retry-After"] == "5"
    assert answer.title == "Back in a moment · Pocket"
    assert "server is away" not in answer.text


def test_errors_for_readers_with_a_session_survive_the_database(
    door, meera, signed_in, database_down
):
    headers = signed_in(meera)
    database_down()
    for path in ("/nowhere/", "/about/"):
        answer = door(path, headers=headers)
        assert answer.status == 503
        assert answer.title == "Back in a moment · Pocket"


def test_pages_that_are_kept_are_served_without_the_database(door, database_down):
    page = door("/states/")
    database_down()
    assert door("/states/").body == page.body


def test_when_templates_fail_there_is_still_a_page(door, odd, monkeypatch, log):
    def fail(*args, **kwargs):
        raise ValueError("no manifest")

    monkeypatch.setattr(engines["django"], "get_template", fail)
    for path, headers in (("/odd/breaks/", {}), ("/about/", {}), ("/nowhere/", HTMX)):
        answer = door(path, headers=headers)
        assert answer.status == 500
        assert "Something broke on our side" in answer.text
        assert answer["X-Request-ID"] in answer.text
        assert "manifest" not in answer.text
        assert answer["Content-Security-Policy"]
    assert "no manifest" in log("pocket.web.errors")[0]["error"]


def test_when_django_itself_fails_there_is_still_a_page(door, log):
    def fail(environ, start_response):
        start_response("200 OK", [])
        raise RuntimeError("the secret recipe")

    door.app.app = fail
    answer = door("/states/", headers={"Host": "evil.example"})
    assert answer.status == 500
    assert f"<code>{answer['X-Request-ID']}</code>" in answer.text
    assert "secret" not in answer.text
    assert [line["message"] for line in log("pocket")] == ["failed outside of Django", "request"]


def test_debug_is_off(door, odd, settings):
    assert settings.DEBUG is False
    for path in ("/nowhere/", "/odd/breaks/"):
        assert "DEBUG" not in door(path).text
        assert "urlconf" not in door(path).text.lower()
