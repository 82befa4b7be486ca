"""Live facts: what a story says of a state is what the state's page says now."""

import pytest

from accounts.models import User
from blog.facts import unknown_marks
from blog.tests.factories import story
from pocket.web import generation
from states.atlas import atlas
from states.models import Observation, State
from states.tests.visiting import visit, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]


def text(client):
    return visit(client, "/blog/monsoon/").one(".//div[@class='prose post__text']")


@pytest.mark.parametrize("slug", ["literacy_rate_2011", "literacy-rate-2011"])
def test_a_fact_has_value_unit_year_and_source(client, slug):
    story(body=f"Of all, {{{{ fact:kerala.{slug} }}}} read.")
    found = text(client)
    assert words(found) == "Of all, 94.00 % (2011, source) read."
    links = [a.get("href") for a in found.iter("a")]
    assert links[0] == "/states/rankings/literacy-rate-2011/"
    assert links[1].startswith("/sources/#")


def test_a_fact_may_be_of_all_india(client):
    story(body="{{ fact:india.literacy_rate_2011 }}")
    assert words(text(client)).endswith("% (2011, source)")


def test_a_fact_that_nobody_published_says_so(client, settings):
    settings.KEEP_ATLAS = False
    Observation.objects.filter(state__slug="kerala", indicator__slug="literacy-rate-2011").delete()
    story(body="{{ fact:kerala.literacy_rate_2011 }}")
    assert words(text(client)) == "not published (2011, source)"


def test_a_fact_that_is_gone_leaves_no_hole(client):
    post = story(body="It is {{ fact:goa.literacy_rate_2011 }}.")
    type(post).objects.update(html=post.html.replace("literacy", "lamp"))
    assert words(text(client)) == "It is (this figure is not kept any more)."


def test_a_card_shows_the_state_with_figures_year_and_source(client):
    story(body="See {{ state:tamil_nadu }} first.")
    found = text(client)
    told = words(found)
    assert told.startswith("See Tamil Nadu தமிழ்நாடு Population")
    assert told.endswith("source) first.")
    assert "(2011, source)" in told
    assert "/states/tamil-nadu/" in [a.get("href") for a in found.iter("a")]


def test_a_corrected_fact_is_on_the_story_at_once(door):
    story(body="{{ fact:goa.literacy_rate_2011 }}")
    assert "88.70 %" in door("/blog/monsoon/").text
    Observation.objects.filter(state__slug="goa", indicator__slug="literacy-rate-2011").update(
        value="89.10"
    )
    generation._bump_now()  # as loading and the back room do when they commit
    assert "89.10 %" in door("/blog/monsoon/").text


def test_the_reader_chooses_how_numbers_look(client, sign_in):
    story(body="{{ fact:kerala.population_2011 }}")
    assert "3,34,06,061" in words(text(client))
    reader = User.objects.create_user("reader", "reader@pocket.example", number_style="million")
    assert "33,406,061" in words(text(sign_in(reader)))


def test_what_nobody_knows_is_told_with_its_line():
    body = "\n".join(
        [
            "All is well: {{ fact:kerala.literacy_rate_2011 }}, {{ state:goa }}.",
            "But {{ state:keralla }}",
            "and {{ fact:goa.lamps }}.",
            "",
            "| a |",
            "|---|",
            "| {{ fact:atlantis.literacy_rate_2011 }} |",
            "",
            "`{{ state:code }}` {{ weather:goa }} {{ fact:goa }}",
            "",
            "    {{ state:code }}",
        ]
    )
    assert unknown_marks(body) == [
        (2, "There is no state “keralla”; perhaps “kerala”?"),
        (3, "There is no indicator “lamps”."),
        (7, "There is no state “atlantis”."),
        (9, "There is no “weather:”; there are “fact:” and “state:”."),
        (9, "There is no indicator “”."),
    ]


def test_india_has_no_value_of_some_indicators():
    slug = next(it.slug for it in atlas().indicators if it.national is None)
    [(line, said)] = unknown_marks(f"\n{{{{ fact:india.{slug} }}}}")
    assert line == 2
    assert said.endswith("has no value for all of India.")


def test_every_state_and_indicator_is_known_by_either_spelling(kept):
    india = atlas()
    body = "".join(
        f"{{{{ fact:{state.slug.replace('-', '_')}.{india.indicators[at % 5].slug} }}}}\n"
        for at, state in enumerate(State.objects.only("slug"))
    )
    assert unknown_marks(body) == []
