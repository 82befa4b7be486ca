import pytest

from pocket.testing import HTMX
from states.models import Indicator, State
from states.tests.visiting import rows, visit, words

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_database,  # made of the atlas, which is read from each: test_atlas
    pytest.mark.usefixtures("kept"),
]

MAP = ".//svg[@class='map']"
TILES = ".//svg[@class='map tiles']"


def spots(page, drawing=MAP) -> dict[str, str]:
    """What each unit of the map says, by where it leads."""
    return {a.get("href"): a.get("aria-label") for a in page.all(f"{drawing}/a")}


def chosen(page) -> str:
    return page.one(".//select[@id='indicator']/option[@selected]").get("value")


def steps(page, drawing=MAP) -> dict[str, str]:
    """The class that each unit is painted in, by where it leads."""
    return {a.get("href"): a.get("class") for a in page.all(f"{drawing}/a")}


def test_the_map_links_every_state_with_its_name_and_value(client, published):
    page = visit(client, "/")
    said = spots(page)
    assert set(said) == {f"/states/{slug}/" for slug in published.values}
    assert len(page.all(f"{MAP}/a")) == 36
    assert said["/states/karnataka/"] == "Karnataka: 75.36 %"
    assert said["/states/kerala/"] == "Keralam: 94.00 %"
    assert said["/states/bihar/"] == "Bihar: 61.80 %"
    assert [words(a.find("title")) for a in page.all(f"{MAP}/a")] == list(said.values())
    assert "India: 72.98 %" in page.words


def test_every_outline_is_drawn_once_and_used_from_there(client):
    page = visit(client, "/")
    assert len(page.all(".//defs/path")) == 36
    outlines = {f"#{path.get('id')}" for path in page.all(".//defs/path")}
    assert {use.get("href") for use in page.all(".//use")} == outlines


def test_a_small_territory_has_a_marker_large_enough_to_touch(client):
    circles = visit(client, "/").all(f"{MAP}/a[@href='/states/lakshadweep/']/circle")
    assert [circle.get("class") for circle in circles] == ["touch", "marker"]
    # The map is 2000 units wide; at 320 pixels 24 of them are 150 units.
    assert 2 * int(circles[0].get("r")) >= 150


def test_an_indicator_is_picked_by_the_address(client):
    page = visit(client, "/?indicator=nsdp-per-capita")
    assert chosen(page) == "nsdp-per-capita"
    said = spots(page)
    assert said["/states/goa/"] == "Goa: ₹ 4,92,648"
    assert said["/states/ladakh/"] == "Ladakh: not published"
    assert steps(page)["/states/ladakh/"] == "s0"
    assert "Published for 33 of 36." in page.words


def test_htmx_gets_map_legend_and_table_together(client):
    page = visit(client, "/?indicator=hdi", headers=HTMX)
    assert [child.get("id") for child in page.tree if child.get("id")] == ["chart"]
    assert "<html" not in page.html
    assert spots(page)["/states/goa/"] == "Goa: 0.762"
    assert [words(li) for li in page.all(".//ul[@class='legend']/li")] == [
        "0.580 – 0.626 (7)",
        "0.627 – 0.662 (7)",
        "0.676 – 0.698 (8)",
        "0.700 – 0.721 (6)",
        "0.722 – 0.762 (6)",
        "not published (2)",
    ]
    assert rows(page.one(".//table"))[0] == ["1", "Goa", "0.762"]
    assert page.links().count("/states/rankings/hdi/") == 1


def test_the_part_is_what_the_whole_page_holds(client):
    part = visit(client, "/?indicator=hdi&view=tiles", headers=HTMX).html.strip()
    assert part in visit(client, "/?indicator=hdi&view=tiles").html


def test_the_table_has_the_values_of_the_map(client, published):
    page = visit(client, "/?indicator=hdi")
    table = rows(page.one(".//table"))
    in_words = {name: value for _rank, name, value in table}
    assert len(table) == 37
    for slug, name in published.names.items():
        assert spots(page)[f"/states/{slug}/"] == f"{name}: {in_words[name]}"
    assert in_words["Ladakh"] == in_words["Dadra and Nagar Haveli and Daman and Diu"]
    assert in_words["India"] == "0.647"


def test_a_legend_counts_every_state_in_the_class_it_is_painted_in(client):
    page = visit(client, "/?indicator=districts")
    painted = list(steps(page).values())
    for entry in page.all(".//ul[@class='legend']/li"):
        assert f"({painted.count(entry.get('class'))})" in words(entry)
    assert len(painted) == 36


