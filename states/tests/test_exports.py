import csv
import json
from decimal import Decimal
from io import StringIO

import pytest

from states import exports
from states.models import Indicator, Observation, Source, State
from states.reading import DATA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]


def table(client, address: str) -> list[dict[str, str]]:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(StringIO(response.content.decode(), newline="")))


def exact(client, address: str):
    """The JSON at an address, its numbers as they are written."""
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    return json.loads(response.content, parse_float=Decimal)


@pytest.fixture(scope="module")
def sources() -> dict[str, dict]:
    told = json.loads((DATA / "sources.json").read_text())["sources"]
    return {source["slug"]: source for source in told}


def test_the_table_of_everything_has_every_published_value(client, published):
    rows = table(client, "/states/data.csv")
    assert len(rows) == 669
    assert {(row["state"], row["indicator"]): Decimal(row["value"]) for row in rows} == {
        (published.names[state], published.indicators[slug]["key"]): value
        for state, values in published.values.items()
        for slug, value in values.items()
    }


def test_every_row_has_unit_year_and_source(client, published, sources):
    by_key = {i["key"]: i for i in published.indicators.values()}
    for row in table(client, "/states/data.csv"):
        indicator = by_key[row["indicator"]]
        source = sources[indicator["source"]]
        assert row["label"] == indicator["label"]
        assert row["unit"] == indicator["unit"]
        assert row["as_of"] == indicator["as_of"]
        assert row["source"] == f"{source['publication']} ({source['year']})"
        assert row["note"] == indicator.get("note", "")
        assert row["code"].startswith("IN-")


def test_the_figures_of_karnataka_are_written_as_published(client):
    rows = table(client, "/states/data.csv")
    here = {row["indicator"]: row["value"] for row in rows if row["code"] == "IN-KA"}
    assert here["literacy_rate_2011"] == "75.36"
    assert here["population_2011"] == "61095297"
    assert here["nsdp_per_capita"] == "304474"
    assert here["hdi"] == "0.676"


def test_a_ranking_can_be_taken_away_as_a_table(client, published):
    for slug, indicator in published.indicators.items():
        rows = table(client, f"/states/rankings/{slug}.csv")
        slug_of = {name: state for state, name in published.names.items()}
        assert len(rows) == indicator["coverage"]
        for row in rows:
            state = slug_of[row["state"]]
            assert int(row["rank"]) == published.rank(state, slug)
            assert Decimal(row["value"]) == published.values[state][slug]
            assert row["unit"] == indicator["unit"]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/states/data.csv", "pocket-india.csv"),
        ("/states/rankings/hdi.csv", "pocket-hdi.csv"),
    ],
)
def test_a_table_is_saved_under_its_name(client, address, name):
    assert client.get(address)["Content-Disposition"] == f'attachment; filename="{name}"'


def test_everything_as_json_is_exact(client, published):
    answer = exact(client, "/states/data.json")
    assert len(answer["states"]) == 36
    for state in answer["states"]:
        values = published.values[state["slug"]]
        assert state["name"] == published.names[state["slug"]]
        for slug, indicator in published.indicators.items():
            value = state["values"][indicator["key"]]
            assert value == values.get(slug)
            assert value is None or "E" not in str(value)
    for told in answer["indicators"]:
        assert told["unit"]
        assert told["as_of"]
        assert told["source"]


def test_every_state_as_json_is_exact(client, published, culture, settings):
    for slug, name in published.names.items():
        answer = exact(client, f"/states/{slug}.json")
        assert answer["name"] == name
        assert answer["url"] == f"{settings.SITE_URL}/states/{slug}/"
        assert answer["native_names"] == [
            {"lang": n["language"], "name": n["name"]} for n in culture[slug]["native_names"]
        ]
        assert len(answer["figures"]) == 20
        for figure in answer["figures"]:
            indicator = figure["indicator"].replace("_", "-")
            assert figure["value"] == published.values[slug].get(indicator)
            assert figure["india"] == published.national.get(indicator)
            assert figure["of"] == published.indicators[indicator]["coverage"]
            if figure["value"] is None:
                assert figure["rank"] is None
            else:
                assert figure["rank"] == published.rank(slug, indicator)
            assert figure["unit"] == published.indicators[indicator]["unit"]
            assert figure["source"].endswith(")")
        assert [(p["name"], p["latitude"], p["longitude"]) for p in answer["places"]] == [
            (p["name"], p["latitude"], p["longitude"]) for p in culture[slug]["places"]
        ]
        assert [(p["name"], p["gi"]) for p in answer["produce"]] == [
            (p["name"], p["gi"]) for p in culture[slug]["produce"]
        ]
        assert [(h["name"], h["year"]) for h in answer["heritage"]] == [
            (h["name"], h["year"]) for h in culture[slug]["heritage"]
        ]
        assert answer["national_parks"] == culture[slug]["national_parks"]
        assert set(answer["languages"]["official"]) == set(culture[slug]["official_languages"])


