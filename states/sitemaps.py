from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from states.atlas import atlas


class Pages(Sitemap):
    """The pages that stand at one address each."""

    def items(self) -> list[str]:
        names = ["states:home", "states:list", "states:compare", "states:rankings"]
        return [*names, "states:sources", "about", "privacy", "accessibility"]

    def location(self, item: str) -> str:
        return reverse(item)


class Facts(Sitemap):
    """The states and the rankings, in one reading of the atlas."""

    def items(self) -> list:
        india = atlas()
        return [*india.units, *india.indicators]


SITEMAPS = {"pages": Pages, "facts": Facts}
