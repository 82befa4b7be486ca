"""The kinds of mail that the site sends, each to be switched off but what keeps an account safe.

An app that writes to people names its kind in `ready()` and asks `user.wants_mail(kind)`.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    slug: str
    label: str | Promise
    is_on: bool = True  # for whoever never chose
    is_fixed: bool = False  # cannot be switched off
    permission: str = ""  # only who has it gets this mail, and is asked about it


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    _kinds[kind.slug] = kind


def kinds() -> list[Kind]:
    return list(_kinds.values())


def kind(slug: str) -> Kind:
    return _kinds[slug]


register(
    Kind(
        "security",
        _("Safety of my account: log-ins, password, e-mail address, second factor"),
        is_fixed=True,
    )
)
register(Kind("news", _("News about Pocket, a few times a year"), is_on=False))
