"""What somebody wrote when their session had ended, or when their form was too old."""

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.template.response import TemplateResponse

from blog.comment_forms import AgainForm
from pocket.web.client import client_address
from pocket.web.http import Request
from pocket.web.limits import Limit

LEFT_BEHIND = Limit("comment-left-behind", 20, 60 * 60)
KEY = "comment_left_behind"  # in the session: logging in keeps what that of a stranger holds
MOST = 20_000  # characters
FIELDS = ("body", "words", "reason")


def to_log_in(request: Request, page: str) -> HttpResponse:
    """Lead a stranger to log in, and then to the form with their words; without any, to `page`."""
    sent = {name: request.POST[name] for name in FIELDS if request.POST.get(name)}
    if not sent:
        return redirect_to_login(page)
    if sum(map(len, sent.values())) <= MOST and not LEFT_BEHIND.take(client_address(request)):
        request.session[KEY] = {"page": request.path, "sent": sent}
    return redirect_to_login(request.path)


def left_behind(request: Request) -> dict[str, str]:
    """Take up what this person wrote on this page before they were logged out."""
    left = request.session.get(KEY)
    if left is None or left["page"] != request.path:
        return {}
    del request.session[KEY]
    return left["sent"]


def words_again(request: Request) -> HttpResponse | None:
    """The words of a form that was too old, in a fresh one; nothing where there were none."""
    if not request.POST.get("body"):
        return None
    form = AgainForm(initial=request.POST.dict(), label_suffix="")
    context = {"form": form, "address": request.path}
    return TemplateResponse(request, "blog/comment_again.html", context, status=403).render()
