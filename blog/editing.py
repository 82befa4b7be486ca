"""The pages of editors: the editor itself, with preview, autosave and what two do at once.

All is private and answers `no-store`, the default of the house.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blog import checklist, comparing, facts, images
from blog.content import Content
from blog.drafts import OFFERED, Draft, is_saved_in, saved_with, typed, typed_of, version_in
from blog.editing_access import editors_only, left_behind, post_or_404, say_again
from blog.editing_forms import StoryForm
from blog.posts import OutdatedError, Post
from blog.rendering import rendered
from once.forms import KEY
from once.models import AlreadySpentError, spend, unspent
from pocket.web.http import Request, render_page


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only("blog.add_post")
def write(request: Request) -> HttpResponse:
    if draft := left_behind(request, None):
        return redirect(reverse("blog:write", query={"draft": draft.pk}))
    return _editor(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only("blog.change_post")
def edit(request: Request, slug: str) -> HttpResponse:
    if request.method == "POST":
        post = Post.everything.at(slug)
        if post is None:  # deleted for good meanwhile
            return say_again(request, status=404)
        return _editor(request, post)
    post = post_or_404(slug)
    if draft := left_behind(request, post):
        return redirect(reverse("blog:edit", args=[post.slug], query={"draft": draft.pk}))
    if post.slug != slug:
        return redirect(reverse("blog:edit", args=[post.slug], query=request.GET))
    return _editor(request, post)


def _editor(request: Request, post: Post | None) -> HttpResponse:
    if request.method != "POST":
        return _editor_page(request, post, _fresh_form(request, post))
    form = _posted_form(request, post or saved_with(request.POST.get("once", "")))
    if form.post and form.post.is_removed:
        return conflict(request, form.post, form.data)
    if form.content is None:
        return _editor_page(request, post, form)
    try:
        return _saved(request, form)
    except OutdatedError as error:
        return conflict(request, error.post, form.data)
    except ValidationError as error:
        form.add_error(None, error)
    except IntegrityError:
        form.add_error("slug", _("Another story took this address a moment ago."))
    if post:
        post.refresh_from_db()  # it is as it was, and so are the addresses of its forms
    return _editor_page(request, post, form)


def _posted_form(request: Request, post: Post | None) -> StoryForm:
    form = StoryForm(request.POST, request.FILES, post=post, may_publish=_may_publish(request))
    form.full_clean()
    form.keep_pictures(by=request.user)
    if form.content and form.shows_now:
        for found in checklist.check(form.content).errors:
            where = _("Line %(line)s: ") % {"line": found.line} if found.line else ""
            form.add_error(found.field, where + found.words)
        form.content = form.content if form.is_valid() else None
    return form


def _saved(request: Request, form: StoryForm) -> HttpResponse:
    """Keep a revision, spend the form and its draft in one transaction, and lead on."""
    post, content = form.post, form.content
    address = _then(request, content.slug if not post or form.shows_now else post.slug)
    try:
        with transaction.atomic():
            spend(form.cleaned_data["once"], address)
            if post is None:
                post = Post.start(content, by=request.user)
            else:
                post.revise(
                    content,
                    version=version_in(request.POST),
                    by=request.user,
                    name=form.cleaned_data["name"],
                    is_for_later=not form.shows_now,
                )
            Draft.objects.of(request.user).filter(form=form.cleaned_data["once"]).delete()
    except AlreadySpentError as error:
        if form.post is None or is_saved_in(form.post, typed(request.POST)):
            return redirect(error.answer)
        raise OutdatedError(form.post) from error  # typed on, as the first answer never came
    messages.success(request, _("Saved for later.") if post.has_waiting_changes else _("Saved."))
    return redirect(_then(request, post.slug))


def _then(request: Request, slug: str) -> str:
    place = "publish" if request.POST.get("then") == "publish" else "edit"
    return reverse(f"blog:{place}", args=[slug])


def _may_publish(request: Request) -> bool:
    return request.user.has_perm("blog.publish_post")


# --- The form -----------------------------------------------------------------------------------


def _fresh_form(request: Request, post: Post | None) -> StoryForm:
    """What was saved, or the draft that the editor takes up; it keeps the form's key then."""
    draft = _draft_asked_for(request, post)
    if draft:
        initial = {**draft.typed, "once": draft.form, "version": draft.version}
    elif post:
        initial = {**typed_of(post.content), "version": post.version}
    else:
        initial = {}
    if post and post.is_published and not draft:
        initial["is_for_later"] = post.has_waiting_changes
    return StoryForm(initial=initial, post=post, may_publish=_may_publish(request))


def _draft_asked_for(request: Request, post: Post | None) -> Draft | None:
    key = request.GET.get("draft", "")
    mine = Draft.objects.of(request.user).about(post)
    return next((it for it in mine if str(it.pk) == key), None) if key else None


@dataclass(frozen=True)
class Offer:
    """Words of this editor that were not saved, and how they differ from what was."""

    draft: Draft
    differences: list


def _offers(request: Request, post: Post | None, *, but: str) -> list[Offer]:
    mine = Draft.objects.of(request.user).about(post).exclude(form=but)[:OFFERED]
    saved = post.content if mine and post else Content("", "")
    return [Offer(it, comparing.differences(saved, content_of(it.typed))) for it in mine]


def content_of(words: dict) -> Content:
    """What was typed, right or wrong, as a content to compare."""
    tags = tuple(part.strip() for part in words.get("tags", "").split(",") if part.strip())
    return Content.of({**words, "tags": tags})


