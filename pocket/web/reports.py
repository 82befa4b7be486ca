"""Browsers report here what the content security policy refused."""

import json
import logging
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from pocket.web.errors import error_page
from pocket.web.http import Request

logger = logging.getLogger("pocket.csp")
MOST_BYTES = 16_384
MOST_REPORTS = 10


@csrf_exempt  # browsers send reports without cookies or tokens; all that follows is a line of log
@require_POST
def csp_reports(request: Request) -> HttpResponse:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        return error_page(request, 400)
    if int(length[:20]) > MOST_BYTES:
        return error_page(request, 413)
    try:
        reports = json.loads(request.body)
    except (ValueError, RecursionError):
        return error_page(request, 400)
    reports = reports if isinstance(reports, list) else [reports]
    for report in reports[:MOST_REPORTS]:
        body = report.get("body") if isinstance(report, dict) else None
        if isinstance(body, dict):
            logger.warning("refused by the content security policy", extra={"fields": _told(body)})
    return HttpResponse(status=204)


def _told(body: dict) -> dict[str, str]:
    """The directive and two addresses without their queries; nothing else is kept."""
    return {
        "directive": str(body.get("effectiveDirective", ""))[:60],
        "blocked": _without_query(body.get("blockedURL")),
        "page": _without_query(body.get("documentURL")),
    }


def _without_query(address) -> str:
    try:
        parts = urlsplit(str(address or ""))
    except ValueError:
        return ""
    host = parts.netloc.rpartition("@")[2]
    return f"{host}{parts.path}"[:200]
