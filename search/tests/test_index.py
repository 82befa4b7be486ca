import unicodedata

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import index
from search.index import Entry, Name, find
from search.models import Document, Spelling
from search.tests.factories import HAMPI, INDIA, KARNATAKA, KERALA, MYSORE_PAK, entry

pytestmark = pytest.mark.django_db


def titles(results) -> list[str]:
    return [hit.key for group in results.groups for hit in group.hits]


# --- What is found -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Karnataka",
        "KARNATAKA",
        "karnāṭaka",
        unicodedata.normalize("NFD", "karnāṭaka"),
        "ｋａｒｎａｔａｋａ",
        "karnat",
        "k",
        "karnatka",
        "karnattaka",
        "kanrataka",
        "ಕರ್ನಾಟಕ",
        "ಕರ್ನಾ",
        "ಕರ್\u200cನಾ\u200dಟಕ",
        "ಕರ್ನಟಕ",
        "कर्नाटक",
        unicodedata.normalize("NFD", "कर्नाटक"),
        "करनाटक",
        "mysore state",
        "mysorestate",
        "capital bengaluru",
    ],
)
def test_a_state_is_found_first_by_any_of_its_spellings(india, text):
    results = find(text)
    assert titles(results)[0] == "karnataka"
    assert not results.loose


@pytest.mark.parametrize("text", ["keralla", "kerela", "krala", "കേരം", "കേരളളം"])
def test_kerala_is_found_in_spite_of_a_typo(india, text):
    results = find(text)
    assert titles(results)[0] == "kerala"
    assert results.read_as


@pytest.mark.parametrize("text", ["tamil nadu", "tamilnadu", "Tamil-Nadu", "tamilnaddu", "தமிழ்"])
def test_a_name_in_two_words_is_found_in_one(india, text):
    assert titles(find(text))[0] == "tamil-nadu"


def test_all_words_must_match_and_only_the_last_may_be_unfinished(india):
    assert titles(find("mysore pa")) == ["mysore-pak"]
    assert find("mys pak").loose


def test_what_has_only_some_words_is_better_than_nothing(india):
    results = find("best hotel in kerala")
    assert titles(results) == ["kerala"]
    assert results.loose


def test_a_typo_beside_a_good_word_is_forgiven(india):
    results = find("hampi karnatka")
    assert titles(results) == ["karnataka", "hampi"]
    assert results.read_as == [("karnatka", "karnataka")]


def test_a_known_word_is_not_read_as_another(india):
    index.put([entry("Hampa", "dish")])
    assert find("hampi karnatka").read_as == [("karnatka", "karnataka")]


def test_short_words_and_numbers_are_not_guessed_at(india):
    index.put([entry("Goa"), entry("Sector 1947", "place")])
    assert not find("gao")
    assert not find("1946")


def test_the_best_match_decides_the_order_and_then_the_weight(db):
    index.put(
        [
            entry("Goa sausage", "dish", body="Goa"),
            entry("Goa", "dish"),
            entry("Goa", "state", weight=100),
            entry("Velha Goa", "place"),
            entry("Mumbai", "place", body="North of Goa."),
        ]
    )
    results = find("goa")
    assert [group.kind for group in results.groups] == ["state", "dish", "place"]
    assert titles(results) == ["goa", "goa", "goa-sausage", "velha-goa", "mumbai"]


def test_groups_tell_their_total_and_a_kind_can_be_asked_for(db):
    index.put([entry(f"Temple {n}", "place") for n in range(9)] + [entry("Temple dance", "craft")])

    both = find("temple", per_kind=3)
    assert {group.kind.value: (group.total, len(group.hits)) for group in both.groups} == {
        "place": (9, 3),
        "craft": (1, 1),
    }
    assert both.total == 10

    places = find("temple", kinds=["place"], per_kind=5)
    assert {group.kind.value: (group.total, len(group.hits)) for group in places.groups} == {
        "place": (9, 5),
        "craft": (1, 0),
    }


@pytest.mark.parametrize(
    "text",
    [
        *['"', "*", "'", "\\", "NEAR(", "-", ":", "^", "()", "\0", "😀😀", "…!?", "   ", "", "%_"],
        *["\u200d", "\u093c", "🏽", "!" * 10_000],
    ],
)
def test_nothing_to_look_for_finds_nothing(india, text):
    assert not find(text)


