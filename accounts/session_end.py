"""When a session ends, whatever is asked with it, and what its reader is told.

Asked where somebody asks who it is, of what the session holds anyway: it costs no query, and pages
for all do not look. A session that its browser or the table forgot (12 hours, or 14 days where
the reader stays signed in) cannot be told from none, so those readers get the log-in page alone,
and what they sent then is lost: nobody can know whose it is.

Staff have two hours without a request (STAFF_IDLE_MINUTES), counted in steps of five minutes. For
them "stay signed in" means nothing: a rest of 14 days is what that limit is there to prevent.
"""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.sessions import is_over
from audit.trail import SECRET

SEEN, BEGAN, IS_STAFF, KEPT = "seen", "began", "is_staff", "kept_form"
KEPT_FOR = 15 * 60
MOST_KEPT = 64 * 1024
DOORS = (settings.LOGIN_URL, "/admin/login/")


def begin(session, person) -> None:
    """Note at log-in what `is_over` asks for."""
    session[SEEN] = session[BEGAN] = int(time.time())
    session[IS_STAFF] = is_staff(person)


def is_staff(person) -> bool:
    return person.is_staff or bool(person.get_all_permissions())


class Authentication(AuthenticationMiddleware):
    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: person_of(request))


def person_of(request: HttpRequest):
    if not hasattr(request, "_cached_user"):
        person, session = auth.get_user(request), request.session
        if person.is_authenticated and is_over(
            began=session.get(BEGAN),
            seen=session.get(SEEN),
            staff=person.is_staff or session.get(IS_STAFF, False),
        ):
            UserSession.objects.filter(session_key=session.session_key).delete()
            session.flush()
            request.ended_of, person = person, AnonymousUser()
        request._cached_user = person
    return request._cached_user


class EndedSession:
    """Tell the reader of a session that has just ended, and keep the form that they sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if person := getattr(request, "ended_of", None):
            messages.info(request, self.words(request, response, person))
        return response

    def words(self, request: HttpRequest, response: HttpResponse, person) -> str:
        if request.method != "POST" or not response.get("Location", "").startswith(DOORS):
            return _("Your session ended. Log in again to go on.")
        if keep(request, person):
            return _("Your session ended. Log in again: what you sent is kept for 15 minutes.")
        return _("Your session ended. Log in again, then send the form once more.")


def keep(request: HttpRequest, person) -> bool:
    """Keep what was sent for this person's next log-in; no secrets, no files, nothing huge."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    is_secret = any(
        word in name.lower() for name, _value in fields for word in (*SECRET, "credential")
    )
    if is_secret or request.FILES or sum(len(n) + len(v) for n, v in fields) > MOST_KEPT:
        return False
    request.session[KEPT] = {
        "person": str(person.pk),
        "until": int(time.time()) + KEPT_FOR,
        "path": request.get_full_path(),
        "fields": fields,
    }
    return True


def kept_for(request: HttpRequest) -> dict | None:
    """Return the form that waits for whoever is logged in now."""
    kept = request.session.get(KEPT)
    if kept and kept["person"] == str(request.user.pk) and kept["until"] > time.time():
        return kept
    request.session.pop(KEPT, None)
    return None
