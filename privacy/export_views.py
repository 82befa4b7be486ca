"""Everything of mine as a zip: asked for and downloaded by whoever has just proved who they are."""

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.sessions import device
from pocket.web import current
from pocket.web.http import Request, render_page
from privacy.export_forms import ExportForm
from privacy.models import MOST_A_WEEK, Export

SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required(enabled=lambda request: request.method == "POST")
def export(request: Request) -> HttpResponse:
    form = ExportForm(request.POST if request.method == "POST" else None)

    if form.is_valid() and form.ask(by=request.user):
        messages.success(request, _("Your export is asked for. A mail tells you when it is ready."))
        return redirect("privacy:export")

    found = list(Export.objects.of(request.user).newest()[:SHOWN])
    context = {
        "form": form,
        "exports": found,
        "is_making": any(it.is_in_the_making for it in found),
        "most": MOST_A_WEEK,
    }
    status = 422 if form.errors else 200
    return render_page(request, "privacy/export.html", context, partial="exports", status=status)


@require_safe
@login_required
def export_download(request: Request, pk) -> HttpResponse:
    found = get_object_or_404(Export.objects.of(request.user).select_related("person"), pk=pk)
    if found.is_ready and is_reauthentication_required(request, app="privacy"):
        return prove_first(request)
    file = found.opened() if found.is_ready else None
    if file is None:
        messages.error(request, _("That file is not here any more. You can ask for a new one."))
        return redirect("privacy:export")

    if request.method == "GET":
        agent = request.META.get("HTTP_USER_AGENT", "")
        network = current.origin().address
        found.hand_over(by=request.user, device=device(agent), network=network)
    day = timezone.localdate(found.ready_at)
    name = f"pocket-{request.user.username}-{day:%Y-%m-%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


def prove_first(request: Request) -> HttpResponse:
    """Lead to the proof and from there to the list: after a file one would still see the proof."""
    messages.info(request, _("First show that it is you; then the download works."))
    place = get_adapter().get_reauthentication_methods(request.user)[0]["url"]
    return redirect(f"{place}?{urlencode({'next': reverse('privacy:export')})}")
