import pytest

from states.finding import FORMER
from states.reading import CODES
from states.tests.visiting import Page, visit, words

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_database,  # made of the atlas, which is read from each: test_atlas
    pytest.mark.usefixtures("kept"),
]

SLUGS = {
    "AN": "andaman-and-nicobar-islands",
    "AP": "andhra-pradesh",
    "AR": "arunachal-pradesh",
    "AS": "assam",
    "BR": "bihar",
    "CH": "chandigarh",
    "CG": "chhattisgarh",
    "DH": "dadra-and-nagar-haveli-and-daman-and-diu",
    "DL": "delhi",
    "GA": "goa",
    "GJ": "gujarat",
    "HR": "haryana",
    "HP": "himachal-pradesh",
    "JK": "jammu-and-kashmir",
    "JH": "jharkhand",
    "KA": "karnataka",
    "KL": "kerala",
    "LA": "ladakh",
    "LD": "lakshadweep",
    "MP": "madhya-pradesh",
    "MH": "maharashtra",
    "MN": "manipur",
    "ML": "meghalaya",
    "MZ": "mizoram",
    "NL": "nagaland",
    "OD": "odisha",
    "PY": "puducherry",
    "PB": "punjab",
    "RJ": "rajasthan",
    "SK": "sikkim",
    "TN": "tamil-nadu",
    "TS": "telangana",
    "TR": "tripura",
    "UP": "uttar-pradesh",
    "UK": "uttarakhand",
    "WB": "west-bengal",
}
every_state = pytest.mark.parametrize("slug", SLUGS.values())
pages: dict[str, Page] = {}  # a page is the same for all who only read


@pytest.fixture
def page(client, slug) -> Page:
    if slug not in pages:
        pages[slug] = visit(client, f"/states/{slug}/")
    return pages[slug]


def figures(page) -> dict[str, list[str]]:
    """The cells of every figure by the slug of its indicator: the state, India, the rank."""
    found = {}
    for tr in page.all(".//section//table/tbody/tr"):
        link = tr.find("th/a").get("href")
        found[link.removeprefix("/states/rankings/").strip("/")] = [
            words(cell) for cell in tr.findall("td")
        ]
    return found


