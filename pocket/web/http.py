"""What every view needs of a request and an answer."""

import re

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django_htmx.middleware import HtmxDetails

NEVER = re.compile(r"q=0(\.0*)?").fullmatch


class Request(HttpRequest):
    """The request as our views see it; for annotations only."""

    htmx: HtmxDetails


class ReadableRequest(WSGIRequest):
    """Django refuses some Content-Types while it makes the request, where no page can be shown.

    Ours is made; `RequestGuard` then answers that we read UTF-8 only.
    """

    def _set_content_type_params(self, meta: dict) -> None:
        try:
            super()._set_content_type_params(meta)
        except (BadRequest, ValueError):
            self.content_type, self.content_params = "", {"charset": "unreadable"}


def accepts_coding(accepted: str, coding: str) -> bool:
    """Whether an Accept-Encoding header names this coding and does not rule it out by q=0."""
    for part in accepted.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == coding:
            return not NEVER(weight.replace(" ", ""))
    return False


def render_page(
    request: Request,
    template: str,
    context: dict | None = None,
    *,
    partial: str,
    status: int = 200,
) -> TemplateResponse:
    """Render the whole page, or its main part when htmx asks for a part."""
    if request.htmx.request_type == "partial":  # boosted pages and the back button are "full"
        template = f"{template}#{partial}"
    response = TemplateResponse(request, template, context, status=status)
    if context and context.get("notices"):
        # It answers an address with a slip in it. There is no end of those, so none is kept.
        response.is_passing = True
    return response