@pytest.mark.parametrize(
    "text",
    [
        *['"karnataka', "karnataka*", "kar*", "karnataka:", "^karnataka", "-karnataka", "head"],
        *["karnataka AND", "karnataka OR", "NOT karnataka", "NEAR(karnataka", "head:karnataka"],
        *[
            "karnataka\0",
            "karnataka:*",
            "karnataka & !",
            "' | karnataka",
            "\\karnataka",
            "😀 karnataka",
        ],
        "karnataka " * 1000,
        "ಕ" * 10_000,
        "ab " * 5_000,
    ],
)
def test_operators_and_quotes_are_harmless(india, text):
    find(text)
    if "karnataka" in text:
        assert "karnataka" in titles(find(text))


@given(st.text(max_size=300))
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_text_whatever_is_an_error(india, text):
    find(text)
    find(f"karnataka {text}")


@pytest.mark.parametrize(
    ("text", "queries"), [("karnataka", 1), ("", 0), ("qqqqqq", 2), ("karnatka", 3), ("a qqqqq", 3)]
)
def test_a_search_costs_the_same_at_any_size(india, django_assert_num_queries, text, queries):
    for _ in range(2):
        with django_assert_num_queries(queries):
            find(text)
        index.put([entry(f"Place {n} karnataka", "place") for n in range(30)])


def test_a_search_costs_four_queries_at_most(india, django_assert_num_queries):
    with django_assert_num_queries(4):
        assert find("karnatka qqqqq zzzzz").loose


# --- How it is shown ---------------------------------------------------------------------------


def test_the_hit_is_marked_and_all_else_escaped(db):
    index.put([entry("<b>Kerala</b> & sons", names=[Name("<i>കേരളം", "ml")], context="a <kerala>")])
    hit = find("KERALA").groups[0].hits[0]
    assert hit.title == "&lt;b&gt;<mark>Kerala</mark>&lt;/b&gt; &amp; sons"
    assert hit.names == [("&lt;i&gt;കേരളം", "ml")]
    assert hit.context == "a &lt;<mark>kerala</mark>&gt;"


def test_the_name_that_matched_is_shown_with_its_language(india):
    hit = find("कर्नाटक").groups[0].hits[0]
    assert hit.title == "Karnataka"
    assert hit.names == [("<mark>कर्नाटक</mark>", "hi")]
    assert find("karnataka").groups[0].hits[0].names == [("ಕರ್ನಾಟಕ", "kn")]


def test_a_name_written_in_one_is_marked_whole(india):
    assert find("tamilnadu").groups[0].hits[0].title == "<mark>Tamil Nadu</mark>"


def test_a_forgiven_typo_is_marked_where_it_was_meant(india):
    assert find("karnatka").groups[0].hits[0].title == "<mark>Karnataka</mark>"


def test_an_excerpt_is_shown_only_when_nothing_else_says_why(india):
    assert "excerpt" not in find("karnataka").groups[0].hits[0].excerpt
    hit = find("silk capital").groups[0].hits[0]
    assert "&lt;<mark>silk</mark>&gt;; the <mark>capital</mark>" in hit.excerpt


def test_a_long_text_is_cut_around_the_hit(db):
    index.put([entry("Goa", body="before " * 500 + "feni " + "after " * 500)])
    excerpt = find("feni").groups[0].hits[0].excerpt
    assert excerpt.startswith("…before ")
    assert " <mark>feni</mark> " in excerpt
    assert excerpt.endswith(" after…")
    assert len(excerpt) < 200


# --- Writing -----------------------------------------------------------------------------------


def test_putting_twice_changes_nothing(db):
    assert index.put(INDIA) == len(INDIA)
    assert index.put(INDIA) == 0
    assert Document.objects.count() == len(INDIA)


def test_an_update_takes_the_old_words_away(india):
    assert index.put([entry("Mysore", key="karnataka", weight=100)]) == 1
    assert titles(find("mysore"))[0] == "karnataka"
    assert "karnataka" not in titles(find("ಕರ್ನಾಟಕ"))
    assert not find("bengaluru")


def test_a_dropped_entry_is_gone_and_so_are_its_spellings(india):
    assert index.drop("state", ["kerala", "atlantis"]) == 1
    assert not find("kerala")
    assert not find("keralla")
    assert not Spelling.objects.filter(word="kerala").exists()
    assert index.drop("state") == 2
    assert "karnataka" not in titles(find("karnataka"))
    assert index.drop("state") == 0


def test_replacing_sets_the_whole_of_some_kinds(india):
    assert index.replace(["state", "place"], [KARNATAKA, KERALA, HAMPI]) == 1  # Tamil Nadu went
    assert index.replace(["state", "place"], [KARNATAKA, KERALA, HAMPI]) == 0
    assert not find("tamil")
    assert titles(find("mysore pak")) == ["mysore-pak"]
    with pytest.raises(ValueError, match="dish"):
        index.replace(["state"], [MYSORE_PAK])


