from decimal import Decimal
from itertools import pairwise

import pytest

from pocket.testing import HTMX
from states import atlas as keeping
from states.models import Indicator, Source, State
from states.rankings import limits
from states.tests.visiting import rows, visit, words

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_database,  # made of the atlas, which is read from each: test_atlas
    pytest.mark.usefixtures("kept"),
]

DIVIDED = [
    ("population-projected", "km2"),
    ("gsdp", "km2"),
    ("gsdp-2023-24", "km2"),
    ("districts", "km2"),
    ("districts", "person"),
    ("lok-sabha-seats", "person"),
    ("rajya-sabha-seats", "person"),
    ("legislative-assembly-seats", "person"),
]


def ranked(client, slug: str, query: str = "", **extra):
    return visit(client, f"/states/rankings/{slug}/?{query}", **extra)


def table(page) -> list[list[str]]:
    return rows(next(t for t in page.all(".//table")))


def order(page) -> list[str]:
    return [row[1] for row in table(page) if row[0] not in ("", "–")]


def numbers(shown: str) -> Decimal:
    return Decimal(shown.replace(",", ""))


def india():
    return keeping.atlas()


def test_every_indicator_stands_in_the_index_with_its_extremes(client, published):
    page = visit(client, "/states/rankings/")
    cards = {a.find(".//h3/a").get("href"): words(a) for a in page.all(".//article")}
    assert set(cards) == {f"/states/rankings/{slug}/" for slug in published.indicators}
    for slug, indicator in published.indicators.items():
        values = published.of(slug)
        said = cards[f"/states/rankings/{slug}/"]
        assert f"{indicator['coverage']} of 36" in said
        assert indicator["unit"] in said
        highest = {published.names[s] for s in values if values[s] == max(values.values())}
        lowest = {published.names[s] for s in values if values[s] == min(values.values())}
        assert any(f"Highest {name}" in said for name in highest), slug
        assert any(f"Lowest {name}" in said for name in lowest), slug


def test_every_ranking_is_in_order_with_shared_ranks_and_gaps_named(client, published):
    for slug, indicator in published.indicators.items():
        values, page = published.of(slug), ranked(client, slug)
        assert page.notices == []
        expected = sorted(values, key=lambda s: (-values[s], published.names[s]))
        assert [row[:2] for row in table(page)][: len(values)] == [
            [
                f"{published.rank(s, slug)}{'=' if published.is_tied(s, slug) else ''}",
                published.names[s],
            ]
            for s in expected
        ]
        missing = [row[1] for row in table(page) if row[2] == "not published"]
        assert missing == sorted(n for s, n in published.names.items() if s not in values)
        assert len(missing) == 36 - indicator["coverage"]
        india_row = [row for row in table(page) if row[1] == "India"]
        assert len(india_row) == (slug in published.national)


def test_who_shares_a_rank_is_followed_by_the_rank_after_next(client):
    told = {row[1]: row[0] for row in table(ranked(client, "hdi"))}
    assert told["Haryana"] == told["Maharashtra"] == "13="
    assert told["Tamil Nadu"] == "15"
    assert told["Goa"] == "1"
    assert told["Bihar"] == "34"


def test_the_table_sorts_by_a_link(client):
    page = ranked(client, "hdi")
    assert order(page)[:2] == ["Goa", "Keralam"]
    assert "?sort=low" in page.links()
    assert "?sort=name" in page.links()
    assert order(ranked(client, "hdi", "sort=low"))[0] == "Bihar"
    by_name = order(ranked(client, "hdi", "sort=name"))
    assert by_name == sorted(by_name)
    assert len(by_name) == 34


def test_lowest_first_turns_the_order_around(client):
    page = ranked(client, "literacy-rate-2011", "sort=low")
    assert order(page) == order(ranked(client, "literacy-rate-2011"))[::-1]
    assert [th.get("aria-sort") for th in page.all(".//thead/tr/th")] == [None, None, "ascending"]


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("sort=random", "This table cannot be sorted that way."),
        ("view=globe", "There are a map and tiles."),
        ("per=person", "This indicator is not shown that way."),
        ("per=%3Cb%3E", "This indicator is not shown that way."),
    ],
)
def test_what_makes_no_sense_is_ignored_with_a_word(client, query, word):
    page = ranked(client, "hdi", query)
    assert page.notices == [word]
    assert order(page)[0] == "Goa"


# --- Per person, per km² ------------------------------------------------------------------------


