"""One address for every kind of page, so that what holds on all of them is tried on each."""

from dataclasses import dataclass

NULL = "%00"


@dataclass(frozen=True)
class Kind:
    path: str
    status: int = 200
    method: str = "GET"


KINDS = {
    "home, map": Kind("/"),
    "home, tiles": Kind("/?indicator=population-projected&view=tiles"),
    "list, stamps": Kind("/states/"),
    "list, table": Kind("/states/?show=table&sort=nsdp-per-capita"),
    "list, nothing fits": Kind("/states/?q=qqqzzz&region=nowhere"),
    "state": Kind("/states/karnataka/"),
    "state, names from right to left": Kind("/states/jammu-and-kashmir/"),
    "state, islands": Kind("/states/andaman-and-nicobar-islands/"),
    "compare, none": Kind("/states/compare/"),
    "compare, two": Kind("/states/compare/?s=kerala&s=bihar"),
    "compare, four": Kind(
        "/states/compare/?s=kerala&s=ladakh&s=dadra-and-nagar-haveli-and-daman-and-diu&s=goa"
    ),
    "rankings": Kind("/states/rankings/"),
    "ranking, map": Kind("/states/rankings/gsdp/"),
    "ranking, tiles per person": Kind(
        "/states/rankings/lok-sabha-seats/?per=person&view=tiles&sort=name"
    ),
    "stories": Kind("/blog/"),
    "stories of a state": Kind("/blog/state/kerala/"),
    "story": Kind("/blog/mango-map-of-india/"),
    "sources": Kind("/sources/"),
    "search, empty": Kind("/search/"),
    "search, results": Kind("/search/?q=rice"),
    "search, none": Kind("/search/?q=qqqzzz"),
    "about": Kind("/about/"),
    "privacy": Kind("/privacy/"),
    "accessibility": Kind("/accessibility/"),
    "card": Kind("/states/karnataka/card/"),
    "400": Kind(f"/states/?q={NULL}", 400),
    "404": Kind("/states/keralla/", 404),
    "405": Kind("/about/", 405, "PUT"),
}