def test_the_last_of_two_entries_with_one_key_counts(db):
    assert index.put([entry("Goa"), entry("Goa", body="feni")]) == 1
    assert find("feni")


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"]
)
def test_an_entry_leads_into_this_site(url):
    with pytest.raises(ValueError, match="not a path"):
        entry(url=url)


def test_an_entry_is_of_a_known_kind():
    with pytest.raises(ValueError, match="no kind"):
        entry(kind="planet")


def test_the_index_follows_whoever_writes(india):
    Document.objects.filter(key="kerala").update(head="| narnia |", tail="lamp post")
    assert titles(find("lamp")) == ["kerala"]
    assert not find("backwaters")
    Document.objects.filter(kind="state").delete()
    assert not find("narnia")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # raises when the words and the documents differ
            cursor.execute(
                "INSERT INTO search_text(search_text, rank) VALUES('integrity-check', 1)"
            )


def test_a_kind_that_is_no_more_is_not_shown(india):
    Document.objects.filter(key="kerala").update(kind="kingdom")
    assert not find("kerala")


def test_a_change_starts_a_new_generation(db, monkeypatch):
    bumps = []
    monkeypatch.setattr("search.index.generation.bump", bumps.append)
    index.put(INDIA)
    index.put(INDIA)
    index.drop("story")
    assert bumps == [index.TOPIC]
    index.drop("dish")
    assert bumps == [index.TOPIC] * 2


def test_a_word_is_forgotten_with_its_last_name(db):
    """What a draft was called must not come back as a spelling."""
    lamp = [Entry("dish", key, f"Thalassery {key}", "/states/") for key in ("biryani", "fish")]
    index.put(lamp)
    assert find("thalasseri").read_as
    index.drop("dish", ["biryani"])
    assert find("thalasseri").read_as == [("thalasseri", "thalassery")]
    index.put([Entry("dish", "fish", "Malabar fish", "/states/")])
    assert not find("thalasseri").read_as
    assert find("malabr").read_as


def test_a_load_of_1300_entries_takes_few_queries(db, django_assert_max_num_queries):
    made = [
        Entry(
            kind="place",
            key=f"{n}",
            title=f"{chr(97 + n % 26)}{n * 7919 % 100_003:05}pur Temple".translate(LETTERS),
            url=f"/{n}/",
            names=[Name("ಕರ್ನಾಟಕ", "kn")],
            body="A hill, a lake and a long market street. " * 5,
        )
        for n in range(1300)
    ]
    with django_assert_max_num_queries(40 if connection.vendor == "postgresql" else 200):
        assert index.replace(["place"], made) == 1300
    assert index.replace(["place"], made) == 0


LETTERS = str.maketrans("0123456789", "aeiouklmnr")


def many(count: int) -> list[Entry]:
    return [
        Entry(kind="dish", key=f"{n}", title=f"Dish {n}", url="/", body="rice")
        for n in range(count)
    ]


def test_of_very_many_matches_both_ends_and_what_is_called_so_are_looked_at(db, monkeypatch):
    monkeypatch.setattr(index, "ENOUGH", 5)
    index.put([Entry(kind="place", key="first", title="Field", url="/", body="rice")])
    index.put(many(30)[:15])
    index.put([Entry(kind="craft", key="middle", title="Rice lamp", url="/")])
    index.put(many(30)[15:])
    index.put([Entry(kind="state", key="last", title="Delta", url="/", body="rice")])
    found = index.find("rice")
    assert [group.kind for group in found.groups] == ["craft", "state", "place", "dish"]
    assert found.counted.endswith("+")
    assert 11 <= found.total < 33  # at least five of each end, and the one in the middle
    assert found.groups[0].counted == "1+"


@pytest.mark.parametrize(("count", "counted"), [(4, "4"), (5, "5+")])
def test_a_number_that_may_not_be_all_says_so(db, monkeypatch, count, counted):
    monkeypatch.setattr(index, "ENOUGH", 5)
    index.put(many(count))
    assert index.find("rice").counted == counted


def test_what_is_beyond_both_ends_is_found_by_one_more_word(db, monkeypatch):
    monkeypatch.setattr(index, "ENOUGH", 2)
    index.put(many(20))
    [group] = index.find("rice dish 11").groups
    assert [hit.title for hit in group.hits] == ["<mark>Dish</mark> <mark>11</mark>"]