def test_only_counts_and_sums_are_divided(client, published):
    offered = []
    for slug in published.indicators:
        for way in ("person", "km2"):
            if f"?per={way}" in ranked(client, slug).links():
                offered.append((slug, way))
            else:
                assert ranked(client, slug, f"per={way}").notices
    assert sorted(offered) == sorted(DIVIDED)


@pytest.mark.parametrize(("slug", "way"), DIVIDED)
def test_a_quotient_is_the_value_by_people_or_area(client, published, slug, way):
    page = ranked(client, slug, f"per={way}")
    assert page.notices == []
    assert "This quotient is Pocket's own arithmetic." in page.words
    told = {row[1]: row for row in table(page)}
    assert "India" not in told
    indicator = published.indicators[slug]
    scale = indicator["per_person_scale" if way == "person" else "per_area_scale"]
    by = published.of("population-projected" if way == "person" else "area-km2")
    shown = []
    for state, value in published.of(slug).items():
        quotient = float(value) * scale / float(by[state])
        told_here = numbers(told[published.names[state]][2])
        assert float(told_here) == pytest.approx(quotient, abs=0.00501)
        shown.append(told_here)
    for name, row in told.items():
        if row[2] != "not published":
            rank = 1 + sum(value > numbers(row[2]) for value in shown)
            assert row[0].rstrip("=") == str(rank), name
            assert row[0].endswith("=") == (shown.count(numbers(row[2])) > 1), name


def test_seats_per_person_by_hand(client):
    page = ranked(client, "lok-sabha-seats", "per=person")
    told = {row[1]: row[2] for row in table(page)}
    assert told["Lakshadweep"] == "142.86"  # 1 seat, 70,000 people: 1e7 / 7e4
    assert "seats per 1,00,00,000 persons" in page.words
    assert "Divided by the projected population of 1 March 2026." in page.words
    told = {row[1]: row[2] for row in table(ranked(client, "districts", "per=km2"))}
    assert told["Lakshadweep"] == "333.33"  # 1 district on 30 km², per 10,000 km²


# --- Classes and legend -------------------------------------------------------------------------


def all_rankings():
    return [india().ranking(i) for i in india().indicators] + [
        india().ranking(india().indicator(slug), way) for slug, way in DIVIDED
    ]


def test_every_value_lies_in_exactly_one_of_five_classes_as_the_legend_reads(client):
    for ranking in all_rankings():
        page = ranked(client, ranking.indicator.slug, f"per={ranking.per}")
        entries = page.all(".//ul[@class='legend']/li")
        spans = {}
        for entry in entries:
            if entry.get("class") != "s0":
                low, _dash, high = words(entry).rpartition(" (")[0].partition(" – ")
                spans[entry.get("class")] = (numbers(low), numbers(high or low))
        assert 2 <= len(spans) <= 5
        for (_a, high), (low, _b) in pairwise(sorted(spans.values())):
            assert high < low, ranking
        shown = {row[1]: row[2] for row in table(page)}
        for a in page.all(".//svg[@class='map']/a"):
            name = a.get("aria-label").partition(": ")[0]
            if shown[name] == "not published":
                assert a.get("class") == "s0"
            else:
                inside = [s for s, (x, y) in spans.items() if x <= numbers(shown[name]) <= y]
                assert inside == [a.get("class")], (ranking.indicator.slug, name)


def test_classes_hold_equal_numbers_unless_values_tie():
    assert limits([Decimal(n) for n in range(1, 11)]) == [2, 4, 6, 8]
    assert limits([Decimal(1)] * 10) == [1]
    assert limits([Decimal(n) for n in (0, 0, 0, 0, 0, 0, 0, 1, 2, 3)]) == [0, 1]
    assert limits([]) == []
    literacy = india().ranking(india().indicator("literacy-rate-2011"))
    assert [(step.number, step.count) for step in literacy.steps] == [
        *[(1, 8), (2, 7), (3, 7), (4, 7), (5, 7)]
    ]
    for ranking in all_rankings():
        assert sum(step.count for step in ranking.steps) == ranking.count
        assert all(step.number <= 5 for step in ranking.steps)


# --- Distribution -------------------------------------------------------------------------------


