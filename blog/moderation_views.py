"""What moderators decide, on plain pages. Who may not moderate does not learn that they exist."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from blog.bans import MODERATE, AlreadyBannedError, Ban
from blog.comment_forms import BanForm, ReasonForm
from blog.comment_reports import Report
from blog.comments import QUEUE, Comment, DecidedError
from blog.editing_access import post_or_404
from blog.posts import PUBLISH, Post
from pocket.web.http import Request
from pocket.web.keyset import keyset_page
from pocket.web.left_behind import leave_behind, left_behind, sent_too_late

ON_A_PAGE = 20


def moderators_only(view: Callable) -> Callable:
    """Send strangers to log in; from there to what they wrote, or to the queue."""

    @wraps(view)
    def guarded(request: Request, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            is_page = request.method != "POST" or leave_behind(request)
            queue = reverse("blog:moderate")
            return redirect_to_login(request.get_full_path() if is_page else queue)
        if not request.user.has_perm(MODERATE):
            raise Http404
        return view(request, *args, **kwargs)

    guarded.after_csrf_failure = sent_too_late
    return guarded


def closers_only(view: Callable) -> Callable:
    """Hand on the story to who may open and close its comments; a draft's to who publishes it."""

    @wraps(view)
    def guarded(request: Request, slug: str) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(reverse("blog:post", args=[slug]))
        if request.user.has_perm(PUBLISH):
            return view(request, post_or_404(slug))
        if not request.user.has_perm(MODERATE):
            raise Http404
        return view(request, post_or_404(slug, Post.objects.public()))

    return guarded


@require_safe
@moderators_only
def queue(request: Request) -> HttpResponse:
    """What waits and what was reported, the oldest first."""
    return _queue(request)


@require_POST
@moderators_only
def approve(request: Request, pk: UUID) -> HttpResponse:
    comment = _comment(pk)
    return _decided(
        request,
        lambda: comment.approve(version=_version(request), by=request.user),
        _("The comment is published."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@moderators_only
def refuse(request: Request, pk: UUID) -> HttpResponse:
    comment = _comment(pk)
    sent = request.POST if request.method == "POST" else None
    form = ReasonForm(sent, initial=left_behind(request), label_suffix="")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        return _decided(
            request,
            lambda: comment.refuse(version=_version(request), by=request.user, reason=reason),
            _("The comment is refused; its author reads why."),
        )
    version = _version(request) if form.is_bound else comment.version
    context = {"comment": comment, "form": form, "version": version}
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "blog/comment_refuse.html", context, status=status)


@require_POST
@moderators_only
def dismiss(request: Request, pk: UUID) -> HttpResponse:
    comment = _comment(pk)
    return _decided(
        request,
        lambda: comment.dismiss_reports(version=_version(request), by=request.user),
        _("The comment stays; the reports are settled."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@moderators_only
def ban(request: Request, pk: UUID) -> HttpResponse:
    """Ban the author of a comment; of a deleted account there is nobody to ban."""
    comment = _comment(pk)
    if comment.author is None:
        raise Http404
    sent = request.POST if request.method == "POST" else None
    form = BanForm(sent, initial=left_behind(request), label_suffix="")
    status = 422 if form.is_bound else 200
    if form.is_valid():
        days, reason = form.cleaned_data["length"], form.cleaned_data["reason"]
        try:
            Ban.impose(comment.author, by=request.user, reason=reason, days=days)
        except PermissionDenied:
            form.add_error(None, _("Nobody bans themselves or another moderator."))
        except AlreadyBannedError as first:
            form.add_error(None, _already(first.ban))
            status = 409
        else:
            messages.success(request, _("Nobody sees what they wrote any more."))
            return redirect("blog:bans")
    context = {"comment": comment, "form": form}
    return TemplateResponse(request, "blog/comment_ban.html", context, status=status)


@require_POST
@closers_only
def open_comments(request: Request, post: Post) -> HttpResponse:
    post.open_comments(by=request.user)
    messages.success(request, _("Comments on this story are open."))
    return _back_to(post)


@require_POST
@closers_only
def close_comments(request: Request, post: Post) -> HttpResponse:
    post.close_comments(by=request.user)
    messages.success(request, _("Comments on this story are closed; those that are there stay."))
    return _back_to(post)


@require_safe
@moderators_only
def ban_list(request: Request) -> HttpResponse:
    bans = Ban.objects.in_force().select_related("person", "imposed_by")
    context = {"page": keyset_page(bans, request.GET, ("-imposed_at", "-id"), size=ON_A_PAGE)}
    return TemplateResponse(request, "blog/ban_list.html", context)


@require_POST
@moderators_only
def lift(request: Request, pk: int) -> HttpResponse:
    if pk >= 2**63:
        raise Http404
    found = get_object_or_404(Ban.objects.select_related("person", "lifted_by"), pk=pk)
    if found.lift(by=request.user):
        messages.success(request, _("The ban is lifted: all they wrote is there again."))
    else:
        messages.info(request, _("This ban was over already."))
    return redirect("blog:bans")


def _back_to(post: Post) -> HttpResponse:
    if post.is_public:
        return redirect(f"{post.get_absolute_url()}#comments")
    return redirect("blog:edit", post.slug)


def _comment(pk: UUID) -> Comment:
    comments = Comment.objects.knowing_bans().of_public_stories()
    comments = comments.select_related("post", "author", "parent")
    return get_object_or_404(comments, pk=pk)


def _version(request: Request) -> int:
    """The version that the moderator saw; 0, which no comment has, if the form is broken."""
    told = request.POST.get("version", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0


def _decided(request: Request, decide: Callable[[], None], words: str) -> HttpResponse:
    """Decide and go on; whoever comes second is told who decided what."""
    try:
        decide()
    except DecidedError as first:
        return _queue(request, trouble=first_was(first.comment), status=409)
    messages.success(request, words)
    return redirect("blog:moderate")


def _queue(request: Request, *, trouble: str = "", status: int = 200) -> HttpResponse:
    waiting = Comment.objects.to_decide().select_related("post", "author", "parent", "claimed_by")
    reports = Prefetch("reports", Report.objects.open(), to_attr="open_reports")
    waiting = waiting.prefetch_related(reports, "earlier")
    page = keyset_page(waiting, request.GET, QUEUE, size=ON_A_PAGE)
    context = {"page": page, "trouble": trouble}
    return TemplateResponse(request, "blog/moderate.html", context, status=status)


def first_was(comment: Comment) -> str:
    """Who decided what, in words for the one who came second."""
    if comment.status == Comment.Status.REMOVED:
        return _("Nothing was changed: the author deleted the comment meanwhile.")
    if comment.is_waiting or comment.decided_at is None:
        return _("Nothing was changed: the comment was edited meanwhile. Please look again.")
    told = {
        "author": comment.author_name,
        "who": comment.decided_by.username if comment.decided_by else _("a deleted member"),
        "when": date_format(timezone.localtime(comment.decided_at), "d M Y, H:i"),
        "reason": comment.reason,
    }
    if comment.is_refused:
        return (
            _(
                "Nothing was changed: %(who)s refused the comment by %(author)s on %(when)s."
                " Reason: %(reason)s"
            )
            % told
        )
    return _("Nothing was changed: %(who)s approved the comment by %(author)s on %(when)s.") % told


def _already(ban: Ban) -> str:
    who = ban.imposed_by.username if ban.imposed_by else _("a deleted member")
    return _("%(who)s banned them already. Reason: %(reason)s") % {"who": who, "reason": ban.reason}
