"""What a story said over time: its revisions, and what differs between any two."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from blog import comparing
from blog.content import Content
from blog.editing import shown
from blog.editing_access import editors_only, post_or_404
from blog.posts import Post
from blog.revisions import Revision
from pocket.web.errors import Missing
from pocket.web.http import Request, render_page
from pocket.web.keyset import keyset_page

PAGE = 50


@require_safe
@editors_only("blog.change_post")
def history(request: Request, slug: str) -> HttpResponse:
    """The revisions; `?from=2&to=5` shows what differs between two of them."""
    post = post_or_404(slug)
    revisions = post.revisions.defer("content").select_related("editor")
    old, new = (_asked_for(request, post, name) for name in ("from", "to"))
    context = {
        "post": post,
        "page": keyset_page(revisions, request.GET, ("-number",), size=PAGE),
        "old": old,
        "new": new,
        "numbers": {"from": old.number, "to": new.number} if old and new else {},
        "from_now": old.number if old else max(1, post.newest - 1),
        "to_now": new.number if new else post.newest,
    }
    if old and new:
        context["differences"] = comparing.differences(
            Content.of(old.content), Content.of(new.content)
        )
    return render_page(request, "blog/history.html", context, partial="history")


def _asked_for(request: Request, post: Post, name: str) -> Revision | None:
    text = request.GET.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    return post.revisions.select_related("editor").filter(number=int(text)).first()


@require_safe
@editors_only("blog.change_post")
def revision(request: Request, slug: str, number: int) -> HttpResponse:
    """One revision as readers would see it, and its source."""
    post = post_or_404(slug)
    found = post.revisions.select_related("editor").filter(number=number).first()
    if found is None:
        raise Missing(_("The story has no revision of this number."))
    content = Content.of(found.content)
    context = {"post": post, "revision": found, "content": content, **shown(content.as_data())}
    return TemplateResponse(request, "blog/revision.html", context)