def test_neighbours_in_json_are_each_others(client, published):
    near = {
        slug: client.get(f"/states/{slug}.json").json()["neighbours"] for slug in published.names
    }
    assert near["karnataka"] == [
        *["andhra-pradesh", "goa", "kerala", "maharashtra", "tamil-nadu", "telangana"]
    ]
    for slug, others in near.items():
        assert all(slug in near[other] for other in others)


def test_a_ranking_as_json_is_exact(client, published):
    for slug, indicator in published.indicators.items():
        answer = exact(client, f"/states/rankings/{slug}.json")
        assert answer["indicator"] == indicator["key"]
        assert answer["india"] == published.national.get(slug)
        assert answer["of"] == len(answer["ranks"]) == indicator["coverage"]
        assert {r["slug"]: (r["rank"], r["value"]) for r in answer["ranks"]} == {
            state: (published.rank(state, slug), value)
            for state, value in published.of(slug).items()
        }
        assert set(answer["not_published"]) == set(published.names) - set(published.of(slug))


def test_indian_scripts_are_readable_in_the_files(client):
    assert "ಕರ್ನಾಟಕ" in client.get("/states/karnataka.json").content.decode()


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠A"],
)
def test_no_cell_is_taken_for_a_formula(client, settings, text):
    settings.KEEP_ATLAS = False
    State.objects.filter(slug="goa").update(name=text)
    Indicator.objects.filter(slug="hdi").update(label=text, note=text)
    Source.objects.filter(indicators__slug="hdi").update(publication=text)
    for address in ("/states/data.csv", "/states/rankings/hdi.csv"):
        rows = table(client, address)
        cells = [cell for row in rows for cell in row.values()]
        assert any(cell.startswith(f"'{text}") for cell in cells)
        for cell in cells:
            assert cell.strip()[:1] not in tuple("=+-@＝＋－＠")


@pytest.mark.parametrize("text", ['a "quoted" name', "a, b; c", "two\nlines", "a\r\nb", "ಕ'\""])
def test_a_cell_comes_back_as_it_was(client, settings, text):
    settings.KEEP_ATLAS = False
    Indicator.objects.filter(slug="hdi").update(note=text)
    notes = {row["note"] for row in table(client, "/states/rankings/hdi.csv")}
    assert notes == {text}


@pytest.mark.parametrize(
    ("stored", "written"),
    [("0", "0"), ("0.001", "0.001"), ("75.360", "75.36"), ("999999999999999", "999999999999999")],
)
def test_numbers_are_written_without_loss(client, settings, stored, written):
    settings.KEEP_ATLAS = False
    row = Observation.objects.get(state__slug="goa", indicator__slug="hdi")
    Observation.objects.filter(pk=row.pk).update(value=Decimal(stored))
    answer = exact(client, "/states/rankings/hdi.json")
    assert next(str(r["value"]) for r in answer["ranks"] if r["slug"] == "goa") == written
    rows = table(client, "/states/rankings/hdi.csv")
    assert next(r["value"] for r in rows if r["code"] == "IN-GA") == written


def test_a_number_with_fifteen_figures_and_three_decimals_is_not_rounded():
    assert str(exports.number(Decimal("123456789012.345"))) == "123456789012.345"
    assert exports.number(None) is None


def test_an_unknown_state_has_no_json(client):
    assert client.get("/states/atlantis.json").status_code == 404


def test_the_files_may_be_kept_by_any_cache(client):
    for address in ("/states/data.csv", "/states/data.json", "/states/goa.json"):
        response = client.get(address)
        assert response["Cache-Control"].startswith("public, ")
        assert not response.cookies


def test_a_quotient_is_exported_as_it_is_shown(client, db):
    answer = client.get("/states/rankings/lok-sabha-seats.json?per=person").json()
    assert answer["unit"] == "seats per 1,00,00,000 persons"
    assert answer["per"] == "person"
    first = answer["ranks"][0]
    assert first["name"] == "Lakshadweep"  # 1 seat for 70,000 people
    assert first["value"] == pytest.approx(142.86)
    table = client.get("/states/rankings/lok-sabha-seats.csv?per=person").content.decode()
    assert '"1","IN-LD","Lakshadweep"' in table
    assert '"seats per 1,00,00,000 persons"' in table


def test_a_quotient_that_makes_no_sense_is_not_exported(client, db):
    answer = client.get("/states/rankings/forest-cover-km2.json?per=km2").json()
    assert answer["per"] is None
