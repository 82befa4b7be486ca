"""Lists of stories: which stand on them, in which order, and page after page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog import lists
from blog.models import Listed, Post
from blog.tests.factories import EditorFactory, content, draft, rows, story
from pocket.testing import HTMX
from states.tests.visiting import visit, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]


def titles(page) -> list[str]:
    return [words(it) for it in page.all(".//article//h2")]


def test_the_newest_story_stands_first_with_all_that_its_card_shows(client):
    story("older", days_ago=3)
    editor = EditorFactory(username="meera", shown_name="Meera Nair")
    body = "rain " * 500
    post = story("monsoon", dek="It comes.", body=body, tags=["Rain"], states=["kerala"], by=editor)
    page = visit(client, "/blog/")
    assert titles(page) == ["Monsoon", "Older"]
    card = page.all(".//article")[0]
    day = timezone.localdate(post.published_at)
    told = words(card)
    assert told.startswith(f"Monsoon It comes. Meera Nair · {day:%d %b %Y} · 2 min read")
    links = [a.get("href") for a in card.iter("a")]
    assert links == ["/blog/monsoon/", "/blog/by/meera/", "/blog/tag/rain/", "/blog/state/kerala/"]


def test_a_card_names_four_states_and_counts_the_others(client):
    story(states=["goa", "kerala", "bihar", "assam", "punjab", "odisha"])
    card = words(visit(client, "/blog/").one(".//article"))
    assert card.endswith("Assam Bihar Goa Keralam and 2 more")


def test_drafts_and_what_is_yet_to_come_stand_nowhere(client):
    shelved = {"tags": ["Rain"], "states": ["kerala"]}
    draft("hidden", **shelved)
    story("to-come", days_ago=-1, **shelved)
    archived = story("archived", **shelved)
    archived.archive(version=archived.version, by=None)
    binned = story("binned", **shelved)
    binned.remove(by=None)
    assert titles(visit(client, "/blog/")) == []
    assert titles(visit(client, "/blog/state/kerala/")) == []
    assert client.get("/blog/tag/rain/").status_code == 404
    assert client.get("/blog/by/editor1/").status_code == 404


def test_a_scheduled_story_stands_there_by_time_alone(client, it_is):
    shelved = {"tags": ["Rain"], "states": ["kerala"], "by": EditorFactory(username="meera")}
    post = story("to-come", days_ago=-1, **shelved)
    it_is(post.published_at)
    year = timezone.localdate(post.published_at).year
    for path in ("", "tag/rain/", "state/kerala/", "by/meera/", f"year/{year}/"):
        assert titles(visit(client, f"/blog/{path}")) == ["To Come"]


def test_each_list_has_what_belongs_to_it(client):
    meera, ravi = EditorFactory(username="meera"), EditorFactory(username="ravi")
    story("rain", tags=["Monsoon"], states=["kerala"], by=meera)
    story("dunes", tags=["Desert"], states=["rajasthan"], by=ravi)
    story("pen-name", by=None, byline="Pocket editors", tags=["Monsoon"])
    assert titles(visit(client, "/blog/tag/monsoon/")) == ["Pen Name", "Rain"]
    assert titles(visit(client, "/blog/state/rajasthan/")) == ["Dunes"]
    assert titles(visit(client, "/blog/by/meera/")) == ["Rain"]
    assert visit(client, "/blog/by/meera/").title == "Stories by meera · Pocket"


def test_a_byline_does_not_give_away_who_wrote(client):
    meera = EditorFactory(username="meera")
    Post.objects.filter(pk=story("secret", by=meera).pk).update(byline="A friend")
    assert "/blog/by/meera/" not in visit(client, "/blog/").links()
    assert client.get("/blog/by/meera/").status_code == 404


def test_who_left_is_named_no_more(client):
    meera = EditorFactory(username="meera")
    story(by=meera)
    meera.remove(by=meera)
    assert "deleted member" in visit(client, "/blog/").words
    assert client.get("/blog/by/meera/").status_code == 404


def test_a_story_follows_its_tags_and_states_from_list_to_list(client):
    post = story(tags=["Rain"], states=["kerala"])
    changed = content(tags=("Sun",), states=("goa",))
    post.revise(changed, version=post.version, by=None)
    assert titles(visit(client, "/blog/tag/sun/")) == ["Monsoon"]
    assert titles(visit(client, "/blog/state/goa/")) == ["Monsoon"]
    assert titles(visit(client, "/blog/state/kerala/")) == []
    post.withdraw(version=post.version, by=None)
    assert not Listed.objects.exists()
    post.publish(version=post.version, by=None)
    assert sorted(it.shelf.partition(":")[0] for it in Listed.objects.all()) == ["state", "tag"]


def test_the_shelves_can_be_made_anew(client):
    story(tags=["Rain"], states=["kerala"])
    draft("hidden", tags=["Rain"])
    before = list(Listed.objects.order_by("shelf").values_list("shelf", "published_at", "post"))
    Listed.rebuild()
    after = list(Listed.objects.order_by("shelf").values_list("shelf", "published_at", "post"))
    assert before == after != []


# --- Page after page ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/blog/", "/blog/tag/rain/"])
def test_every_story_is_on_one_page_forwards_and_back(client, monkeypatch, path):
    monkeypatch.setattr(lists, "PER_PAGE", 3)
    for at in range(8):
        story(f"story-{at}", days_ago=at + 1, tags=["Rain"])
    pages, address = [], path
    while address:
        page = visit(client, address)
        pages.append(titles(page))
        [following] = page.rel("next") or [""]
        address = following and path + following
    assert [len(it) for it in pages] == [3, 3, 2]
    assert [title for it in pages for title in it] == [f"Story {at}" for at in range(8)]
    [back] = page.rel("prev")
    assert titles(visit(client, path + back)) == pages[1]


def test_a_link_to_the_second_page_stays_true_when_a_story_comes_out(client):
    rows(22)
    [following] = visit(client, "/blog/").rel("next")
    story("brand-new", days_ago=0)
    assert titles(visit(client, f"/blog/{following}")) == ["Story 20", "Story 21"]


def test_only_the_first_page_is_for_search_engines(client):
    rows(21)
    first = visit(client, "/blog/")
    assert first.rel("canonical") == ["http://127.0.0.1:8000/blog/"]
    second = visit(client, "/blog/" + first.rel("next")[0])
    assert second.meta("robots") == "noindex, follow"
    assert second.rel("canonical") == []


def test_nonsense_in_the_address_shows_the_first_page(client):
    story()
    assert titles(visit(client, "/blog/?after=nonsense&before=%F0%9F%A5%AD")) == ["Monsoon"]


def test_the_cost_is_the_same_at_any_length(client, django_assert_num_queries):
    meera = EditorFactory(username="meera")
    paths = {"": 5, "tag/rain/": 7, "state/kerala/": 4, "by/meera/": 7}
    client.get("/blog/state/goa/")  # now generation and atlas are known, as in a running site
    for number in (1, 3):
        for at in range(number):
            tags = ["Rain", *(f"t{n}" for n in range(at))]
            story(f"s{number}-{at}", by=meera, tags=tags, states=["kerala", "goa"])
        for path, queries in paths.items():
            with django_assert_num_queries(queries):
                client.get(f"/blog/{path}")


# --- By year, and addresses that lead elsewhere -------------------------------------------------


def test_years_lead_from_this_one_to_the_oldest(client):
    this = timezone.localdate().year
    story("new")
    story("old", days_ago=800)
    page = visit(client, "/blog/")
    old = timezone.localdate(timezone.now() - timedelta(days=800)).year
    links = page.links(".//nav[@aria-label='By year']")
    assert links == [f"/blog/year/{year}/" for year in range(this, old - 1, -1)]
    assert titles(visit(client, f"/blog/year/{old}/")) == ["Old"]
    assert client.get(f"/blog/year/{old - 1}/").status_code == 404
    assert client.get("/blog/year/99999999999/").status_code == 404


def test_the_year_ends_at_midnight_in_india(client, it_is):
    story("last", days_ago=0)
    # 31 December, 23:59 in India, and a minute later.
    Post.objects.update(published_at="2025-12-31T18:29:00Z")
    story("first", days_ago=0)
    Post.objects.filter(slug="first").update(published_at="2025-12-31T18:30:00Z")
    assert titles(visit(client, "/blog/year/2025/")) == ["Last"]


@pytest.mark.parametrize(
    ("asked", "status", "place"),
    [
        ("/blog/state/KL/", 301, "/blog/state/kerala/"),
        ("/blog/state/orissa/feed/", 301, "/blog/state/odisha/"),
        ("/blog/tag/Rain/", 301, "/blog/tag/rain/"),
        ("/blog/by/MEERA/", 302, "/blog/by/meera/"),
        ("/blog/by/old.name/", 302, "/blog/by/meera/"),
    ],
)
def test_other_spellings_lead_to_the_list(client, asked, status, place):
    meera = EditorFactory(username="old.name")
    story(by=meera, tags=["Rain"])
    meera.rename("meera", by=meera)
    answer = client.get(asked)
    assert (answer.status_code, answer["Location"]) == (status, place)


@pytest.mark.parametrize("path", ["state/atlantis/", "tag/none/", "by/nobody/", "year/1990/"])
def test_what_is_not_there_is_said_with_a_way_on(client, path):
    page = visit(client, f"/blog/{path}", status=404)
    assert "Did you mean" in page.words or "/states/" in page.links()


# --- Unfolding in other pages -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "list_path"), [("/", "/blog/"), ("/states/kerala/", "/blog/state/kerala/")]
)
def test_home_and_state_lead_to_their_stories_and_unfold_them_in_place(client, path, list_path):
    for at in range(4):
        story(f"story-{at}", days_ago=at + 1, states=["kerala"])
    section = visit(client, path).one(".//section[@id='stories']")
    assert [a.get("href") for a in section.iter("a")] == [list_path]
    assert section.get("hx-get") == list_path
    assert section.get("hx-trigger") == "revealed"
    part = visit(client, list_path, headers=HTMX)
    unfolded = part.one(".//section[@id='stories']")
    assert [words(it) for it in unfolded.iter("h3")] == ["Story 0", "Story 1", "Story 2"]
    assert list_path in part.links()
    assert part.all(".//h1") == []


def test_a_state_without_stories_says_so(client):
    assert "There is no story here yet." in visit(client, "/blog/state/goa/").words
    part = visit(client, "/blog/state/goa/", headers=HTMX)
    assert "There is no story here yet." in part.words


def test_the_navigation_leads_to_the_stories(client):
    assert "/blog/" in visit(client, "/about/").links(".//nav[@aria-label='Main']")


def test_the_sitemap_names_stories_and_lists(client):
    story("मानसून")
    draft("hidden")
    story("to-come", days_ago=-1)
    sitemap = client.get("/sitemap.xml").content.decode()
    assert "/blog/%E0%A4%AE%E0%A4%BE%E0%A4%A8%E0%A4%B8%E0%A5%82%E0%A4%A8/</loc><lastmod>" in sitemap
    assert "<loc>http://127.0.0.1:8000/blog/state/kerala/</loc>" in sitemap
    assert "hidden" not in sitemap
    assert "to-come" not in sitemap


@pytest.mark.parametrize("name", ["history", "edit", "publish", "comments", "export"])
def test_a_tag_may_be_called_as_a_part_of_the_editor_is(client, name):
    story("monsoon", tags=(name,))
    answer = client.get(f"/blog/tag/{name}/")
    assert answer.status_code == 200
    assert "Monsoon" in answer.content.decode()
