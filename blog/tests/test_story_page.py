"""The page of a story, and everything beside its text."""

from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from PIL import Image, ImageChops

from blog.models import Post
from blog.rendering import minutes_of
from blog.tests.factories import EditorFactory, content, draft, story
from states.tests.visiting import visit, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]
SITE = "http://127.0.0.1:8000"


def test_it_shows_the_story_with_who_wrote_it_and_when(client):
    meera = EditorFactory(username="meera", shown_name="Meera Nair")
    post = story(dek="It comes.", body="It **rains**.", tags=["Rain"], states=["kerala"], by=meera)
    page = visit(client, "/blog/monsoon/")
    assert words(page.one(".//h1")) == "Monsoon"
    assert words(page.one(".//div[@class='prose post__text']")) == "It rains."
    day = timezone.localdate(post.published_at)
    assert f"Meera Nair · {day:%d %b %Y} · 1 min read" in page.words
    links = page.links(".//main")
    assert {"/blog/by/meera/", "/blog/tag/rain/", "/states/kerala/"} <= set(links)


@pytest.mark.parametrize("deed", ["withdraw", "archive", "remove"])
def test_what_is_not_public_is_not_there(client, deed):
    post = story()
    assert client.get("/blog/monsoon/").status_code == 200
    how = {} if deed == "remove" else {"version": post.version}
    getattr(post, deed)(by=None, **how)
    for path in ("", "qr.svg", "share.png"):
        assert client.get(f"/blog/monsoon/{path}").status_code == 404


def test_a_draft_and_what_is_to_come_are_not_there(client):
    draft("hidden")
    story("to-come", days_ago=-1)
    for slug in ("hidden", "to-come"):
        answer = client.get(f"/blog/{slug}/")
        assert answer.status_code == 404
        assert b"Hidden" not in answer.content
        assert b"To Come" not in answer.content


def test_a_change_that_waits_is_not_shown(client):
    post = story(body="Old words.")
    post.revise(content(body="New."), version=post.version, by=None, is_for_later=True)
    assert "Old words." in visit(client, "/blog/monsoon/").words


def test_an_old_address_leads_to_the_story_for_good(client):
    post = story("rain")
    post.revise(content("monsoon"), version=post.version, by=None)
    post.revise(content("the-monsoon"), version=post.version, by=None)
    for old in ("rain", "monsoon"):
        answer = client.get(f"/blog/{old}/")
        assert (answer.status_code, answer["Location"]) == (301, "/blog/the-monsoon/")
    post.withdraw(version=post.version, by=None)
    assert client.get("/blog/rain/").status_code == 404


def test_an_address_that_a_story_left_is_nobody_elses_and_can_be_its_own_again(client):
    one, two = story("rain"), story("sun")
    one.revise(content("വര്‍ഷം"), version=one.version, by=None)
    with pytest.raises(ValidationError, match="had it once"):
        two.revise(content("rain"), version=2, by=None)
    one.revise(content("rain"), version=one.version, by=None)
    assert client.get("/blog/rain/").status_code == 200
    answer = client.get("/blog/വര്‍ഷം/")
    assert (answer.status_code, answer["Location"]) == (301, "/blog/rain/")
    # A browser that kept this for good would go in circles the next time.
    assert "no-store" in answer["Cache-Control"]
    one.remove(by=None)
    with pytest.raises(ValidationError, match="had it once"):
        two.revise(content("വര്‍ഷം"), version=2, by=None)


def test_an_address_in_another_case_leads_to_it(client):
    story("monsoon")
    assert client.get("/blog/Monsoon/")["Location"] == "/blog/monsoon/"


def test_an_address_of_no_story_names_those_that_may_be_meant(
    client, django_assert_max_num_queries
):
    story("mango-map", title="The mango map")
    story("to-come", title="The mango secret", days_ago=-1)
    with django_assert_max_num_queries(12):
        page = visit(client, "/blog/the-mangoo-mapp/", status=404)
    assert "/blog/mango-map/" in page.links()
    assert "secret" not in page.words
    assert "There is no story at this address." in visit(client, "/blog/---/", status=404).words


@pytest.mark.parametrize("slug", ["feed", "a/b", "..", "", "Rain", "a b"])
def test_a_story_cannot_take_the_address_of_another_page(slug):
    with pytest.raises(ValidationError, match="cannot have this address"):
        draft(slug, title="Feed")


