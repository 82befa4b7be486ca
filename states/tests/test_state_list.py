import pytest

from pocket.testing import HTMX
from states.tests.visiting import rows, visit, words

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_database,  # made of the atlas, which is read from each: test_atlas
    pytest.mark.usefixtures("kept"),
]

WEST = ["Dadra and Nagar Haveli and Daman and Diu", "Goa", "Gujarat", "Maharashtra"]


def found(page) -> list[str]:
    """The states listed, in order, as stamps or in the table."""
    names = page.all(".//span[@class='stamp__name']") or page.all(".//tbody//th[@scope='row']")
    return [words(name) for name in names]


def listed(client, query: str = "") -> list[str]:
    page = visit(client, f"/states/?{query}")
    assert page.notices == []
    return found(page)


def test_all_36_stand_in_the_order_of_their_names(client, published):
    assert listed(client) == sorted(published.names.values())
    assert "36 of 36" in visit(client, "/states/").words


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("Karnataka", "Karnataka"),
        ("karnataka", "Karnataka"),
        ("karn", "Karnataka"),
        ("KARNĀṬAKA", "Karnataka"),
        ("ಕರ್ನಾಟಕ", "Karnataka"),
        ("ಕರ್ನಾ", "Karnataka"),
        ("தமிழ்நாடு", "Tamil Nadu"),
        ("తెలంగాణ", "Telangana"),
        ("മലയാളം OR കേരളം", None),
        ("കേരളം", "Keralam"),
        ("kerala", "Keralam"),
        ("ਪੰਜਾਬ", "Punjab"),
        ("ગુજરાત", "Gujarat"),
        ("ଓଡ଼ିଶା", "Odisha"),
        ("অসম", "Assam"),
        ("ꯃꯅꯤꯄꯨꯔ", "Manipur"),
        ("महाराष्ट्र", "Maharashtra"),
        ("تلنگانہ", "Telangana"),
        ("  goa  ", "Goa"),
        ("nadu tamil", "Tamil Nadu"),
        ("karnatka", "Karnataka"),
        ("maharastra", "Maharashtra"),
        ("telengana", "Telangana"),
        ("Hampi", "Karnataka"),
        ("Bengaluru", "Karnataka"),
        ("Dehradun", "Uttarakhand"),
        ("Taj Mahal", "Uttar Pradesh"),
        ("KA", "Karnataka"),
        ("TS", "Telangana"),
    ],
)
def test_words_find_a_state(client, typed, state):
    names = found(visit(client, "/states/", query_params={"q": typed}))
    assert names[:1] == ([state] if state else [])


def test_every_state_is_found_first_by_each_of_its_names(client, culture):
    for slug, state in culture.items():
        for name in (state["name"], *(n["name"] for n in state["native_names"])):
            page = visit(client, "/states/", query_params={"q": name, "show": "table"})
            assert page.all(".//tbody//th[@scope='row']/a")[0].get("href") == f"/states/{slug}/", (
                name
            )


def test_what_was_typed_stays_in_the_field(client):
    page = visit(client, "/states/", query_params={"q": '"><b>ಕ'})
    assert page.one(".//input[@id='words']").get("value") == '"><b>ಕ'


def test_a_region_and_a_kind_narrow_the_list(client):
    assert listed(client, "region=West") == WEST
    assert listed(client, "region=Islands") == ["Andaman and Nicobar Islands", "Lakshadweep"]
    assert len(listed(client, "kind=state")) == 28
    assert len(listed(client, "kind=union_territory")) == 8
    assert listed(client, "region=West&kind=union_territory") == WEST[:1]


def test_a_tag_narrows_the_list(client, culture):
    page = visit(client, "/states/")
    tags = [o.get("value") for o in page.all(".//select[@id='tag']/option") if o.get("value")]
    assert set(tags) == {tag for state in culture.values() for tag in state["tags"]}
    for tag in tags:
        names = {state["name"] for state in culture.values() if tag in state["tags"]}
        assert set(listed(client, f"tag={tag}")) == names


def test_every_region_of_the_filter_has_states(client):
    regions = visit(client, "/states/").all(".//select[@id='region']/option")
    counts = [len(listed(client, f"region={o.get('value')}")) for o in regions if o.get("value")]
    assert sum(counts) == 36
    assert 0 not in counts


def test_words_and_filters_go_together(client):
    page = visit(client, "/states/?q=pradesh&region=North&sort=area-km2")
    assert found(page) == ["Uttar Pradesh", "Himachal Pradesh"]
    assert page.one(".//select[@id='region']/option[@selected]").get("value") == "North"
    assert page.one(".//select[@id='sort']/option[@selected]").get("value") == "area-km2"
    assert "2 of 36" in page.words
    assert "/states/" in page.links(".//*[@id='results']")


def test_the_list_can_be_sorted_by_every_indicator_with_gaps_last(client, published):
    options = visit(client, "/states/").all(".//select[@id='sort']/option")
    assert {o.get("value") for o in options} == {"name", *published.indicators}
    for slug in published.indicators:
        values = published.of(slug)
        order = sorted(
            published.names, key=lambda s: (s not in values, -values.get(s, 0), published.names[s])
        )
        assert listed(client, f"sort={slug}") == [published.names[s] for s in order], slug


