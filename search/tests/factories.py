"""A small India to search in; made by hand, since what is found depends on every word."""

from search.index import Entry, Name


def entry(title: str = "Karnataka", kind: str = "state", **changes) -> Entry:
    key = title.lower().replace(" ", "-")
    return Entry(**({"kind": kind, "key": key, "title": title, "url": f"/{kind}/{key}/"} | changes))


KARNATAKA = entry(
    names=[Name("ಕರ್ನಾಟಕ", "kn"), Name("कर्नाटक", "hi"), Name("Mysore State")],
    context="South India",
    body="The Western Ghats, Hampi and <silk>; the capital is Bengaluru.",
    weight=100,
)
KERALA = entry("Kerala", names=[Name("കേരളം", "ml")], body="Backwaters and spices.", weight=100)
TAMIL_NADU = entry("Tamil Nadu", names=[Name("தமிழ்நாடு", "ta")], weight=100)
HAMPI = entry("Hampi", "place", names=[Name("ಹಂಪೆ", "kn")], context="Karnataka · ruins")
MYSORE_PAK = entry("Mysore pak", "dish", context="Karnataka", body="Gram flour, ghee, sugar.")
MYSORE_SILK = entry("Mysore silk", "craft", context="Karnataka")
DASARA = entry("Mysuru Dasara", "festival", context="Karnataka", body="An elephant procession.")
INDIA = [KARNATAKA, KERALA, TAMIL_NADU, HAMPI, MYSORE_PAK, MYSORE_SILK, DASARA]