def ordinal(number: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd"} if number not in (11, 12, 13) else {}
    return f"{number}{ends.get(number % 10, 'th')}"


def test_there_are_36():
    assert {f"IN-{code}" for code in SLUGS} == CODES
    assert len(set(SLUGS.values())) == 36


@every_state
def test_a_state_stands_under_its_names(page, slug, published, culture):
    name = published.names[slug]
    assert page.title == f"{name} · Pocket"
    assert words(page.one(".//h1")) == name
    marked = {(e.get("lang"), words(e)) for e in page.all(".//section[1]//*[@lang]")}
    native = {(n["language"], n["name"]) for n in culture[slug]["native_names"]}
    assert native <= marked
    for capital in culture[slug]["capitals"]:
        assert capital["name"] in page.words


@every_state
def test_every_figure_stands_there_or_is_not_published(page, slug, published):
    told = figures(page)
    assert set(told) == set(published.indicators)
    for indicator, (here, india, rank) in told.items():
        if indicator not in published.values[slug]:
            assert (here, rank) == ("not published", "")
        else:
            shown = float(here.replace(",", ""))
            decimals = published.indicators[indicator]["decimals"]
            value = float(published.values[slug][indicator])
            assert abs(shown - value) <= 0.5 / 10 ** (
                0 if decimals == 1 and value >= 100 else decimals
            )
        assert (india == "not published") == (indicator not in published.national)


@every_state
def test_every_rank_is_how_many_are_higher_plus_one(page, slug, published):
    for indicator, (_here, _india, rank) in figures(page).items():
        if indicator in published.values[slug]:
            said = ordinal(published.rank(slug, indicator))
            tied = "joint " if published.is_tied(slug, indicator) else ""
            count = published.indicators[indicator]["coverage"]
            assert rank == f"{tied}{said} of {count}", indicator


@every_state
def test_every_figure_names_unit_year_and_source(page, slug, published):
    for tr in page.all(".//section//table/tbody/tr"):
        indicator = published.indicators[
            tr.find("th/a").get("href").removeprefix("/states/rankings/").strip("/")
        ]
        head = words(tr.find("th"))
        assert head.startswith(indicator["label"])
        assert indicator["unit"] in head
        assert indicator["as_of"][:4] in head
        assert f"/sources/#{indicator['source']}" in [a.get("href") for a in tr.findall("th//a")]


@every_state
def test_the_headline_figures_carry_rank_and_year(page, slug, published):
    cards = page.all(".//dl[@class='figure-list']/div")
    expected = [
        indicator
        for indicator in (
            "population-2011",
            "area-km2",
            "literacy-rate-2011",
            "nsdp-per-capita",
            "density-per-km2",
            "forest-share",
        )
        if indicator in published.values[slug]
    ]
    assert [c.find(".//a").get("href") for c in cards] == [
        f"/states/rankings/{i}/" for i in expected
    ]
    for card, indicator in zip(cards, expected, strict=True):
        rank = ordinal(published.rank(slug, indicator))
        assert f"{rank} of {published.indicators[indicator]['coverage']}" in words(card)
        as_of = published.indicators[indicator]["as_of"]
        year = as_of[:4] if len(as_of) == 10 else as_of
        assert words(card).endswith(f"· {year} · source")
        assert card.findall(".//a")[1].get("href").startswith("/sources/#")


@every_state
def test_neighbours_are_links_on_the_map_and_in_the_list(page, slug, culture):
    near = [a.get("href") for a in page.all(".//svg/a[@class='near']")]
    chips = [a.get("href") for a in page.all(".//a[@class='chip']") if "?" not in a.get("href")]
    assert near == chips
    assert len(near) == len(set(near))
    if not near:
        assert "Islands: no neighbour by land." in page.words
        assert slug in {"andaman-and-nicobar-islands", "lakshadweep"}
    for country in culture[slug].get("borders", []):
        assert country in page.words


@every_state
def test_every_place_is_told_and_drawn_within_the_outline(page, slug, culture):
    places = culture[slug]["places"]
    told = page.all(".//ol[@class='things']/li")
    assert [words(li) for li in told] == [
        words_of(f"{at}. {place['name']} {place['line']}") for at, place in enumerate(places, 1)
    ]
    drawing = next(s for s in page.all(".//svg") if s.get("aria-label", "").startswith("Places on"))
    x0, y0, width, height = map(int, drawing.get("viewbox").split())
    dots = drawing.findall("a")
    assert [a.get("aria-label") for a in dots] == [place["name"] for place in places]
    assert [a.get("href") for a in dots] == [f"#place-{n}" for n in range(1, len(places) + 1)]
    for dot in [*drawing.findall("a/circle"), *drawing.findall("circle")]:
        assert x0 <= int(dot.get("cx")) <= x0 + width
        assert y0 <= int(dot.get("cy")) <= y0 + height


def words_of(text: str) -> str:
    return " ".join(text.split())


@every_state
def test_food_festivals_crafts_and_heritage_are_all_there(page, slug, culture):
    state = culture[slug]
    for dish in state["food"]:
        assert dish["dish"] in page.words
    for kind in ("festivals", "crafts", "produce", "heritage"):
        for thing in state[kind]:
            assert words_of(thing["name"]) in page.words
    for park in state["national_parks"]:
        assert park in page.words


@every_state
def test_every_season_has_a_strip_of_twelve_months(page, slug, culture):
    strips = page.all(".//li[@class='season']//span[@role='img']")
    grown = [p for p in culture[slug]["produce"] if p["season_months"]]
    assert len(strips) == len(grown)
    for strip, produce in zip(strips, grown, strict=True):
        months = [n for n, i in enumerate(strip.findall("i"), 1) if "in" in i.get("class").split()]
        assert months == sorted(set(produce["season_months"]))
    without = len(culture[slug]["produce"]) - len(grown)
    assert page.html.count("season not established") == without


@every_state
def test_a_reader_can_say_that_something_is_wrong(page, slug):
    assert f"/contact/?about=/states/{slug}/" in page.links()


@every_state
def test_the_ways_on_from_a_state_are_links(page, slug, settings):
    links = page.links()
    assert f"/states/compare/?s={slug}" in links
    assert f"/states/{slug}/card/" in links
    assert f"/states/{slug}.json" in links
    assert f"{settings.SITE_URL}/states/{slug}/" in links
    assert page.one(".//img[@class='qr']").get("src") == f"/states/{slug}/qr.svg"
    likes = [link for link in links if link.startswith(f"/states/compare/?s={slug}&s=")]
    assert len(likes) == 4


@every_state
def test_machines_read_what_the_page_is_about(page, slug, settings, published, culture):
    address = f"{settings.SITE_URL}/states/{slug}/"
    assert page.rel("canonical") == [address]
    data = page.data
    assert data["@type"] == "AdministrativeArea"
    assert data["name"] == published.names[slug]
    assert data["url"] == address
    assert data["identifier"].startswith("IN-")
    assert {n["name"] for n in culture[slug]["native_names"]} <= set(data["alternateName"])
    assert 6 < data["geo"]["latitude"] < 38
    assert 68 < data["geo"]["longitude"] < 98
    assert page.meta("description").startswith(f"{published.names[slug]}: ")
    assert page.meta("og:title") == published.names[slug]
    assert page.meta("og:url") == address
    assert page.meta("og:image") == f"{settings.SITE_URL}/states/{slug}/share.png"
    assert f"/states/{slug}.json" in page.rel("alternate")


# --- Facts in words, by hand -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slug", "indicator", "cells"),
    [
        ("karnataka", "literacy-rate-2011", ["75.36", "72.98", "22nd of 36"]),
        ("kerala", "literacy-rate-2011", ["94.00", "72.98", "1st of 36"]),
        ("bihar", "literacy-rate-2011", ["61.80", "72.98", "36th of 36"]),
        ("karnataka", "nsdp-per-capita", ["3,04,474", "not published", "6th of 33"]),
        ("sikkim", "nsdp-per-capita", ["5,20,466", "not published", "1st of 33"]),
        ("bihar", "nsdp-per-capita", ["53,478", "not published", "33rd of 33"]),
        ("ladakh", "nsdp-per-capita", ["not published", "not published", ""]),
        ("haryana", "hdi", ["0.698", "0.647", "joint 13th of 34"]),
        ("maharashtra", "hdi", ["0.698", "0.647", "joint 13th of 34"]),
        ("uttar-pradesh", "population-2011", ["19,98,12,341", "1,21,08,54,977", "1st of 36"]),
        ("chandigarh", "rajya-sabha-seats", ["0", "233", "joint 32nd of 36"]),
    ],
)
def test_figures_are_told_as_published(page, slug, indicator, cells):
    assert figures(page)[indicator] == cells