def _editor_page(
    request: Request, post: Post | None, form: StoryForm, *, status: int | None = None, **more
) -> HttpResponse:
    own = str(form["once"].value())
    context = {
        "form": form,
        "post": post,
        "offers": [] if form.is_bound else _offers(request, post, but=own),
        "cover": images.cover(form["cover"].value() or ""),
        "addresses": _addresses(post),
        "link": post and post.share_links.valid().first(),
        "may_publish": _may_publish(request),
        **_preview_of(form),
        **more,
    }
    status = status or (422 if form.is_bound else 200)
    return render_page(request, "blog/write.html", context, partial="editor", status=status)


def _addresses(post: Post | None) -> dict[str, str]:
    if post is None:
        names = {"save": "write", "preview": "preview", "draft": "draft"}
        return {key: reverse(f"blog:{name}") for key, name in names.items()}
    names = {"save": "edit", "preview": "preview-of", "draft": "draft-of"}
    return {key: reverse(f"blog:{name}", args=[post.slug]) for key, name in names.items()}


# --- Preview ------------------------------------------------------------------------------------


@require_POST
@editors_only("blog.add_post")
def preview(request: Request) -> HttpResponse:
    return _preview(request, None)


@require_POST
@editors_only("blog.change_post")
def preview_of(request: Request, slug: str) -> HttpResponse:
    return _preview(request, post_or_404(slug))


def _preview(request: Request, post: Post | None) -> HttpResponse:
    """For htmx the preview alone. Without it the editor with the preview, and with the pictures

    that were sent along; nothing of the story is saved.
    """
    if request.htmx.request_type == "partial":
        words = typed(request.POST)
        return TemplateResponse(request, "blog/write.html#preview", shown(words))
    form = StoryForm(request.POST, request.FILES, post=post, may_publish=_may_publish(request))
    form.full_clean()
    form.keep_pictures(by=request.user)
    return _editor_page(request, post, form, status=200 if form.is_valid() else 422)


def _preview_of(form: StoryForm) -> dict:
    names = ("title", "dek", "body", "language", "cover", "cover_alt")
    return shown({name: form[name].value() or "" for name in names})


def shown(words: dict) -> dict:
    """What a template shows of a text, made as readers will see it."""
    made = rendered(words["body"])
    told = {name: words[name] for name in ("title", "dek", "language", "cover_alt")}
    told["cover"] = images.cover(words["cover"])
    html = facts.filled(made.html)
    count = len(made.text.split())
    return {"shown": {**told, "html": html, "words": count, "minutes": made.minutes}}


# --- Autosave -----------------------------------------------------------------------------------


@require_POST
@editors_only("blog.add_post", in_background=True)
def draft(request: Request) -> HttpResponse:
    return _kept_draft(request, None)


@require_POST
@editors_only("blog.change_post", in_background=True)
def draft_of(request: Request, slug: str) -> HttpResponse:
    return _kept_draft(request, post_or_404(slug, Post.everything))


def _kept_draft(request: Request, post: Post | None) -> HttpResponse:
    form = request.POST.get("once", "")
    if not KEY(form):
        return JsonResponse({"error": _("This form cannot be saved by itself.")}, status=422)
    version = version_in(request.POST)
    Draft.keep(post, by=request.user, form=form, typed=typed(request.POST), version=version)
    is_outdated = post is not None and version != post.version
    return JsonResponse({"saved": True, "outdated": is_outdated})


@require_POST
@editors_only("blog.add_post")
def drop_draft(request: Request, pk) -> HttpResponse:
    mine = get_object_or_404(Draft.objects.of(request.user).select_related("post"), pk=pk)
    mine.delete()
    messages.success(request, _("The unsaved words are dropped."))
    if mine.post is None or mine.post.is_removed:
        return redirect("blog:write")
    return redirect("blog:edit", mine.post.slug)


@require_safe
@editors_only("blog.add_post", in_background=True)
def token(request: Request) -> HttpResponse:
    """A fresh token for a form that was open while its editor logged in again elsewhere."""
    return JsonResponse({"token": get_token(request)})


# --- Two at once --------------------------------------------------------------------------------


def conflict(request: Request, theirs: Post, data: QueryDict) -> HttpResponse:
    """Both texts, what differs, and three ways on. Mine is kept as a draft, whatever comes next."""
    mine = typed(data)
    form = request.POST.get("once", "")
    if KEY(form):
        version = version_in(request.POST)
        Draft.keep(theirs, by=request.user, form=form, typed=mine, version=version)
        form = unspent(form)
    content = theirs.content
    newest = theirs.revisions.select_related("editor").get(number=theirs.newest)
    context = {
        "post": theirs,
        "mine": mine,
        "theirs": content,
        "newest": newest,
        "once": form,
        "differences": comparing.differences(content, content_of(mine)),
    }
    return render_page(request, "blog/conflict.html", context, partial="editor", status=409)


@require_POST
@editors_only("blog.change_post")
def merge(request: Request, slug: str) -> HttpResponse:
    """The editor with my words, theirs beside them, to make one text of both by hand."""
    post = post_or_404(slug)
    data = request.POST.copy()
    data["version"] = str(version_in(request.POST))
    form = StoryForm(data, post=post, may_publish=_may_publish(request))
    form.full_clean()
    return _editor_page(request, post, form, status=200, theirs=post.content)


@require_POST
@editors_only("blog.change_post")
def set_aside(request: Request, slug: str) -> HttpResponse:
    """Go on with what is saved, and keep what I typed as a draft."""
    post = post_or_404(slug, Post.everything)
    key = request.POST.get("once", "")
    if KEY(key):
        version = version_in(request.POST)
        Draft.keep(post, by=request.user, form=key, typed=typed(request.POST), version=version)
    messages.success(request, _("Your words are kept as a draft; here is what is saved."))
    if post.is_removed:
        return redirect(reverse("blog:stories", query={"status": "bin"}))
    return redirect("blog:edit", post.slug)