def test_a_sorted_stamp_tells_its_figure_and_the_source(client):
    page = visit(client, "/states/?sort=nsdp-per-capita")
    facts = {a.get("href"): words(a) for a in page.all(".//a[@class='stamp']")}
    assert "₹ 5.20 lakh" in facts["/states/sikkim/"]
    assert "not published" in facts["/states/lakshadweep/"]
    assert any(link.startswith("/sources/#") for link in page.links(".//*[@id='results']//p"))


@pytest.mark.parametrize("sort", ["nsdp-per-capita", "gsdp", "hdi", "forest-share", "area-km2"])
def test_the_table_tells_every_value_or_that_there_is_none(client, published, sort):
    page = visit(client, f"/states/?show=table&sort={sort}")
    table = rows(page.one(".//table"))
    assert len(table) == 36
    assert all(row[-1] for row in table)
    missing = [row[0] for row in table if row[-1] == "not published"]
    assert missing == sorted(
        set(published.names.values()) - {published.names[s] for s in published.of(sort)}
    )


def test_the_table_has_names_kind_region_and_capital(client):
    page = visit(client, "/states/?show=table&sort=literacy-rate-2011&q=karnataka")
    assert rows(page.one(".//table")) == [
        ["Karnataka", "ಕರ್ನಾಟಕ", "State", "South", "Bengaluru", "75.36"]
    ]
    assert page.one(".//tbody//*[@lang='kn']").text == "ಕರ್ನಾಟಕ"


def test_switching_to_the_table_keeps_the_filters(client):
    page = visit(client, "/states/?region=West&sort=hdi")
    assert "?region=West&sort=hdi&show=table" in page.links()
    page = visit(client, "/states/?region=West&sort=hdi&show=table")
    assert "?region=West&sort=hdi" in page.links()
    kept = page.one(".//input[@name='show']")
    assert kept.get("value") == "table"
    assert kept.get("form") == page.one(".//form[@class='filters']").get("id")


def test_nothing_found_offers_a_way_on(client):
    page = visit(client, "/states/", query_params={"q": "zzzzqqq & <i>"})
    assert found(page) == []
    assert "Nothing fits all of this." in page.words
    assert "0 of 36" in page.words
    assert "/search/?q=zzzzqqq%20%26%20%3Ci%3E" in page.links()


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("region=Atlantis", "There is no such region; it was ignored."),
        ("kind=kingdom", "There is no such kind; it was ignored."),
        ("tag=volcanoes", "There is no such tag; it was ignored."),
        ("sort=happiness", "The list cannot be sorted that way."),
        ("show=hologram", "The list is shown as stamps or as a table."),
        ("region=west", "There is no such region; it was ignored."),
        ("region=%3Cscript%3E", "There is no such region; it was ignored."),
    ],
)
def test_what_makes_no_sense_is_ignored_with_a_word(client, query, word):
    page = visit(client, f"/states/?{query}")
    assert page.notices == [word]
    assert len(found(page)) == 36


@pytest.mark.parametrize(
    "typed",
    [
        "' OR 1=1 --",
        '"; DROP TABLE states_state; --',
        "<script>alert(1)</script>",
        "{{ settings.SECRET_KEY }}",
        "%",
        "*",
        "\\",
        "…",
        "\u200d",
        "\u202e",
        "🏝",
        "(" * 300,
        "a" * 5_000,
        "ka " * 2_000,
        "\ud7ff\uffff",
    ],
)
def test_hostile_words_do_no_harm(client, typed):
    for name in ("q", "region", "kind", "tag", "sort", "show"):
        page = visit(client, "/states/", query_params={name: typed})
        assert "<script>alert" not in page.html
        assert len(page.html) < 400_000
    assert len(listed(client)) == 36


def test_broken_bytes_in_the_address_are_answered(client):
    assert client.get("/states/?q=%F0%28%8C").status_code == 200
    assert client.get("/states/?q=%00").status_code == 400


def test_htmx_gets_the_results_alone(client):
    page = visit(client, "/states/?q=goa", headers=HTMX)
    assert "<html" not in page.html
    assert page.one(".//*[@id='results']") is not None
    assert found(page) == ["Goa"]
    assert page.html.strip() in visit(client, "/states/?q=goa").html


def test_the_outlines_come_with_the_stamps(client):
    page = visit(client, "/states/?region=West", headers=HTMX)
    drawn = {f"#{path.get('id')}" for path in page.all(".//defs/path")}
    used = {use.get("href") for use in page.all(".//use")}
    assert used == {"#o-DH", "#o-GA", "#o-GJ", "#o-MH"}
    assert used <= drawn


def test_the_list_has_one_address_for_machines(client, settings):
    page = visit(client, "/states/?q=goa&show=table")
    assert page.rel("canonical") == [f"{settings.SITE_URL}/states/"]
