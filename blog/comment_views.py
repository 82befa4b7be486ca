"""Commenting: the pages of a comment, and the forms. Each reader gets their own."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blog import comments
from blog.bans import MODERATE, Ban
from blog.comment_forms import CommentForm, EditForm, PatientForm, ReportForm
from blog.comments import Comment, Talk, place_of
from blog.posts import PUBLISH, FormerSlug, Post
from once.models import AlreadySpentError
from pocket.web.errors import Missing
from pocket.web.http import Request, render_page
from pocket.web.left_behind import leave_behind, left_behind, sent_too_late


def members_only(view: Callable) -> Callable:
    """Send strangers to log in; from there to what they wrote, or to the comment."""

    @wraps(view)
    def guarded(request: Request, slug: str, pk: UUID | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, slug, pk) if pk else view(request, slug)
        if request.method != "POST":
            return redirect_to_login(request.get_full_path())
        if leave_behind(request):
            return redirect_to_login(request.path)
        page = f"/blog/{slug}/comments/"
        return redirect_to_login(f"{page}{pk}/" if pk else page)

    guarded.after_csrf_failure = sent_too_late
    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def say(request: Request, slug: str) -> HttpResponse:
    """A form of its own, for who logged in to comment; what the story's page sends it to."""
    post = post_or_404(slug)
    form = CommentForm(**sent(request), label_suffix="")

    if form.is_valid() and (said := _save(request, form, post)):
        return said

    context = {"post": post, "form": form, **standing(post, request.user)}
    return _form_page(request, "blog/comment_form.html", context, partial="say")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def reply(request: Request, slug: str, pk: UUID) -> HttpResponse:
    to = comment_or_404(request, pk)
    if to.parent_id:  # one level deep; what is above an answer need not be there any more
        to = comment_or_404(request, to.parent_id)
    form = CommentForm(
        **sent(request),
        label_suffix="",
        auto_id=f"reply-{to.pk}-%s",
    )
    form.fields["body"].label = _("Your reply")
    if not form.is_bound and request.htmx.request_type == "partial":
        take_focus(form)

    if form.is_valid() and (said := _save(request, form, to.post, to)):
        return said

    context = {"post": to.post, "to": to, "form": form, **standing(to.post, request.user)}
    return _form_page(request, "blog/reply_form.html", context, partial="reply")


