"""Words of a form that came when its sender was logged out, or with a token that was too old.

They wait in the session until the page of that form is opened again, and act by nobody else's hand.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from pocket.web.client import client_address
from pocket.web.limits import Limit

KEY = "left_behind"
MOST = 30_000  # characters
STRANGERS = Limit("left-behind", 20, 60 * 60)  # each makes a session
OURS = ("csrfmiddlewaretoken", "version")  # what nobody typed


def leave_behind(request: HttpRequest) -> bool:
    """Keep what was typed; False if nothing was, or too much."""
    typed = {name: text for name, text in request.POST.items() if name not in OURS and text}
    if not typed.keys() - {"once"} or sum(map(len, typed.values())) > MOST:
        return False
    if not request.user.is_authenticated and STRANGERS.take(client_address(request)):
        return False
    request.session[KEY] = {"address": request.path, "typed": typed}
    return True


def left_behind(request: HttpRequest, address: str = "") -> dict:
    """What was typed into the form that is sent to this address, for its `initial`; but once."""
    left = request.session.get(KEY)
    if request.method == "POST" or not left or left["address"] != (address or request.path):
        return {}
    del request.session[KEY]
    return left["typed"]


def sent_too_late(request: HttpRequest, page: str = "") -> HttpResponse | None:
    """For `after_csrf_failure`: lead back to the form, with the words in it and a fresh token.

    Not for strangers: a form of another site comes without the session, and must not make one.
    """
    if not request.user.is_authenticated or not leave_behind(request):
        return None
    words = _(
        "The form was open for too long, so nothing was sent. Your words are here; send again."
    )
    messages.warning(request, words)
    return HttpResponseRedirect(page or request.path)