def test_headings_make_a_table_of_contents(client):
    story(body="## First\n\n### Under it\n\n## मानसून की बारिश\n\n#### Deep")
    page = visit(client, "/blog/monsoon/")
    contents = page.one(".//nav[@aria-labelledby='contents']")
    links = [(words(a), a.get("href")) for a in contents.iter("a")]
    assert links == [
        ("First", "#s-first"),
        ("Under it", "#s-under-it"),
        ("मानसून की बारिश", "#s-मानसून-की-बारिश"),
    ]
    for _text, href in links:
        page.one(f".//*[@id='{href[1:]}']")


def test_a_heading_of_a_live_fact_alone_makes_no_link_without_words(client):
    story(body="## One\n\n## {{ fact:kerala.literacy_rate_2011 }}\n\n## Two")
    contents = visit(client, "/blog/monsoon/").one(".//nav[@aria-labelledby='contents']")
    assert [words(a) for a in contents.iter("a")] == ["One", "Two"]


def test_one_heading_makes_none(client):
    story(body="## Only\n\nrain")
    assert visit(client, "/blog/monsoon/").all(".//nav[@aria-labelledby='contents']") == []


def test_the_stories_before_and_after_are_linked(client):
    for at, slug in enumerate(["newest", "middle", "oldest"]):
        story(slug, days_ago=at + 1)
    story("to-come", days_ago=-1)
    page = visit(client, "/blog/middle/")
    around = page.links(".//nav[@aria-label='Older and newer']")
    assert around == ["/blog/oldest/", "/blog/newest/"]
    assert "/blog/to-come/" not in visit(client, "/blog/newest/").links()


def test_stories_of_one_moment_are_all_passed_on_the_way(client):
    for slug in "abcd":
        story(slug)
    Post.objects.update(published_at=timezone.now())
    links = {
        slug: visit(client, f"/blog/{slug}/").links(".//nav[@aria-label='Older and newer']")
        for slug in "abcd"
    }
    assert links == {
        "a": ["/blog/b/"],
        "b": ["/blog/a/", "/blog/c/"],
        "c": ["/blog/b/", "/blog/d/"],
        "d": ["/blog/c/"],
    }


def test_related_are_those_that_share_most(client):
    here = {"tags": ["Rain", "Sea"], "states": ["kerala"]}
    story("this", **here)
    story("all-three", days_ago=30, **here)
    story("one", days_ago=2, tags=["Rain"])
    story("two", days_ago=20, tags=["Sea"], states=["kerala"])
    story("one-older", days_ago=3, tags=["Rain"])
    story("none", days_ago=1, tags=["Sun"])
    story("to-come", days_ago=-1, **here)
    page = visit(client, "/blog/this/")
    heading = next(h for h in page.all(".//aside/div") if words(h).startswith("Related"))
    assert [a.get("href") for a in heading.iter("a")] == [
        "/blog/all-three/",
        "/blog/two/",
        "/blog/one/",
    ]


def test_the_cost_is_the_same_however_many_stories_there_are(client, django_assert_num_queries):
    shared = {"tags": ["Rain", "Sea"], "states": ["kerala", "goa"]}
    story("this", **shared)
    story("first", days_ago=2, **shared)
    story("after", days_ago=0.5, **shared)
    client.get("/blog/this/")  # now the generation is known, which each process asks for itself
    # Story, next appearance, tags, states, before, after, related twice, three of comments.
    with django_assert_num_queries(11):
        client.get("/blog/this/")
    for at in range(8):
        story(f"more-{at}", days_ago=at, body="## A\n\n## B\n\n" * 9, **shared)
    with django_assert_num_queries(11):
        client.get("/blog/this/")


def test_a_story_says_its_language(client):
    story("varsha", title="बारिश", dek="आती है", body="पानी।", language="hi")
    page = visit(client, "/blog/varsha/")
    assert page.one(".//div[@class='prose post__text']").get("lang") == "hi"
    assert [it.get("lang") for it in page.all(".//article//h1/..")] == ["hi"]


