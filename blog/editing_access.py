"""Who may write. A stranger is led to log in, and what they had written waits for them there."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from blog.drafts import Draft, typed, version_in
from blog.posts import Post
from once.forms import KEY
from once.models import new_key
from pocket.web.client import client_address
from pocket.web.errors import Missing
from pocket.web.http import Request
from pocket.web.limits import Limit

LEFT_BEHIND = "words_left_behind"  # in the session of whoever was logged out while they wrote
MOST = 250_000  # characters
STASHES = Limit("story-left-behind", 20, 60 * 60)


def editors_only(permission: str, *, in_background: bool = False) -> Callable:
    """Let in who has the permission. Asked before anything is looked up, so that no answer tells
    others which drafts there are.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request: Request, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                if in_background:
                    words = _("You are logged out. Log in again in another window.")
                    return JsonResponse({"error": words}, status=401)
                return _to_log_in(request, kwargs)
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.after_csrf_failure = words_again
        return guarded

    return decorate


def post_or_404(slug: str, posts=Post.objects) -> Post:
    found = posts.at(slug)
    if found is None:
        raise Missing(_("There is no story at this address."))
    return found


# --- What was written when the session ended ----------------------------------------------------


def _to_log_in(request: Request, kwargs: dict) -> HttpResponse:
    if request.method != "POST":
        return redirect_to_login(request.get_full_path())
    slug = kwargs.get("slug")
    page = reverse("blog:edit", args=[slug]) if slug else reverse("blog:write")
    if not request.POST.get("body"):
        return redirect_to_login(page)
    words = typed(request.POST)
    is_too_much = len(words["body"]) > MOST or STASHES.take(client_address(request))
    if is_too_much:
        return say_again(request)
    # Logging in keeps what the session of a stranger holds.
    request.session[LEFT_BEHIND] = {
        "page": page,
        "typed": words,
        "version": version_in(request.POST),
    }
    return redirect_to_login(page)


def left_behind(request: Request, post: Post | None) -> Draft | None:
    """Take up what this person wrote on this page before they were logged out."""
    left = request.session.get(LEFT_BEHIND)
    if left is None or left["page"] != request.path:
        return None
    del request.session[LEFT_BEHIND]
    return Draft.keep(
        post, by=request.user, form=new_key(), typed=left["typed"], version=left["version"]
    )


def words_again(request: Request) -> HttpResponse | None:
    """The words of a form that was too old, if it had any."""
    return say_again(request) if request.POST.get("body") else None


def say_again(request: Request, status: int = 403) -> HttpResponse:
    """Show the words of a form that was refused, so that they can be sent again or copied."""
    words = typed(request.POST)
    slug = request.resolver_match.kwargs.get("slug")
    has_story = slug and status == 403
    context = {
        "typed": words,
        "version": version_in(request.POST),
        "once": request.POST.get("once", "") if KEY(request.POST.get("once", "")) else new_key(),
        "address": reverse("blog:preview-of", args=[slug])
        if has_story
        else reverse("blog:preview"),
        "is_logged_out": not request.user.is_authenticated,
        "is_gone": status == 404,
    }
    response = TemplateResponse(request, "blog/write_again.html", context, status=status)
    return response.render()
