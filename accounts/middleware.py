import time
from collections.abc import Callable
from contextlib import ExitStack

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.session_end import BEGAN, SEEN
from accounts.sessions import OFTEN
from pocket.web import numbers

PROOFS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class Presence:
    """Let a session live on while it is used, and note when it was seen last."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Only where somebody asked who it is: a page for all must not look at the session.
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated and request.session.session_key:
            self.note(request)
        if request.method == "POST" and request.path_info == "/accounts/logout/":
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def note(self, request: HttpRequest) -> None:
        now = int(time.time())
        if now - request.session.get(SEEN, 0) < OFTEN:
            return
        request.session.setdefault(BEGAN, now)
        request.session[SEEN] = now  # saved with a new end by the session's own middleware
        UserSession.objects.filter(session_key=request.session.session_key).update(
            last_seen_at=timezone.now()
        )


class StaffProof:
    """Where REQUIRE_STAFF_MFA says so, staff have a second factor before their rooms open."""

    ROOMS = ("/admin/", "/dashboard/", "/contact/inbox/")
    OPEN = ("/admin/login/", "/admin/logout/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if (
            settings.REQUIRE_STAFF_MFA
            and path.startswith(self.ROOMS)
            and not path.startswith(self.OPEN)
            and request.user.is_staff
            and not is_mfa_enabled(request.user, PROOFS)
        ):
            words = _("Staff need a second proof on this site. Set one up, then go on.")
            messages.warning(request, words)
            return redirect("mfa_index")
        return self.get_response(request)


class ReaderPreferences:
    """Speak to a reader with a session in the language and the numbers that they chose.

    Before the view, so that the page cache keeps a page for each choice. Visitors have none, and
    a view that says it is neutral costs no look at who asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as request.manner:
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args, kwargs) -> None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return
        if getattr(view, "is_neutral", False) or not request.user.is_authenticated:
            return
        request.manner.enter_context(numbers.written_in(request.user.chosen_numbers))
        if language := request.user.chosen_language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