def test_a_later_change_is_said_with_its_day(client):
    post = story(days_ago=3)
    assert "changed on" in visit(client, "/blog/monsoon/").words  # saved today, out since 3 days
    Post.objects.update(changed_at=post.published_at)
    assert "changed on" not in visit(client, "/blog/monsoon/").words


# --- For machines -------------------------------------------------------------------------------


def test_search_engines_and_networks_get_what_they_read(client):
    meera = EditorFactory(username="meera")
    post = story(title="</script>Rain", dek="It <comes>.", tags=["Rain"], states=["goa"], by=meera)
    page = visit(client, "/blog/monsoon/")
    assert page.rel("canonical") == [f"{SITE}/blog/monsoon/"]
    assert page.meta("og:type") == "article"
    assert page.meta("og:image") == f"{SITE}/blog/monsoon/share.png"
    assert page.meta("description") == "It <comes>."
    told = page.data
    assert told["@type"] == "BlogPosting"
    assert told["headline"] == "</script>Rain"
    assert told["datePublished"] == post.published_at.isoformat()
    assert told["author"] == {
        "@type": "Person",
        "name": "meera",
        "url": f"{SITE}/blog/by/meera/",
    }
    assert told["image"] == [f"{SITE}/blog/monsoon/share.png"]
    assert [it["name"] for it in told["about"]] == ["Goa"]


def test_the_picture_shows_title_and_states(client):
    def picture(slug: str, **values) -> Image.Image:
        story(slug, **values)
        answer = client.get(f"/blog/{slug}/share.png")
        assert answer["Content-Type"] == "image/png"
        return Image.open(BytesIO(answer.content)).convert("RGB")

    kerala = picture("kerala", title="Rain", states=["kerala"])
    goa = picture("goa", title="Rain", states=["goa"])
    other = picture("other", title="Sun", states=["goa"])
    assert kerala.size == (1200, 630)

    def differ(one, other, box) -> bool:
        apart = ImageChops.difference(one.crop(box), other.crop(box)).convert("L")
        return apart.point(lambda value: value > 60 and 255).getbbox() is not None

    right, left = (640, 0, 1200, 630), (0, 0, 640, 630)
    assert differ(kerala, goa, right)
    assert not differ(goa, other, right)
    assert differ(goa, other, left)


def test_the_picture_of_a_title_in_another_script_names_the_states(client):
    story("rain", title="Goa", states=["goa"])
    story("varsha", title="बारिश", dek="आती है", states=["goa"])
    same = [client.get(f"/blog/{slug}/share.png").content for slug in ("rain", "varsha")]
    assert same[0] == same[1]


def test_a_long_title_stays_left_of_the_map(client):
    story("long", title="Rain " * 39, dek="word " * 59)
    answer = client.get("/blog/long/share.png")
    image = Image.open(BytesIO(answer.content)).convert("RGB")
    ink = image.crop((0, 545, 640, 549)).getcolors()
    assert len(ink) == 1  # nothing runs into the line at the foot


def test_the_qr_code_opens_the_story(client):
    story("मानसून")
    answer = client.get("/blog/मानसून/qr.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert "immutable" in answer["Cache-Control"]
    assert ElementTree.fromstring(answer.content).tag == "{http://www.w3.org/2000/svg}svg"
    page = visit(client, "/blog/मानसून/")
    assert page.one(".//img[@class='qr']").get("alt").startswith(f"QR code that opens {SITE}/blog/")
    copy = page.one(".//button[@data-needs-script='copy']")
    assert (
        copy.get("data-copies")
        == f"{SITE}/blog/%E0%A4%AE%E0%A4%BE%E0%A4%A8%E0%A4%B8%E0%A5%82%E0%A4%A8/"
    )


# --- Minutes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", 1),
        ("word " * 238, 1),
        ("word — " * 476, 2),
        ("word " * 2380, 10),
        ("बारिश " * 481, 3),  # three, as it is written
        ("संस्कृत " * 481, 3),  # three: a conjunct is one
        ("தமிழ் " * 481, 2),  # two: the last letter has no vowel
        ("മലയാളം " * 481, 4),  # four
        ("اردو " * 476, 2),  # by the word: letters are no syllables
        ("बारिश rain " * 481, 5),
    ],
)
def test_minutes_are_counted_by_words_and_in_indian_scripts_by_syllables(text, minutes):
    assert minutes_of(text) == minutes