@require_safe
def comment(request: Request, slug: str, pk: UUID) -> HttpResponse:
    """One comment, with what its reader may do with it."""
    found = comment_or_404(request, pk)
    if found.post.slug != slug:
        return redirect(found)
    is_mine = request.user.is_authenticated and found.author_id == request.user.pk
    may_moderate = request.user.has_perm(MODERATE)
    context = {
        "comment": found,
        "post": found.post,
        "is_mine": is_mine,
        "is_open": comments.is_open(found.post),
        "ban": Ban.objects.on(request.user) if is_mine else None,
        "place": place_of(found) if found.is_readable else "",
        "may_moderate": may_moderate,
    }
    if may_moderate:
        context |= {"earlier": found.earlier.all(), "reports": found.reports.open()}
    return TemplateResponse(request, "blog/comment_page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def edit(request: Request, slug: str, pk: UUID) -> HttpResponse:
    mine = own_or_404(request, pk)
    if request.method != "POST" and not mine.is_editable:
        messages.info(request, mine.why_not_editable)
        return redirect(mine)
    form = EditForm(**sent(request, body=mine.body), label_suffix="")

    if form.is_valid() and form.save(mine, by=request.user):
        _tell(request, mine, _("Your comment is changed."))
        return redirect(_where(mine))

    context = {"comment": mine, "post": mine.post, "form": form}
    return _form_page(request, "blog/comment_edit.html", context)


@require_POST
@members_only
def delete(request: Request, slug: str, pk: UUID) -> HttpResponse:
    mine = own_or_404(request, pk)
    mine.remove(by=request.user)
    messages.success(request, _("Your comment is deleted."))
    return redirect(f"{mine.post.get_absolute_url()}#comments")


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def report(request: Request, slug: str, pk: UUID) -> HttpResponse:
    about = comment_or_404(request, pk)
    if about.author_id == request.user.pk:
        messages.info(request, _("This is your own comment. You can delete it."))
        return redirect(about)
    form = ReportForm(**sent(request), label_suffix="")

    if form.is_valid() and (is_first := form.save(about, by=request.user)) is not None:
        if is_first:
            messages.success(request, _("Thank you. A moderator will look at it."))
        else:
            messages.info(request, _("You reported this one already."))
        return redirect(about)

    context = {"comment": about, "post": about.post, "form": form}
    return _form_page(request, "blog/comment_report.html", context)


def sent(request: Request, **initial: str) -> dict:
    """What a form is made of: what was sent, or was when its writer had been logged out."""
    if request.method == "POST":
        return {"data": request.POST}
    return {"initial": initial | left_behind(request)}


# --- What is found ------------------------------------------------------------------------------


def post_or_404(slug: str) -> Post:
    post = Post.objects.public().filter(slug=slug).first()
    if post is None:
        former = FormerSlug.objects.filter(slug=slug).select_related("post").first()
        post = former.post if former and former.post.is_public else None
    if post is None:
        raise Missing(_("There is no story at this address."))
    return post


def comment_or_404(request: Request, pk: UUID) -> Comment:
    """A comment that the person may see, of a story that they may read."""
    seen = Comment.objects.visible_to(request.user).filter(pk=pk)
    found = seen.select_related("post__author", "author", "parent__author").first()
    if found is None or not found.post.is_public:
        raise Missing(_("There is no comment at this address, or not any more."))
    return found


def own_or_404(request: Request, pk: UUID) -> Comment:
    found = comment_or_404(request, pk)
    if found.author_id != request.user.pk:
        raise PermissionDenied("It is somebody else's.")
    return found


def standing(post: Post, person) -> dict:
    """What somebody who wants to comment has to know: why they may not, and what waits."""
    return {
        "why_not": comments.why_not(post, person),
        "unseen": post.comments.by(person).unseen().order_by("-id")[:5],
        # Asks the database for those with a role alone.
        "may_close": person.is_staff and (person.has_perm(PUBLISH) or person.has_perm(MODERATE)),
    }


# --- What is answered ---------------------------------------------------------------------------


def _save(
    request: Request, form: CommentForm, post: Post, to: Comment | None = None
) -> HttpResponse | None:
    """Post it and show where it is; nothing if it may not be."""
    try:
        said = form.save(post, by=request.user, to=to)
    except AlreadySpentError as first:
        said = post.comments.by(request.user).filter(pk=first.answer).first()
        return redirect(_where(said) if said else post)
    if said is None:
        return None
    said.is_banned = False
    _tell(request, said, _("Your comment is published."))
    if request.htmx.request_type != "partial":
        return redirect(_where(said))
    context = {"post": post, "said": said, "to": to, "thread": {"is_open": True}}
    if to is None:
        form = CommentForm(label_suffix="")
        take_focus(form)
        context |= {"talk": Talk(said.thread, said), "form": form, **standing(post, request.user)}
    return TemplateResponse(request, "blog/_said.html", context)


def take_focus(form: CommentForm) -> None:
    """For a form that takes the place of what had the focus."""
    form.fields["body"].widget.attrs["autofocus"] = True


def _tell(request: Request, comment: Comment, words: str) -> None:
    if comment.is_waiting:
        messages.success(request, _("Thank you. Your comment waits for a moderator."))
    else:
        messages.success(request, words)


def _where(comment: Comment) -> str:
    """Where its author finds it: in the thread, or on its own page, which says why it waits."""
    is_shown = comment.status == Comment.Status.SHOWN
    return place_of(comment) if is_shown else comment.get_absolute_url()


def _form_page(
    request: Request, template: str, context: dict, partial: str = ""
) -> TemplateResponse:
    form: PatientForm = context["form"]
    # On a page of its own there is no thread into which htmx could put what was said.
    context["is_apart"] = request.htmx.request_type != "partial"
    if partial:
        answer = render_page(request, template, context, partial=partial, status=form.status)
    else:
        answer = TemplateResponse(request, template, context, status=form.status)
    if form.wait:
        answer["Retry-After"] = str(form.wait)
    return answer
