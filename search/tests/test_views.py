import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pocket.testing import HTMX
from pocket.web import generation
from search import index
from search.tests.factories import entry

pytestmark = pytest.mark.django_db


def page(client, query: str = "", **extra) -> str:
    response = client.get(f"/search/{query}", **extra)
    assert response.status_code == 200
    return response.content.decode()


def test_results_are_grouped_with_the_hit_marked(client, india):
    html = page(client, "?q=mysore")
    assert "3 results for “mysore”" in html
    assert '<a class="hit__title" href="/dish/mysore-pak/"><mark>Mysore</mark> pak</a>' in html
    assert '<h2 class="h3" id="kind-craft">Crafts <span class="soft">1</span></h2>' in html
    assert 'value="mysore"' in html
    assert "<title>Search: mysore" in html


def test_a_native_name_carries_its_language(client, india):
    assert '<span lang="kn"><mark>ಕರ್ನಾಟಕ</mark></span>' in page(client, "?q=ಕರ್ನಾಟಕ")


def test_htmx_gets_the_results_alone(client, india):
    html = page(client, "?q=kerala", headers=HTMX)
    assert html.split()[:2] == ["<title>Search:", "kerala"]
    assert '<div class="stack" id="results">' in html
    assert "<html" not in html


def test_one_kind_can_be_picked(client, india):
    html = page(client, "?q=karnataka&kind=dish")
    assert "/dish/mysore-pak/" in html
    assert "/craft/mysore-silk/" not in html
    assert 'href="/search/?q=karnataka&amp;kind=craft"' in html
    assert '<input type="hidden" name="kind" value="dish" form="search-form">' in html


def test_a_kind_without_results_says_so(client, india):
    html = page(client, "?q=kerala&kind=dish")
    assert "None of them is under “Dishes”." in html
    assert "1 result for “kerala”" in html


def test_an_unknown_kind_is_ignored_with_a_word(client, india):
    html = page(client, "?q=kerala&kind=<planet>")
    assert "There is no kind “&lt;planet&gt;” here" in html
    assert "/state/kerala/" in html


def test_more_of_a_kind_than_fits_is_a_link(client, db):
    index.put([entry(f"Temple {n}", "place") for n in range(9)])
    assert '<a href="/search/?q=temple&amp;kind=place">All 9: Places</a>' in page(
        client, "?q=temple"
    )
    assert page(client, "?q=temple&kind=place").count('class="hit"') == 9


def test_a_kind_shows_fifty_at_most(client, db):
    index.put([entry(f"Temple {n}", "place") for n in range(60)])
    html = page(client, "?q=temple&kind=place")
    assert html.count('class="hit"') == 50
    assert "The first 50 are shown." in html


def test_a_forgiven_typo_is_said(client, india):
    html = page(client, "?q=keralla")
    assert "Nothing is called “keralla”, so “kerala” was looked for." in html


def test_matches_of_some_words_only_are_said(client, india):
    assert "Nothing has all of these words." in page(client, "?q=cheap+hotel+kerala")


@pytest.mark.parametrize("query", ["?q=qqqqqq", "?q=%22", "?q=😀", "?q=NEAR("])
def test_finding_nothing_helps(client, india, query):
    html = page(client, query)
    assert "Nothing found for" in html
    assert 'href="/states/"' in html


@pytest.mark.parametrize("query", ["", "?q=", "?q=+++", "?kind=state"])
def test_asking_nothing_is_no_error(client, india, query):
    html = page(client, query)
    assert "one typo is forgiven" in html
    assert "Nothing found" not in html


def test_a_long_question_is_cut_with_a_word(client, india):
    html = page(client, "?q=karnataka+" + "x" * 3000)
    assert "only the first 200 characters were looked for" in html
    assert "x" * 201 not in html


def test_what_was_typed_is_escaped(client, india):
    for path in ["/search/?q=", "/search/suggest/?q="]:
        html = client.get(f"{path}<script>kerala", headers=HTMX).content.decode()
        assert "<script>k" not in html


def test_the_page_costs_one_query_and_sets_no_cookie(
    client, india, django_assert_num_queries, monkeypatch
):
    # Asked of the cache once a second on Postgres, whatever the page: not part of its cost.
    monkeypatch.setattr(generation, "current", lambda topic="": "now")
    for path in ["/search/?q=karnataka", "/search/?q=karnataka&kind=place"]:
        with django_assert_num_queries(1):
            response = client.get(path)
        assert not response.cookies
        assert response["Cache-Control"].startswith("public")
        assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("path", ["/search/", "/search/suggest/"])
def test_only_reading_is_allowed(client, india, path):
    assert client.post(path).status_code == 405
    assert client.head(f"{path}?q=kerala", headers=HTMX).status_code == 200


def test_suggestions_are_options_in_groups(client, india):
    html = client.get("/search/suggest/?q=karna", headers=HTMX).content.decode()
    assert 'data-status="5 results. Use the arrow keys."' in html
    assert '<div role="group" aria-label="States">' in html
    assert '<a class="search-box__option" role="option"' in html
    assert 'href="/state/karnataka/"' in html
    assert "<mark>Karnataka</mark>" in html
    assert "See all 5 results" in html


def test_suggestions_are_few(client, db):
    for kind in ["state", "place", "dish", "craft"]:
        index.put([entry(f"Temple {n}", kind) for n in range(9)])
    html = client.get("/search/suggest/?q=temple", headers=HTMX).content.decode()
    assert html.count('role="option"') == 3 * 3 + 1


def test_no_suggestions_is_said_and_nothing_typed_is_silent(client, india):
    assert b"No suggestions." in client.get("/search/suggest/?q=qqqq", headers=HTMX).content
    assert not client.get("/search/suggest/?q=", headers=HTMX).content.strip()


def test_suggestions_asked_for_by_hand_lead_to_the_results(client, india):
    response = client.get("/search/suggest/?q=ಕೇ %26")
    assert response.status_code == 302
    assert response["Location"] == "/search/?q=%E0%B2%95%E0%B3%87+%26"


@given(st.text(max_size=250), st.text(max_size=20))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_question_whatever_is_an_error(client, india, q, kind):
    for extra in [{}, {"headers": HTMX}]:
        answer = client.get("/search/", {"q": q, "kind": kind}, **extra)
        assert answer.status_code == (400 if "\0" in q + kind else 200)
    answer = client.get("/search/suggest/", {"q": q}, headers=HTMX)
    assert answer.status_code == (400 if "\0" in q else 200)
