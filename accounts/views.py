from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import security_log
from accounts.models import Agreement
from accounts.security_log import note
from accounts.session_end import kept_for
from accounts.sessions import Seat, end_others, seats_of
from pocket.web.errors import error_page
from pocket.web.http import Request, render_page


@require_safe
@login_required
def overview(request: Request) -> HttpResponse:
    context = {"is_asked": Agreement.objects.is_asked(request.user)}
    return render_page(request, "accounts/overview.html", context, partial="rooms")


def back_room_door(request: Request) -> HttpResponse:
    """Django's admin has no log-in of its own: everybody comes in by the one door."""
    if request.user.is_authenticated:
        raise PermissionDenied(_("The back room is for the people who run this site."))
    following = request.GET.get("next") or "/admin/"
    return redirect(f"/accounts/login/?{urlencode({'next': following})}")


@require_safe
@login_required
def sessions(request: Request) -> HttpResponse:
    context = {"seats": seats_of(request.user, here=request.session.session_key)}
    return render_page(request, "accounts/sessions.html", context, partial="seats")


@require_POST
@login_required
def session_end(request: Request, pk: int) -> HttpResponse:
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.session_key == request.session.session_key:
        messages.info(request, _("This is the session you are in. To end it, log out."))
        return redirect("sessions")
    seat = Seat.of(session, here="")
    session.end()
    note("accounts.session_ended", request.user, actor=request.user, what=seat.device)
    messages.success(request, _("Ended: %(device)s.") % {"device": seat.device})
    return redirect("sessions")


@require_POST
@login_required
def sessions_end_others(request: Request) -> HttpResponse:
    end_others(request.user, here=request.session.session_key)
    note("accounts.sessions_ended", request.user, actor=request.user)
    messages.success(request, _("All your other sessions have ended."))
    return redirect("sessions")


@require_safe
@login_required
def kept_form(request: Request) -> HttpResponse:
    """What was sent just after the session had ended; it acts only when it is sent from here."""
    if not (kept := kept_for(request)):
        return redirect("account")
    return TemplateResponse(request, "accounts/kept_form.html", {"kept": kept})


@require_safe
@login_required
def security(request: Request) -> HttpResponse:
    """What happened to my account, fifty at a time; `before` is the number of an entry."""
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
    happenings = security_log.of(request.user, before=before)
    older = happenings[-1].number if len(happenings) == 50 else None
    context = {"happenings": happenings, "older": older, "before": before}
    return render_page(request, "accounts/security.html", context, partial="happenings")


def too_many(request: Request) -> HttpResponse:
    """Say how long to wait, whoever was asked about; allauth answers with this."""
    return error_page(request, 429, retry_after=60)