def test_a_dot_for_every_published_state_none_hiding_another(client):
    for ranking in all_rankings():
        slug = ranking.indicator.slug
        strip = ranked(client, slug, f"per={ranking.per}").one(".//svg[@class='strip']")
        left, top, width, height = map(int, strip.get("viewbox").split())
        dots = strip.findall("a")
        assert sorted(a.get("href") for a in dots) == sorted(
            f"/states/{row.unit.slug}/" for row in ranking.rows
        )
        assert all(a.get("aria-label") == words(a.find("title")) for a in dots)
        at = [(int(c.get("cx")), int(c.get("cy")), int(c.get("r"))) for c in strip.iter("circle")]
        for number, (x, y, r) in enumerate(at):
            assert left <= x - r, slug
            assert x + r <= left + width, slug
            assert top <= y - r, slug
            assert y + r <= top + height, slug
            for other_x, other_y, other_r in at[:number]:
                far = (x - other_x) ** 2 + (y - other_y) ** 2
                assert far >= (r + other_r) ** 2, slug


def test_the_strip_runs_from_lowest_to_highest(client):
    page = ranked(client, "literacy-rate-2011")
    dots = page.all(".//svg[@class='strip']/a")
    assert dots[0].get("aria-label") == "Bihar: 61.80"
    assert dots[-1].get("aria-label") == "Keralam: 94.00"
    across = [int(a.find("circle").get("cx")) for a in dots]
    assert across == sorted(across)
    assert (across[0], across[-1]) == (11, 989)
    assert "logarithmic scale" not in page.words
    assert "logarithmic scale" in ranked(client, "density-per-km2").words


# --- The page -----------------------------------------------------------------------------------


def test_a_ranking_says_unit_year_source_and_which_end_is_better(client, published, settings):
    for slug, indicator in published.indicators.items():
        page = ranked(client, slug)
        assert words(page.one(".//h1")) == indicator["label"]
        lede = words(page.one(".//p[@class='lede']"))
        assert indicator["unit"] in lede
        assert indicator["as_of"][:4] in lede
        assert {"better": "higher is better", "neutral": "neither better nor worse"}[
            indicator["higher_is"]
        ] in lede
        assert f"/sources/#{indicator['source']}" in page.links()
        address = f"{settings.SITE_URL}/states/rankings/{slug}"
        assert page.rel("canonical") == [f"{address}/"]
        data = page.data
        assert data["@type"] == "Dataset"
        assert data["url"] == f"{address}/"
        assert data["temporalCoverage"] == indicator["as_of"]
        assert [d["contentUrl"] for d in data["distribution"]] == [
            f"{address}.csv",
            f"{address}.json",
        ]


def test_htmx_gets_the_chart_alone(client):
    page = ranked(client, "hdi", "sort=low", headers=HTMX)
    assert "<html" not in page.html
    assert page.one(".//*[@id='chart']") is not None
    assert order(page)[0] == "Bihar"
    assert page.html.strip() in ranked(client, "hdi", "sort=low").html


def test_an_unknown_ranking_is_a_404_with_a_way_on(client):
    for address in ("happiness/", "happiness.csv", "happiness.json"):
        page = visit(client, f"/states/rankings/{address}", status=404)
        assert "There is no ranking at this address." in page.words
        assert "/states/rankings/" in page.links(".//main")


def test_the_name_of_the_data_files_leads_to_the_page(client):
    for typed in ("literacy_rate_2011", "Literacy-Rate-2011"):
        response = client.get(f"/states/rankings/{typed}/")
        assert response.status_code == 301
        assert response["Location"] == "/states/rankings/literacy-rate-2011/"


@pytest.fixture
def lighthouses(settings):
    """An indicator of staff's that nobody has counted yet."""
    settings.KEEP_ATLAS = False
    return Indicator.objects.create(
        slug="lighthouses",
        label="Lighthouses",
        short_label="Lighthouses",
        theme="land",
        unit="number",
        as_of="2026",
        source=Source.objects.first(),
        higher_is="neutral",
        position=99,
    )


@pytest.mark.parametrize("values", [{}, {"goa": 0}, {"goa": 2}, {"goa": 2, "kerala": 2}])
def test_an_indicator_with_hardly_any_value_has_its_pages(client, lighthouses, values):
    for slug, value in values.items():
        state = State.objects.get(slug=slug)
        lighthouses.observations.create(state=state, value=value)
    page = ranked(client, "lighthouses")
    assert len(order(page)) == len(values)
    assert len(page.all(".//svg[@class='strip']/a")) == len(values)
    for address in (
        "/?indicator=lighthouses",
        "/?indicator=lighthouses&view=tiles",
        "/states/?sort=lighthouses&show=table",
        "/states/goa/",
        "/states/goa/card/",
        "/states/rankings/",
        "/states/compare/?s=goa&s=kerala",
    ):
        visit(client, address)
    answer = client.get("/states/rankings/lighthouses.json").json()
    assert (answer["of"], len(answer["not_published"])) == (len(values), 36 - len(values))