@pytest.mark.parametrize("slug", ["karnataka"])
def test_karnataka_is_told_whole(page):
    said = page.words
    assert page.one(".//p[@lang='kn']").text == "ಕರ್ನಾಟಕ"
    assert "Granite capitals, coffee hills and a coast in the rain" in said
    assert "since 01 Nov 1956" in said
    assert "6.11 crore" in said
    assert "Kempegowda International Airport, Bengaluru (BLR)" in said
    assert "Krishna, Kaveri, Tungabhadra" in said
    assert "1. Hampi" in said
    assert words(page.one(".//*[@id='place-1']")).startswith("1. Hampi Bazaars, temples")
    assert "Elephas maximus indicus" in [words(i) for i in page.all(".//i[@lang='la']")]
    near = [a.get("aria-label") for a in page.all(".//svg/a[@class='near']")]
    assert near == ["Andhra Pradesh", "Goa", "Keralam", "Maharashtra", "Tamil Nadu", "Telangana"]


@pytest.mark.parametrize("slug", ["kerala"])
def test_a_renamed_state_says_how_else_it_is_called(page):
    assert "Also known as Kerala." in page.words
    assert words(page.one(".//h1")) == "Keralam"


@pytest.mark.parametrize("slug", ["goa"])
def test_this_month_is_marked_by_the_clock_of_india(client, it_is, slug):
    it_is(2026, 12, 31, 18, 31)
    strips = visit(client, "/states/goa/").all(".//li[@class='season']//span[@role='img']")
    for strip in strips:
        assert "now" in strip.findall("i")[0].get("class")
        assert "now" not in strip.findall("i")[11].get("class")


