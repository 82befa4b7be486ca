import re
from itertools import combinations

import pytest

from pocket.testing import HTMX
from states import wording
from states.models import Indicator
from states.tests.visiting import visit, words

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.any_database,  # made of the atlas, which is read from each: test_atlas
    pytest.mark.usefixtures("kept"),
]

COMPARE = "/states/compare/"


def compared(client, *slugs, **more):
    return visit(client, COMPARE, query_params={"s": slugs, **more})


def chosen(page) -> list[str]:
    """Who stands side by side, by the links that take them out."""
    return [words(li).removesuffix(" ✕") for li in page.all(".//ul[@class='compare-picks']/li")]


def line(page, indicator: str) -> list:
    """The cells of one indicator; the head first."""
    return next(
        list(tr)
        for tr in page.all(".//tbody/tr")
        if tr.find("th/a") is not None
        and tr.find("th/a").get("href") == f"/states/rankings/{indicator}/"
    )


def judged(cell) -> str:
    return next((e.get("class") for e in cell.iter() if e.get("class") in ("better", "worse")), "")


def said(page, indicator: str) -> str:
    return words(line(page, indicator)[0])


def test_nobody_chosen_yet_is_an_invitation(client):
    page = visit(client, COMPARE)
    assert page.notices == []
    assert not page.all(".//table")
    assert "Choose two to four states; the table appears here." in page.words
    assert "/states/compare/?s=bihar" in page.links()
    assert len(page.all(".//datalist/option")) == 36


def test_one_state_waits_for_another_and_is_offered_some(client):
    page = compared(client, "karnataka")
    assert chosen(page) == ["Karnataka"]
    assert not page.all(".//table")
    offers = [link for link in page.links() if link.startswith("/states/compare/?s=karnataka&s=")]
    assert len(offers) == 6
    assert page.one(".//form/input[@name='s']").get("value") == "karnataka"


@pytest.mark.parametrize("count", [2, 3, 4])
def test_two_to_four_stand_side_by_side(client, published, count):
    slugs = ["kerala", "bihar", "goa", "assam"][:count]
    page = compared(client, *slugs)
    names = [published.names[slug] for slug in slugs]
    assert page.notices == []
    assert chosen(page) == names
    assert page.title == f"{', '.join(names)}: Compare states · Pocket"
    for table in page.all(".//table")[:-1]:
        heads = [words(th) for th in table.findall("thead/tr/th")]
        assert heads == ["Indicator", *names, "India"]
    assert len([a for a in page.links() if "/states/rankings/" in a]) >= len(published.indicators)
    for indicator in published.indicators:
        cells = line(page, indicator)
        assert len(cells) == count + 2
        for slug, cell in zip(slugs, cells[1:], strict=False):
            known = indicator in published.values[slug]
            assert (words(cell) == "not published") == (not known)
        assert (words(cells[-1]) == "not published") == (indicator not in published.national)


def test_a_fifth_does_not_fit_and_is_named(client):
    page = compared(client, "kerala", "bihar", "goa", "assam", "sikkim", "punjab")
    assert chosen(page) == ["Keralam", "Bihar", "Goa", "Assam"]
    assert page.notices == ["Four fit side by side; left out: Sikkim, Punjab."]
    assert not page.all(".//main//input[@name='add']")


def test_what_is_no_state_is_named(client):
    page = compared(client, "kerala", "atlantis", "<b>", "bihar")
    assert chosen(page) == ["Keralam", "Bihar"]
    assert page.notices == [
        "“atlantis” is no state that we know.",
        "“<b>” is no state that we know.",
    ]
    assert "<b>" not in page.html


def test_a_state_named_twice_stands_once(client):
    page = compared(client, "kerala", "bihar", "Kerala", "kerala")
    assert chosen(page) == ["Keralam", "Bihar"]
    assert page.notices == ["Keralam was named twice.", "Keralam was named twice."]


@pytest.mark.parametrize("typed", ["KERALA", " kerala ", "KL", "IN-KL", "keralam"])
def test_case_codes_and_other_names_are_understood(client, typed):
    assert chosen(compared(client, typed, "bihar")) == ["Keralam", "Bihar"]