def test_tiles_say_the_same_as_the_map(client):
    page = visit(client, "/?indicator=hdi&view=tiles")
    assert not page.all(MAP)
    assert spots(page, TILES) == spots(visit(client, "/?indicator=hdi"))
    assert {words(text) for text in page.all(f"{TILES}/a/text")} >= {"KA", "LD", "TS"}
    squares = [(r.get("x"), r.get("y")) for r in page.all(f"{TILES}/a/rect")]
    assert len(set(squares)) == 36
    for x, y in squares:
        assert 0 <= int(x) <= 1980 - 200
        assert 0 <= int(y) <= 1770 - 200


def test_the_other_drawing_is_a_link_that_keeps_the_indicator(client):
    links = visit(client, "/?indicator=hdi").links()
    assert "?indicator=hdi&view=tiles" in links
    assert "?indicator=hdi" in visit(client, "/?indicator=hdi&view=tiles").links()


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("indicator=happiness", "There is no such indicator; this map shows another one."),
        ("indicator=<b>&view=map", "There is no such indicator; this map shows another one."),
        ("view=globe", "There are a map and tiles."),
    ],
)
def test_what_makes_no_sense_is_ignored_with_a_word(client, query, word):
    page = visit(client, f"/?{query}")
    assert page.notices == [word]
    assert chosen(page) == "literacy-rate-2011"
    assert len(page.all(f"{MAP}/a")) == 36


def test_an_empty_choice_is_no_mistake(client):
    assert visit(client, "/?indicator=&view=&utm_source=x&per=person").notices == []


def test_every_indicator_can_be_shown(client, published):
    assert {
        option.get("value")
        for option in visit(client, "/").all(".//select[@id='indicator']/option")
    } == set(published.indicators)
    for slug in published.indicators:
        page = visit(client, f"/?indicator={slug}", headers=HTMX)
        assert page.notices == []
        unpublished = [said for said in spots(page).values() if said.endswith(": not published")]
        assert len(unpublished) == 36 - published.indicators[slug]["coverage"]


def test_what_is_in_season_changes_at_midnight_in_india(client, it_is):
    it_is(2026, 10, 31, 18, 29)  # 23:59 in Kolkata
    assert "In season now October" in visit(client, "/").words
    it_is(2026, 10, 31, 18, 31)
    assert "In season now November" in visit(client, "/").words


def test_in_season_names_produce_of_this_month_and_its_states(client, it_is, culture):
    it_is(2026, 5, 15)
    page = visit(client, "/")
    items = page.all(".//li[@class='season']")
    assert len(items) == 6
    grown = {
        (produce["name"], f"/states/{slug}/#produce")
        for slug, state in culture.items()
        for produce in state["produce"]
        if 5 in (produce["season_months"] or [])
    }
    for item in items:
        links = [a.get("href") for a in item.findall(".//a")]
        assert links
        for link in links:
            assert any(words(item).startswith(name) and link == at for name, at in grown)
        strip = item.find(".//span[@role='img']")
        assert "May" in strip.get("aria-label") or " to " in strip.get("aria-label")
        assert [letter.text for letter in strip.findall("i")] == list("JFMAMJJASOND")
        assert strip.findall("i")[4].get("class") == "in now"


def test_all_36_stamps_stand_below_with_native_names(client, culture):
    page = visit(client, "/")
    stamps = {a.get("href"): a for a in page.all(".//a[@class='stamp']")}
    assert len(stamps) == 36
    karnataka = stamps["/states/karnataka/"]
    native = karnataka.find(".//*[@lang]")
    assert (native.get("lang"), native.text) == ("kn", "ಕರ್ನಾಟಕ")
    assert "Karnataka" in words(karnataka)
    assert stamps["/states/punjab/"].find(".//*[@lang='pa']").text == "ਪੰਜਾਬ"


def test_the_home_page_tells_machines_what_it_is(client, settings):
    page = visit(client, "/?indicator=hdi")
    assert page.rel("canonical") == [f"{settings.SITE_URL}/"]
    assert page.data["@type"] == "WebSite"
    assert page.data["url"] == f"{settings.SITE_URL}/"
    assert page.meta("og:image") == f"{settings.SITE_URL}/share.png"
    assert page.meta("description")


def test_before_anything_is_loaded_the_page_says_so(client, settings):
    settings.KEEP_ATLAS = False
    State.objects.all().delete()
    Indicator.objects.all().delete()
    assert "No states are loaded yet." in visit(client, "/").words
    for address in ("/states/", "/states/compare/", "/states/rankings/", "/sources/"):
        visit(client, address)
    assert client.get("/share.png").status_code == 200
    assert client.get("/states/data.csv").status_code == 200


def test_only_reading_is_answered(client):
    for address in ("/", "/states/", "/states/goa/", "/states/compare/", "/states/rankings/"):
        assert client.post(address).status_code == 405
        assert client.head(address).status_code == 200
