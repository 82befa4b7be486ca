"""Lines in the log about people coming and going, for whoever watches the site.

No names and no addresses: an event, the request it happened in, and the person's key where they
are known. The lines of one request, and the route, are found by that id.
"""

import logging

from allauth.account import signals as account_signals
from allauth.mfa import signals as mfa_signals
from django.contrib.auth import signals as auth_signals
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin

from pocket.web import current

logger = logging.getLogger("pocket.people")
TOO_MANY = "too_many_login_attempts"


def note(event: str, request: HttpRequest | None, person=None) -> None:
    request_id = request.META.get("pocket.request_id") if request else None
    fields = {"event": event, "id": request_id or current.origin().request_id}
    if person is not None and person.pk:
        fields["user"] = str(person.pk)
    logger.info(event, extra={"fields": fields})


def listen() -> None:
    account_signals.user_signed_up.connect(signed_up)
    auth_signals.user_logged_in.connect(logged_in)
    auth_signals.user_logged_out.connect(logged_out)
    auth_signals.user_login_failed.connect(log_in_failed)
    mfa_signals.authentication_failed.connect(proof_failed)
    account_signals.email_verification_code_rejected.connect(code_rejected)
    account_signals.password_reset_code_rejected.connect(code_rejected)


def signed_up(request, user, **kwargs) -> None:
    note("signed_up", request, user)


def logged_in(request, user, **kwargs) -> None:
    note("logged_in", request, user)


def logged_out(request, user, **kwargs) -> None:
    note("logged_out", request, user)


def log_in_failed(request=None, **kwargs) -> None:
    """Whose account it was is not looked up: that would take time only where there is one."""
    note("log_in_failed", request)


def proof_failed(request, user, **kwargs) -> None:
    note("second_proof_failed", request, user)


def code_rejected(request, user, last_attempt, **kwargs) -> None:
    if last_attempt:
        note("limit_hit", request, user)


class RefusalLog(MiddlewareMixin):
    """Note whom the site said no to: 403, 429, and a form of "too many tries"."""

    EVENTS = {403: "permission_denied", 429: "limit_hit"}

    def process_template_response(self, request: HttpRequest, response):
        form = (response.context_data or {}).get("form")
        is_bound = getattr(form, "is_bound", False)
        if is_bound and any(form.has_error(name, TOO_MANY) for name in form.errors):
            note("limit_hit", request, getattr(request, "_cached_user", None))
        return response

    def process_response(self, request: HttpRequest, response):
        if event := self.EVENTS.get(response.status_code):
            note(event, request, getattr(request, "_cached_user", None))
        return response
