from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from accounts.models import User


class People(Sitemap):
    """The pages of those who let search engines in."""

    def items(self) -> list[str]:
        shown = User.living.filter(is_active=True, profile__is_indexed=True)
        if settings.VERIFY_EMAIL:  # as in User.may_be_seen
            shown = shown.filter(emailaddress__verified=True).distinct()
        return list(shown.order_by("username").values_list("username", flat=True))

    def location(self, item: str) -> str:
        return reverse("people:person", args=[item])
