"""The room that tells how the site is doing, and lets admins try out how mail leaves."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit import trail
from dashboard import sections
from dashboard.health_checks import findings
from dashboard.sections import desk_only
from pocket.web.http import Request
from pocket.web.limits import Limit
from pocket.web.mail import send_mail

TESTS = Limit("test-mail", 3, 60 * 60)


@require_safe
@desk_only(sections.HEALTH)
def health(request: Request) -> HttpResponse:
    return _page(request)


@require_POST
@desk_only(sections.HEALTH)
def test_mail(request: Request) -> HttpResponse:
    """Send a mail to whoever asks for it, and to nobody else."""
    person = request.user
    if not person.email:
        return _page(request, _("You have no e-mail address to send it to."), status=422)
    if seconds := TESTS.take(person.pk):
        minutes = -(-seconds // 60)
        words = _("Three tests an hour are enough. The next is possible in %(minutes)s min.")
        answer = _page(request, words % {"minutes": minutes}, status=429)
        answer["Retry-After"] = str(seconds)
        return answer
    with transaction.atomic():
        send_mail.enqueue(
            _("A test from Pocket"),
            _("You asked for this mail on the page on health. So mail leaves, and arrives.") + "\n",
            [person.email],
        )
        trail.record("dashboard.test_mail_sent", target=person, actor=person)
    words = _("A mail to %(address)s is on its way. If none comes, look at Mail and Tasks here.")
    messages.success(request, words % {"address": person.email})
    return redirect("dashboard:health")


def _page(request: Request, trouble: str = "", status: int = 200) -> TemplateResponse:
    found = findings()
    context = {
        "findings": found,
        "to_do": [finding for finding in found if not finding.is_well],
        "trouble": trouble,
    }
    return TemplateResponse(request, "dashboard/health.html", context, status=status)
