"""What editors do to a story beside writing it. Each deed has a form with the story's version."""

import re
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blog import checklist, comparing
from blog.content import Content
from blog.drafts import version_in
from blog.editing import shown
from blog.editing_access import editors_only, post_or_404
from blog.editing_forms import PublishForm
from blog.links import DAYS, ShareLink
from blog.posts import OutdatedError, Post
from once.models import AlreadySpentError, spend
from pocket.web.errors import Missing
from pocket.web.http import Request, render_page
from pocket.web.keyset import keyset_page

PAGE = 50
KEY_OF_POST = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch


# --- One story ----------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only("blog.publish_post")
def publish(request: Request, slug: str) -> HttpResponse:
    """The checklist, and below it: now, or on a day."""
    post = post_or_404(slug)
    content = post.content
    found = checklist.check(content)
    form = PublishForm(
        request.POST if request.method == "POST" else None,
        warnings=found.warnings,
        initial={"version": post.version, **_planned(post)},
    )
    if form.is_bound and form.is_valid() and not found.errors:
        try:
            return _published(request, post, form)
        except OutdatedError as error:
            return outdated(request, error.post)
        except ValidationError as error:
            post.refresh_from_db()
            form.add_error(None, error.messages)
    lines = content.body.split("\n")
    context = {
        "post": post,
        "content": content,
        "form": form,
        "errors": [_with_text(it, lines) for it in found.errors],
        "warnings": [_with_text(it, lines) for it in found.warnings],
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "blog/publish.html", context, status=status)


def _planned(post: Post) -> dict:
    if not post.is_scheduled:
        return {}
    return {"when": PublishForm.LATER, "at": localtime(post.published_at)}


def _with_text(finding: checklist.Finding, lines: list[str]) -> tuple[checklist.Finding, str]:
    return finding, lines[finding.line - 1][:120] if 0 < finding.line <= len(lines) else ""


def _published(request: Request, post: Post, form: PublishForm) -> HttpResponse:
    at = form.cleaned_data["at"]
    page = reverse("blog:edit", args=[post.slug])
    try:
        with transaction.atomic():
            spend(form.cleaned_data["once"], page)
            if at is None and post.is_scheduled:  # sooner than it was to be
                at = timezone.now()
            post.publish(version=version_in(request.POST), by=request.user, at=at)
    except AlreadySpentError as error:
        return redirect(error.answer)
    if post.is_scheduled:
        day = date_format(localtime(post.published_at), "d M Y, H:i")
        words = _("The story will be published on %(day)s (India).") % {"day": day}
    else:
        words = _("The story is published.")
    messages.success(request, words)
    return redirect("blog:edit", post.slug)


@require_POST
@editors_only("blog.publish_post")
def withdraw(request: Request, slug: str) -> HttpResponse:
    said = _("The story is a draft again; readers find it no more.")
    return _done(request, post_or_404(slug), Post.withdraw, said)


@require_POST
@editors_only("blog.publish_post")
def archive(request: Request, slug: str) -> HttpResponse:
    said = _("The story is in the archive; readers find it no more.")
    return _done(request, post_or_404(slug), Post.archive, said)


@require_POST
@editors_only("blog.delete_post")
def bin_story(request: Request, slug: str) -> HttpResponse:
    said = _("The story is in the bin. After 30 days it is deleted for good.")
    return _done(request, post_or_404(slug), Post.remove, said)


@require_POST
@editors_only("blog.delete_post")
def restore(request: Request, slug: str) -> HttpResponse:
    post = post_or_404(slug, Post.everything)
    return _done(request, post, Post.restore, _("The story is back from the bin."))


@require_POST
@editors_only("blog.change_post")
def restore_revision(request: Request, slug: str, number: int) -> HttpResponse:
    post = post_or_404(slug)
    if not post.revisions.filter(number=number).exists():
        raise Missing(_("The story has no revision of this number."))
    if post.is_published:  # readers would see it: the way for them is the checklist
        return _restored_for_later(request, post, number)

    def deed(post: Post, *, version: int, by) -> None:
        post.restore_revision(number, version=version, by=by)

    said = _("Revision %(number)s is the newest again.") % {"number": number}
    return _done(request, post, deed, said)


def _restored_for_later(request: Request, post: Post, number: int) -> HttpResponse:
    def deed(post: Post, *, version: int, by) -> None:
        old = Content.of(post.revisions.get(number=number).content)
        name = _("as in revision %(number)s") % {"number": number}
        post.revise(old, version=version, by=by, name=name, is_for_later=True)

    said = _("Revision %(number)s is the newest again. Publish it to show it to readers.")
    return _done(request, post, deed, said % {"number": number})


def _done(request: Request, post: Post, deed: Callable, said: str) -> HttpResponse:
    try:
        deed(post, version=version_in(request.POST), by=request.user)
    except OutdatedError as error:
        return outdated(request, error.post)
    except ValidationError as error:
        post.refresh_from_db()
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    if post.is_removed:
        return redirect(reverse("blog:stories", query={"status": "bin"}))
    return redirect("blog:edit", post.slug)


