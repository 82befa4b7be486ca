from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.person_links import Link
from passport.models import Passport


def link_of(person) -> Link | None:
    """The passport as whoever has its link sees it, for the person's own page."""
    passport = Passport.objects.of(person)
    if not passport.is_shared:
        return None
    return Link(
        _("My passport: the states I visited"), reverse("passport:shared", args=[passport.code])
    )