@pytest.mark.parametrize("junk", ["", " ", "x" * 5_000, "🏝", "' OR 1=1", "\u202e"])
def test_hostile_names_do_no_harm(client, junk):
    page = compared(client, "kerala", junk, "bihar", add=junk)
    assert chosen(page) == ["Keralam", "Bihar"]
    assert len(page.html) < 200_000


def test_a_hundred_names_are_answered(client):
    page = compared(client, "kerala", "bihar", *(f"x{n}" for n in range(90)))
    assert chosen(page) == ["Keralam", "Bihar"]
    assert len(page.notices) == 90


@pytest.mark.parametrize(
    ("typed", "added"),
    [
        ("Goa", "Goa"),
        ("goa", "Goa"),
        ("ಕರ್ನಾಟಕ", "Karnataka"),
        ("कर्नाटक", "Karnataka"),
        ("KA", "Karnataka"),
        ("Punjab", "Punjab"),
        ("Chandigarh", "Chandigarh"),
    ],
)
def test_a_state_is_added_by_what_it_is_called(client, typed, added):
    page = compared(client, "bihar", add=typed)
    assert chosen(page) == ["Bihar", added]
    assert page.notices == []
    assert page.all(".//table")


@pytest.mark.parametrize(
    ("typed", "read_as"),
    [("தமிழ்", "Tamil Nadu"), ("karnatka", "Karnataka"), ("Bengaluru", "Karnataka")],
)
def test_a_guess_is_said(client, typed, read_as):
    page = compared(client, "bihar", add=typed)
    assert chosen(page) == ["Bihar", read_as]
    assert page.notices == [f"“{typed}” was read as {read_as}."]
    assert page.one(".//input[@id='add']").get("value") == ""


def test_adding_what_is_there_adds_nobody_else(client):
    for slug, typed in (("chandigarh", "Chandigarh"), ("punjab", "punjab"), ("gujarat", "ગુજરાત")):
        page = compared(client, slug, add=typed)
        assert len(chosen(page)) == 1
        assert page.notices == [f"{chosen(page)[0]} was named twice."]


def test_adding_what_nobody_knows_says_so(client):
    page = compared(client, "bihar", add="zzzzz <i>")
    assert chosen(page) == ["Bihar"]
    assert page.notices == ["No state was found for “zzzzz <i>”."]
    assert page.one(".//input[@id='add']").get("value") == "zzzzz <i>"  # to be mended, not lost


def test_each_can_be_taken_out_again(client):
    page = compared(client, "kerala", "bihar", "goa")
    links = [a.get("href") for a in page.all(".//ul[@class='compare-picks']/li/a")]
    assert links == [
        "/states/compare/?s=bihar&s=goa",
        "/states/compare/?s=kerala&s=goa",
        "/states/compare/?s=kerala&s=bihar",
    ]
    first = page.all(".//ul[@class='compare-picks']/li/a")[0]
    assert first.get("aria-label") == "Take Keralam out"
    last = compared(client, "goa").one(".//ul[@class='compare-picks']/li/a")
    assert last.get("href") == "/states/compare/"


def test_better_and_worse_stand_only_where_the_indicator_says_so(client, published):
    trio = ("kerala", "bihar", "goa")
    page = compared(client, *trio)
    marked = 0
    for slug, indicator in published.indicators.items():
        marks = [judged(cell) for cell in line(page, slug)[1:4]]
        if indicator["higher_is"] == "neutral":
            assert marks == ["", "", ""], slug
            continue
        values = [published.values[state].get(slug) for state in trio]
        known = [value for value in values if value is not None]
        for mark, value in zip(marks, values, strict=True):
            best = value is not None and len(set(known)) > 1 and value == max(known)
            worst = value is not None and len(set(known)) > 1 and value == min(known)
            assert mark == ("better" if best else "worse" if worst else ""), slug
        marked += any(marks)
    assert marked == 10


