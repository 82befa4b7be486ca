from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch, resolve

from accounts.reauthentication import forget_waiting, waiting_for


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
        if not (request.user.is_authenticated and request.user.is_removed):
            return None
        if not self.is_open(request.resolver_match):
            return redirect("privacy:delete")
        # Sent before they left, it would act after the proof, without passing here.
        if (path := waiting_for(request)) and not self.is_open(resolve(path)):
            forget_waiting(request)
        return None

    def is_open(self, place: ResolverMatch) -> bool:
        return place.view_name in self.OPEN or place.namespace == "privacy"