def test_states_most_like_this_one_say_by_what_and_how_far(client):
    said = visit(client, "/states/karnataka/").words
    assert "By population density, 2011" in said
    assert "Distance in standard deviations over all four" in said


# --- Other names and no name at all -------------------------------------------------------------


@pytest.mark.parametrize("code", SLUGS)
def test_a_code_leads_to_its_state(client, code):
    for name in (code, code.lower(), f"IN-{code}", SLUGS[code].upper()):
        response = client.get(f"/states/{name}/")
        assert response.status_code == 301
        assert response["Location"] == f"/states/{SLUGS[code]}/"


@pytest.mark.parametrize(
    ("old", "slug"),
    [
        ("keralam", "kerala"),
        ("orissa", "odisha"),
        ("Orissa", "odisha"),
        ("IN-OR", "odisha"),
        ("or", "odisha"),
        ("uttaranchal", "uttarakhand"),
        ("IN-UT", "uttarakhand"),
        ("pondicherry", "puducherry"),
        ("in-tg", "telangana"),
        ("ct", "chhattisgarh"),
        ("IN-DD", "dadra-and-nagar-haveli-and-daman-and-diu"),
        ("dn", "dadra-and-nagar-haveli-and-daman-and-diu"),
    ],
)
def test_a_former_name_leads_to_its_state(client, old, slug):
    response = client.get(f"/states/{old}/")
    assert response.status_code == 301
    assert response["Location"] == f"/states/{slug}/"


def test_every_former_name_leads_to_one_of_the_36():
    assert set(FORMER.values()) <= set(SLUGS.values())


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("karnatka", "Karnataka"),
        ("maharasthra", "Maharashtra"),
        ("tamilnadu", "Tamil Nadu"),
        ("bengaluru", "Karnataka"),
        ("mumbai", "Maharashtra"),
        ("taj-mahal", "Uttar Pradesh"),
    ],
)
@pytest.mark.parametrize("path", ["/", ".json", "/card/", "/qr.svg", "/share.png"])
def test_an_unknown_state_gets_a_helpful_404(client, typed, suggestion, path):
    page = visit(client, f"/states/{typed}{path}", status=404)
    assert "There is no state or union territory at this address." in page.words
    assert suggestion in [words(a) for a in page.all(".//section//a")]
    assert page.one(".//input[@id='lost']").get("name") == "q"


def test_a_suggestion_leads_there(client):
    assert "/states/karnataka/" in visit(client, "/states/karnatka/", status=404).links()


@pytest.mark.parametrize("slug", ["zzzzzzzz", "-", "_", "0" * 3_000])
def test_a_name_like_no_other_is_a_plain_404(client, slug):
    page = visit(client, f"/states/{slug}/", status=404)
    assert "Did you mean" not in page.words


def test_a_missing_slash_is_mended(client):
    assert client.get("/states/goa")["Location"] == "/states/goa/"


@pytest.mark.parametrize("name", ["ಕರ್ನಾಟಕ", "कर्नाटक", "karnāṭaka", "KARNATAKA"])
def test_a_name_in_any_script_leads_there(client, db, name):
    answer = client.get(f"/states/{name}/")
    assert answer.status_code == 301
    assert answer["Location"] == "/states/karnataka/"
