"""Tags and filters that every template has without loading them."""

import re

from django import template
from django.conf import settings
from django.template.base import Node, NodeList, Parser, Token
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from pocket.web.pagecache import fill
from pocket.web.staticfiles import integrity

register = template.Library()
TAGS = re.compile(r'<(?:script|link) [^>]*?(?:src|href)="([^"]+)"')


@register.simple_tag(takes_context=True)
def hole(context: Context, name: str) -> str:
    """Leave room for what depends on the reader: `templates/holes/<name>.html`.

    On a public page it is filled for each reader when the page itself is long made.
    """
    request = context["request"]
    if getattr(request, "is_stranger", False):
        return mark_safe(f"<!--hole:{name}-->")  # noqa: S308 a literal of our own templates
    return fill(name, request)


@register.tag("integrity")
def do_integrity(parser: Parser, token: Token) -> Node:
    """Add `integrity="sha384-…"` to every script and stylesheet of ours in the block."""
    nodelist = parser.parse(("endintegrity",))
    parser.delete_first_token()
    return IntegrityNode(nodelist)


class IntegrityNode(Node):
    """What it holds depends on nothing but the collected files, so it is made once."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self.made: SafeString | None = None

    def render(self, context: Context) -> SafeString:
        if self.made is not None and not settings.DEBUG:
            return self.made

        def signed(match: re.Match) -> str:
            return f'{match[0]} integrity="{integrity(match[1])}"'

        self.made = mark_safe(TAGS.sub(signed, self.nodelist.render(context)))  # noqa: S308
        return self.made
