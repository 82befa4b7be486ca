"""Feeds: well-formed, whole, and readable away from the site."""

import re
from xml.etree import ElementTree

import feedparser
import pytest

from blog.tests.factories import EditorFactory, content, draft, rows, story

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]
SITE = "http://127.0.0.1:8000"
FEEDS = ["/blog/feed/", "/blog/tag/rain/feed/", "/blog/state/kerala/feed/", "/blog/by/meera/feed/"]


def read(client, path="/blog/feed/"):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    ElementTree.fromstring(answer.content)  # well-formed, or it raises
    feed = feedparser.parse(
        answer.content, response_headers={"content-type": answer["Content-Type"]}
    )
    assert not feed.bozo, feed.bozo_exception
    assert feed.version == "atom10"
    return feed


@pytest.fixture
def meera(db):
    return EditorFactory(username="meera", shown_name="Meera Nair")


@pytest.mark.parametrize("path", FEEDS)
def test_each_list_has_a_feed_that_its_page_names(client, meera, path):
    story(tags=["Rain"], states=["kerala"], by=meera)
    draft("hidden", tags=["Rain"], states=["kerala"], by=meera)
    story("to-come", tags=["Rain"], states=["kerala"], by=meera, days_ago=-1)
    feed = read(client, path)
    assert [entry.title for entry in feed.entries] == ["Monsoon"]
    assert {"rel": "self", "href": SITE + path}.items() <= feed.feed.links[1].items()
    assert f'href="{path}"' in client.get(path.removesuffix("feed/")).content.decode()


def test_an_entry_is_the_whole_story(client, meera):
    body = "## Rain\n\nIt [rains](/states/goa/) & pours[^1].\n\n[^1]: A lot.\n"
    post = story(dek="It <comes>.", body=body, tags=["Rain"], by=meera)
    [entry] = read(client).entries
    assert entry.id == f"urn:uuid:{post.pk}"
    assert entry.link == f"{SITE}/blog/monsoon/"
    assert entry.author == "Meera Nair"
    assert entry.summary == "It &lt;comes&gt;."
    assert [tag.term for tag in entry.tags] == ["Rain"]
    assert entry.published_parsed[:5] == post.published_at.utctimetuple()[:5]
    [whole] = entry.content
    assert whole.type == "text/html"
    assert f'<a href="{SITE}/states/goa/"' in whole.value
    assert f'href="{SITE}/blog/monsoon/#fn1"' in whole.value
    assert "It <a" in whole.value
    assert "&amp; pours" in whole.value


def test_links_lead_from_a_feed_where_they_lead_from_the_page(client):
    story(body="[a](//example.org/x) [b](?after=x) [c](#s-rain) [d](/blog/)")
    [entry] = read(client).entries
    links = re.findall(r'href="([^"]*)"', entry.content[0].value)
    page = f"{SITE}/blog/monsoon/"
    assert links == [
        "https://example.org/x",
        f"{page}?after=x",
        f"{page}#s-rain",
        f"{SITE}/blog/",
    ]


def test_it_keeps_its_id_when_its_address_changes(client):
    post = story("rain")
    [before] = read(client).entries
    post.revise(content("monsoon"), version=post.version, by=None)
    [after] = read(client).entries
    assert before.id == after.id
    assert before.link == f"{SITE}/blog/rain/"
    assert after.link == f"{SITE}/blog/monsoon/"
    assert after.updated_parsed >= before.updated_parsed


def test_the_twenty_newest_are_in_it_newest_first(client):
    rows(22)
    assert [entry.title for entry in read(client).entries] == [f"Story {at}" for at in range(20)]


def test_signs_that_xml_does_not_know_break_nothing(client):
    story(title="a\x0bb", dek="c\x1fd \ufffe", body="e\x08f & <g> ]]> \U0001f96d")
    [entry] = read(client).entries
    assert entry.title == "a\ufffdb"
    assert "\U0001f96d" in entry.content[0].value


def test_live_facts_stand_in_it(client):
    story(body="Literacy: {{ fact:kerala.literacy_rate_2011 }}.")
    [entry] = read(client).entries
    assert "94.00 %" in entry.content[0].value
    assert f'href="{SITE}/sources/#' in entry.content[0].value


def test_a_feed_of_nothing_is_a_feed(client):
    feed = read(client, "/blog/state/goa/feed/")
    assert feed.entries == []
    assert feed.feed.title == "Pocket: Stories about Goa"
    assert client.get("/blog/tag/none/feed/").status_code == 404


def test_the_cost_is_the_same_at_any_length(client, django_assert_num_queries, meera):
    client.get("/blog/state/goa/")  # now generation and atlas are known, as in a running site
    for number in (1, 4):
        for at in range(number):
            story(f"s{number}-{at}", tags=["Rain", f"t{at}"], states=["kerala"], by=meera)
        for path, queries in zip(FEEDS, (3, 5, 3, 5), strict=True):
            with django_assert_num_queries(queries):
                client.get(path)