def test_what_is_judged_is_also_said(client):
    page = compared(client, "kerala", "bihar")
    better, worse = line(page, "literacy-rate-2011")[1:3]
    assert (judged(better), judged(worse)) == ("better", "worse")
    heard = ["".join(cell.itertext()) for cell in (better, worse)]
    assert "(best of these)" in heard[0]
    assert "(worst of these)" in heard[1]


def test_equals_are_neither_better_nor_worse(client):
    page = compared(client, "haryana", "maharashtra")
    assert [judged(cell) for cell in line(page, "hdi")[1:3]] == ["", ""]
    assert said(page, "hdi").endswith("The same in both.")


@pytest.mark.parametrize(
    ("slugs", "indicator", "difference"),
    [
        (
            ("bihar", "kerala"),
            "literacy-rate-2011",
            "Keralam is 32.2 percentage points above Bihar.",
        ),
        (("bihar", "kerala"), "hdi", "Keralam is 0.181 above Bihar."),
        (
            ("bihar", "kerala"),
            "nsdp-per-capita",
            "Keralam has 4.7 times the figure of Bihar.",
        ),
        (("bihar", "kerala"), "sex-ratio-2011", "Keralam is 166 above"),
        (("kerala", "karnataka"), "nsdp-per-capita", "Karnataka is ₹ 51,812 above Keralam."),
        (("bihar", "goa", "kerala"), "hdi", "Goa is 0.182 above Bihar."),
        (("goa", "ladakh"), "lok-sabha-seats", "Goa has 2.0 times the figure of Ladakh."),
    ],
)
def test_the_difference_is_said_in_words(client, slugs, indicator, difference):
    assert difference in said(compared(client, *slugs), indicator)


def test_a_small_difference_is_not_told_as_none(client):
    page = compared(client, "manipur", "dadra-and-nagar-haveli-and-daman-and-diu")
    assert (
        "Manipur is 0.01 percentage points above Dadra and Nagar Haveli and Daman and Diu."
        in said(page, "literacy-rate-female-2011")
    )


def test_only_equals_read_as_equal_among_all_pairs_of_states(published):
    indicators = {i.slug: i for i in Indicator.objects.all()}
    nothing = re.compile(r" (?:₹ )?0(?:\.0+)? ")
    for slug, indicator in indicators.items():
        for (a, x), (b, y) in combinations(published.of(slug).items(), 2):
            high, low = max(x, y), min(x, y)
            told = wording.difference(high, a, low, b, indicator)
            assert (told == "The same in both.") == (x == y)
            assert not nothing.search(told), told


def test_a_difference_is_not_made_up_where_one_is_not_published(client):
    page = compared(client, "goa", "ladakh")
    cells = line(page, "nsdp-per-capita")
    assert words(cells[2]) == "not published"
    assert judged(cells[1]) == ""
    assert "above" not in words(cells[0])
    assert "times" not in words(cells[0])


def test_the_same_in_several_is_not_called_both(client):
    page = compared(client, "mizoram", "nagaland", "sikkim")
    assert said(page, "lok-sabha-seats").endswith("The same in all.")


def test_names_languages_and_capitals_stand_below(client):
    page = compared(client, "karnataka", "punjab")
    table = page.table("In words")
    assert ["In its own script", "ಕರ್ನಾಟಕ", "ਪੰਜਾਬ"] in table
    assert ["Capital", "Bengaluru", "Chandigarh"] in table
    assert page.one(".//td/span[@lang='pa']").text == "ਪੰਜਾਬ"


def test_htmx_gets_the_comparison_alone(client):
    page = visit(client, f"{COMPARE}?s=goa&s=bihar", headers=HTMX)
    assert "<html" not in page.html
    assert page.one(".//*[@id='comparison']") is not None
    assert chosen(page) == ["Goa", "Bihar"]
    title, _, part = page.html.partition("</title>")
    assert title.strip() == "<title>Goa, Bihar: Compare states · Pocket"
    assert part.strip() in visit(client, f"{COMPARE}?s=goa&s=bihar").html


def test_a_comparison_has_one_address_for_machines(client, settings):
    page = compared(client, "GOA", "atlantis", "bihar", "goa")
    assert page.rel("canonical") == [f"{settings.SITE_URL}/states/compare/?s=goa&s=bihar"]
