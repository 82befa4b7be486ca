from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


class WayBack:
    """Whoever deleted their account finds one page: where they may come back, until it is erased.

    They may also take their data along, log out, write to the people who run the site, and read
    what is the same for all.
    """

    OPEN = {
        "account_logout",
        "account_reauthenticate",
        "contact:contact",
        "contact:receipt",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "privacy",
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args, kwargs):
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or getattr(
            view, "is_neutral", False
        ):
            return None
        place = request.resolver_match
        if place.view_name in self.OPEN or place.namespace == "privacy":
            return None
        if request.user.is_authenticated and request.user.is_removed:
            return redirect("privacy:delete")
        return None
