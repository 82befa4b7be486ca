from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import agreements
from accounts.models import Agreement
from pocket.web.http import Request
from pocket.web.pagecache import public_page
from privacy import erasing
from privacy.forms import LeavingForm


@require_safe
@public_page()
def page(request: Request) -> HttpResponse:
    versions = sorted(agreements.VERSIONS.items(), reverse=True)
    context = {
        "path": request.path,
        "versions": versions,
        "contact_days": settings.CONTACT_KEPT_DAYS,
    }
    return TemplateResponse(request, "privacy/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def agreement(request: Request) -> HttpResponse:
    """What the person agreed to, and when; a POST agrees to what the page showed."""
    if request.method == "POST":
        version = agreements.version_called(request.POST.get("version", ""))
        Agreement.objects.agree(request.user, version)
        messages.success(request, _("Thank you. We noted that you agree."))
        return redirect("privacy:agreement")
    mine = Agreement.objects.filter(person=request.user).order_by("-agreed_at")
    newest = agreements.newest()
    context = {
        "agreements": mine,
        "newest": newest,
        "is_asked": Agreement.objects.is_asked(request.user),
        "news": agreements.VERSIONS[newest],
    }
    return TemplateResponse(request, "privacy/agreement.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required(enabled=lambda request: request.method == "POST")
def delete(request: Request) -> HttpResponse:
    """Delete one's account; for who did, the one page that is left, with the way back."""
    if request.user.is_removed:
        return TemplateResponse(request, "privacy/deleted.html")
    form = LeavingForm(request.POST if request.method == "POST" else None, person=request.user)
    if form.is_valid() and form.save(request):
        return redirect("privacy:delete")
    context = {"form": form, "losses": erasing.losses(request.user)}
    context["runs_alone"] = not form.is_bound and request.user.runs_alone
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "privacy/delete.html", context, status=status)


@require_POST
@login_required
def come_back(request: Request) -> HttpResponse:
    if request.user.come_back(request=request):
        messages.success(request, _("Welcome back. Everything of yours is where it was."))
        return redirect("account")
    return redirect("privacy:delete" if request.user.is_removed else "account")
