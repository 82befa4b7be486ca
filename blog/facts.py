"""Live facts in stories: `{{ fact:kerala.literacy_rate_2011 }}` and `{{ state:kerala }}`.

The kept HTML of a story holds marks; what stands for them is made of the atlas with the page, so
it is as true as the page of the state. `india.` in a fact names the whole country.
"""

from collections.abc import Callable

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pocket.web import markdown
from pocket.web.slugs import slug_of
from states import finding, pages, wording
from states.atlas import Atlas, Unit, atlas
from states.models import Indicator

INDIA = "india"
FIGURES_OF_A_CARD = 2


def filled(html: str) -> SafeString:
    """The HTML of a story with its facts of now."""
    if "<!--" not in html:
        return SafeString(html)
    india = atlas()
    fillings: dict[str, Callable[[str], str]] = {
        "fact": lambda argument: _fact(india, argument),
        "state": lambda argument: _card(india, argument),
    }
    return markdown.fill_marks(html, fillings)


def unknown_marks(body: str) -> list[tuple[int, str]]:
    """What a text asks for and nobody knows: the line, the first being 1, and words for it."""
    india = atlas()
    found = []
    for mark in markdown.marks(body):
        if words := _unknown(india, mark.name, mark.argument):
            found.append((mark.line, words))
    return found


def _unknown(india: Atlas, name: str, argument: str) -> str:
    if name == "state":
        return "" if _unit(india, argument) else _no_state(india, argument)
    if name != "fact":
        return _("There is no “%(name)s:”; there are “fact:” and “state:”.") % {"name": name}
    where, _dot, what = argument.partition(".")
    if where.lower() != INDIA and not _unit(india, where):
        return _no_state(india, where)
    indicator = _indicator(india, what)
    if indicator is None:
        return _("There is no indicator “%(name)s”.") % {"name": what}
    if where.lower() == INDIA and india.ranking(indicator).national is None:
        words = _("“%(indicator)s” has no value for all of India.")
        return words % {"indicator": indicator.label}
    return ""


def _no_state(india: Atlas, name: str) -> str:
    near = finding.suggested(india, name)
    if near:
        named = {"name": name, "near": near[0].slug}
        return _("There is no state “%(name)s”; perhaps “%(near)s”?") % named
    return _("There is no state “%(name)s”.") % {"name": name}


def _unit(india: Atlas, name: str) -> Unit | None:
    return india.by_slug.get(_hyphened(name))


def _indicator(india: Atlas, name: str) -> Indicator | None:
    return india.indicator(_hyphened(name))


def _hyphened(name: str) -> str:
    """Slugs have hyphens, the data files underscores; both are understood."""
    return slug_of(name.replace("_", "-"))


def _fact(india: Atlas, argument: str) -> str:
    where, _dot, what = argument.partition(".")
    unit, indicator = _unit(india, where), _indicator(india, what)
    context: dict = {}
    if indicator and (unit or where.lower() == INDIA):
        value = unit.values.get(indicator.slug) if unit else india.ranking(indicator).national
        told = wording.with_unit(value, indicator) if value is not None else ""
        context = {"value": told, "indicator": indicator}
    return render_to_string("blog/_fact.html", context).strip()


def _card(india: Atlas, argument: str) -> str:
    unit = _unit(india, argument)
    if unit is None:
        return ""
    context = {"unit": unit, "figures": pages.headlines(india, unit)[:FIGURES_OF_A_CARD]}
    return render_to_string("blog/_state_card.html", context).strip()
