"""Finding a state by words, and handing to the search index what can be found of all of them."""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache

from search import index
from search.index import Entry, Name
from search.kinds import Kind
from search.words import MAX_LENGTH, fold
from states.atlas import Atlas, Unit, read

KINDS = [Kind.STATE, Kind.PLACE, Kind.DISH, Kind.CRAFT, Kind.FESTIVAL, Kind.PRODUCE]
# What of a state leads to an entry of its own, and where on the state's page it stands.
BELONGINGS = {
    "places": (Kind.PLACE, "places"),
    "dishes": (Kind.DISH, "food"),
    "crafts": (Kind.CRAFT, "crafts"),
    "festivals": (Kind.FESTIVAL, "festivals"),
    "produce": (Kind.PRODUCE, "produce"),
}

# What states were called and coded in our lifetime; addresses with it lead on.
FORMER = {
    "orissa": "odisha",
    "pondicherry": "puducherry",
    "uttaranchal": "uttarakhand",
    "ct": "chhattisgarh",
    "dd": "dadra-and-nagar-haveli-and-daman-and-diu",
    "dn": "dadra-and-nagar-haveli-and-daman-and-diu",
    "or": "odisha",
    "tg": "telangana",
    "ut": "uttarakhand",
}

# In Hindi, the Union's official language: only for finding. Where Hindi is a state's own language,
# its data has the name as well, and both spellings find it.
IN_HINDI = {
    "IN-AN": "अंडमान और निकोबार द्वीपसमूह",
    "IN-AP": "आंध्र प्रदेश",
    "IN-AR": "अरुणाचल प्रदेश",
    "IN-AS": "असम",
    "IN-BR": "बिहार",
    "IN-CH": "चंडीगढ़",
    "IN-CG": "छत्तीसगढ़",
    "IN-DH": "दादरा और नगर हवेली और दमन और दीव",
    "IN-DL": "दिल्ली",
    "IN-GA": "गोवा",
    "IN-GJ": "गुजरात",
    "IN-HR": "हरियाणा",
    "IN-HP": "हिमाचल प्रदेश",
    "IN-JK": "जम्मू और कश्मीर",
    "IN-JH": "झारखंड",
    "IN-KA": "कर्नाटक",
    "IN-KL": "केरल",
    "IN-LA": "लद्दाख",
    "IN-LD": "लक्षद्वीप",
    "IN-MP": "मध्य प्रदेश",
    "IN-MH": "महाराष्ट्र",
    "IN-MN": "मणिपुर",
    "IN-ML": "मेघालय",
    "IN-MZ": "मिज़ोरम",
    "IN-NL": "नागालैंड",
    "IN-OD": "ओडिशा",
    "IN-PY": "पुदुच्चेरी",
    "IN-PB": "पंजाब",
    "IN-RJ": "राजस्थान",
    "IN-SK": "सिक्किम",
    "IN-TN": "तमिलनाडु",
    "IN-TS": "तेलंगाना",
    "IN-TR": "त्रिपुरा",
    "IN-UP": "उत्तर प्रदेश",
    "IN-UK": "उत्तराखंड",
    "IN-WB": "पश्चिम बंगाल",
}

words_of = lru_cache(maxsize=8_192)(fold)


def names_of(unit: Unit) -> list[str]:
    """Everything a state is called, its official name first."""
    native = [name for thing in unit.native_names for name in (thing.name, thing.line)]
    hindi = IN_HINDI.get(unit.code, "")
    names = (unit.name, unit.also_known_as, unit.short_code, *native, hindi)
    return [name for name in names if name]


def _about(unit: Unit) -> list[str]:
    kinds = ("capitals", *BELONGINGS, "rivers", "heritage")
    return [
        unit.largest_city,
        unit.demonym,
        unit.get_region_display(),
        *(thing.name for kind in kinds for thing in unit.things[kind]),
        *(language.name for language in unit.official_languages),
        *(str(tag) for tag in unit.tags),
    ]


def matching(india: Atlas, words: str) -> list[Unit]:
    """Units of which every word begins some word; whose name it is comes first, wholly or in part.

    Where there is none, the names nearest to what was typed (a slip or two) are returned.
    """
    asked = fold(words[:MAX_LENGTH])
    if not asked:
        return list(india.units) if not words.strip() else []
    by_name = [unit for unit in india.units if _begins(asked, names_of(unit))]
    by_name.sort(key=lambda unit: asked not in map(words_of, names_of(unit)))
    by_rest = [
        unit
        for unit in india.units
        if unit not in by_name and _begins(asked, [*names_of(unit), *_about(unit)])
    ]
    return by_name + by_rest or _nearly(india, " ".join(asked))


def called(india: Atlas, name: str) -> Unit | None:
    """The unit that a name in an address means: Karnataka, ಕರ್ನಾಟಕ, KA, IN-KA, keralam, orissa."""
    asked = fold(name)
    for unit in india.units:
        if asked in map(words_of, (unit.slug, unit.code, *names_of(unit))):
            return unit
    return india.by_slug.get(FORMER.get(name.casefold().removeprefix("in-"), ""))


def suggested(india: Atlas, slug: str) -> list[Unit]:
    """Three units at most that an address of no unit may mean: by its words, by its letters."""
    meant = matching(india, " ".join(words)) if (words := fold(slug)) else []
    near = get_close_matches(slug.casefold(), india.by_slug, n=3, cutoff=0.6)
    return list(dict.fromkeys([*meant[:3], *(india.by_slug[found] for found in near)]))[:3]


def _begins(asked: list[str], texts: list[str]) -> bool:
    known = [word for text in texts for word in words_of(text)]
    return all(any(word.startswith(part) for word in known) for part in asked)


def _nearly(india: Atlas, asked: str) -> list[Unit]:
    names = {" ".join(words_of(name)): unit for unit in india.units for name in names_of(unit)}
    near = get_close_matches(asked, names, n=3, cutoff=0.75)
    return list(dict.fromkeys(names[name] for name in near))


def refresh() -> int:
    """Bring the search index to what the tables say; return how many entries changed."""
    return index.replace(KINDS, entries(read()))


def entries(india: Atlas) -> Iterator[Entry]:
    for unit in india.units:
        address = unit.get_absolute_url()
        yield Entry(
            kind=Kind.STATE,
            key=unit.slug,
            title=unit.name,
            url=address,
            names=[
                *(Name(name.name, name.tag) for name in unit.native_names),
                *(Name(text) for text in names_of(unit) if text.isascii() and text != unit.name),
                *(Name(name.line) for name in unit.native_names if name.line),
                Name(IN_HINDI.get(unit.code, unit.name), "hi"),
            ],
            context=unit.tagline,
            body=" ".join([unit.state.summary, *_about(unit)]),
            weight=10,
        )
        for things, (kind, anchor) in BELONGINGS.items():
            for number, thing in enumerate(unit.things[things], start=1):
                place = f"#place-{number}" if kind == Kind.PLACE else f"#{anchor}"
                yield Entry(
                    kind=kind,
                    key=f"{unit.slug}/{thing.name}",
                    title=thing.name,
                    url=address + place,
                    context=unit.name,
                    body=thing.line,
                )
