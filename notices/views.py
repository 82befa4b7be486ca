"""A person's notices, and the way out of mails about them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from notices import unsubscribing
from notices.models import NEWEST, Notice
from pocket.web.errors import Missing
from pocket.web.http import Request
from pocket.web.keyset import keyset_page

ON_A_PAGE = 50


@require_safe
@login_required
def notice_list(request: Request) -> HttpResponse:
    mine = Notice.objects.of(request.user)
    page = keyset_page(mine.select_related("by"), request.GET, NEWEST, size=ON_A_PAGE)
    context = {"page": page, "unread": mine.count_for_header(request.user)}
    return TemplateResponse(request, "notices/notice_list.html", context)


@require_POST
@login_required
def read_all(request: Request) -> HttpResponse:
    if Notice.objects.of(request.user).mark_read():
        messages.success(request, _("All notices are marked as read."))
    return redirect("notices:list")


@require_POST
@login_required
def open_notice(request: Request, pk: int) -> HttpResponse:
    """Mark it as read, and lead to what it is about."""
    if pk >= 2**63:
        raise Http404
    mine = Notice.objects.of(request.user)
    notice = get_object_or_404(mine, pk=pk)
    mine.filter(pk=pk).mark_read()
    return redirect(notice.link)


@csrf_exempt  # a mail program sends it for the reader, without a page of ours before it
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: Request, token: str) -> HttpResponse:
    """Ask, as what looks for danger in a mail opens every link; a POST does it."""
    try:
        person, kind = unsubscribing.read(token)
    except signing.BadSignature as error:
        raise Missing(_("This link is not whole. Copy all of it from the mail.")) from error
    if request.method == "POST":
        unsubscribing.stop(person, kind)
    context = {"kind": kind, "is_done": request.method == "POST"}
    return TemplateResponse(request, "notices/unsubscribe.html", context)