def outdated(request: Request, post: Post) -> HttpResponse:
    """Somebody was faster with this story: what they changed, and the way on. Nothing was done."""
    seen = post.revisions.filter(number=_seen_in(request)).first()
    differs = comparing.differences(Content.of(seen.content), post.content) if seen else []
    context = {
        "post": post,
        "newest": post.revisions.select_related("editor").get(number=post.newest),
        "differences": differs,
        "address": request.path,
        "fields": [
            (name, value)
            for name, values in request.POST.lists()
            for value in values
            if name not in ("csrfmiddlewaretoken", "version", "seen")
        ],
    }
    return TemplateResponse(request, "blog/outdated.html", context, status=409)


def _seen_in(request: Request) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


# --- A link for somebody to read a draft --------------------------------------------------------


@require_POST
@editors_only("blog.change_post")
def share(request: Request, slug: str) -> HttpResponse:
    post = post_or_404(slug)
    ShareLink.make(post, by=request.user)
    words = _("Whoever has the link can read the newest revision for %(days)s days.")
    messages.success(request, words % {"days": DAYS})
    return redirect(reverse("blog:edit", args=[post.slug], fragment="sharing"))


@require_POST
@editors_only("blog.change_post")
def unshare(request: Request, slug: str) -> HttpResponse:
    post = post_or_404(slug)
    ShareLink.revoke_all(post, by=request.user)
    messages.success(request, _("The link is dead."))
    return redirect(reverse("blog:edit", args=[post.slug], fragment="sharing"))


@require_safe
def shared(request: Request, token: str) -> HttpResponse:
    """The newest revision, for whoever has the link. A dead link looks as if it had never been."""
    link = ShareLink.opened_by(token)
    if link is None:
        raise Missing(_("Nobody shares a draft at this address, or not any more."))
    content = link.post.content
    context = {"post": link.post, "link": link, **shown(content.as_data())}
    response = TemplateResponse(request, "blog/shared.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


# --- Many stories -------------------------------------------------------------------------------

STATUSES = {
    "": lambda: Post.objects.all(),
    "draft": lambda: Post.objects.filter(status=Post.Status.DRAFT),
    "scheduled": lambda: Post.objects.scheduled(),
    "published": lambda: Post.objects.public(),
    "waiting": lambda: Post.objects.waiting(),
    "archived": lambda: Post.objects.filter(status=Post.Status.ARCHIVED),
    "bin": lambda: Post.everything.filter(removed_at__isnull=False),
}


@require_safe
@editors_only("blog.change_post")
def stories(request: Request) -> HttpResponse:
    """All stories, the newest first, whatever their status."""
    labels = {
        "": _("All"),
        "draft": _("Drafts"),
        "scheduled": _("Scheduled"),
        "published": _("Published"),
        "waiting": _("With waiting changes"),
        "archived": _("Archived"),
        "bin": _("Bin"),
    }
    status = request.GET.get("status", "")
    status = status if status in STATUSES else ""
    words = request.GET.get("q", "").strip().replace("\0", "")[:200]
    found = STATUSES[status]().defer("body", "html", "text", "headings").select_related("author")
    if words:
        found = found.filter(title__icontains=words)
    context = {
        "page": keyset_page(found, request.GET, ("-id",), size=PAGE),
        "statuses": labels.items(),
        "status": status,
        "q": words,
        "filters": {"status": status, "q": words},
    }
    return render_page(request, "blog/stories.html", context, partial="stories")


@require_POST
@editors_only("blog.publish_post")
def bulk_archive(request: Request) -> HttpResponse:
    return _bulk(request, Post.archive)


@require_POST
@editors_only("blog.publish_post")
def bulk_withdraw(request: Request) -> HttpResponse:
    return _bulk(request, Post.withdraw)


@require_POST
@editors_only("blog.delete_post")
def bulk_bin(request: Request) -> HttpResponse:
    return _bulk(request, Post.remove)


@require_POST
@editors_only("blog.delete_post")
def bulk_restore(request: Request) -> HttpResponse:
    return _bulk(request, Post.restore)


def _bulk(request: Request, deed: Callable) -> HttpResponse:
    """Do it to all that are ticked, or to none: one that was changed meanwhile stops it."""
    chosen = ticked(request)
    if not chosen:
        messages.error(request, _("Nothing was done: tick at least one story."))
        return redirect("blog:stories")
    # In one order for all: two at once would wait for each other.
    found = list(Post.everything.filter(pk__in=chosen).order_by("pk"))
    changed = []
    try:
        with transaction.atomic():
            for post in found:
                try:
                    deed(post, version=chosen[str(post.pk)], by=request.user)
                except OutdatedError as error:
                    changed.append(error.post)
            if changed:
                transaction.set_rollback(True)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("blog:stories")
    if changed:
        context = {"changed": changed, "others": len(found) - len(changed)}
        return TemplateResponse(request, "blog/outdated_many.html", context, status=409)
    count = len(found)
    words = ngettext("%(count)s story is done.", "%(count)s stories are done.", count)
    messages.success(request, words % {"count": count})
    return redirect("blog:stories")


def ticked(request: Request) -> dict[str, int]:
    """The versions of the ticked stories, by their keys; what nobody of ours sent is left out."""
    found = {}
    for value in request.POST.getlist("story")[: 4 * PAGE]:
        key, _colon, version = value.partition(":")
        if KEY_OF_POST(key) and version.isascii() and version.isdigit() and len(version) < 10:
            found[key] = int(version)
    return found
