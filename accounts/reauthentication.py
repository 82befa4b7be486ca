"""Asking people who are logged in once more who they are, before a deed that matters."""

import json

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import reauthentication
from allauth.core.internal.httpkit import serialize_request
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode


def is_recent(request: HttpRequest) -> bool:
    """Whether they showed it in the last ten minutes (ACCOUNT_REAUTHENTICATION_TIMEOUT)."""
    return reauthentication.did_recently_reauthenticate(request)


def asked_again(request: HttpRequest, *, keeps: bool) -> HttpResponse:
    """Lead to that page. With `keeps`, the form that was sent acts once they have shown it.

    It waits in their session till then, so never with a password in it. allauth would forget it
    where the address has a query.
    """
    ways = get_adapter().get_reauthentication_methods(request.user)
    following = request.get_full_path()
    if keeps and request.method == "POST":
        following = request.path
        kept = {"request": serialize_request(request)}
        request.session[reauthentication.STATE_SESSION_KEY] = kept
    return redirect(f"{ways[0]['url']}?{urlencode({'next': following})}")


def waiting_for(request: HttpRequest) -> str:
    """Return the address that a form was sent to which waits for that; "" if none does."""
    kept = request.session.get(reauthentication.STATE_SESSION_KEY, {})
    return json.loads(kept["request"])["path_info"] if "request" in kept else ""


def forget_waiting(request: HttpRequest) -> None:
    request.session.pop(reauthentication.STATE_SESSION_KEY, None)
