"""Tags and filters that every template has without loading them."""

import re
import secrets

from django import template
from django.conf import settings
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe

from pocket.web.fragments import kept
from pocket.web.pagecache import fill
from pocket.web.staticfiles import integrity

register = template.Library()
STAND_IN = secrets.token_hex(16)  # for a reader's CSRF token; nobody can write it into a page
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


@register.tag("kept")
def do_kept(parser: Parser, token: Token) -> Node:
    """Make the block once for each of the values that it names: `{% kept unit=unit kind=kind %}`.

    It sees these and nothing else, so it cannot show one reader what belongs to another. They are
    hashable, and equal only if they look alike. Forms in it get the reader's own CSRF token.
    """
    tag, *words = token.split_contents()
    values = token_kwargs(words, parser)
    if words:
        raise template.TemplateSyntaxError(f"{tag} takes name=value pairs, not {words[0]!r}.")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(nodelist, values)


class KeptNode(Node):
    def __init__(self, nodelist: NodeList, values: dict[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self.values = values

    def render(self, context: Context) -> SafeString:
        values = {name: value.resolve(context) for name, value in self.values.items()}

        def made() -> str:
            sealed = Context({**values, "csrf_token": STAND_IN}, autoescape=context.autoescape)
            with sealed.bind_template(context.template):
                return self.nodelist.render(sealed)

        html = kept((self, *values.values()), made)
        if STAND_IN in html:
            html = html.replace(STAND_IN, str(context["csrf_token"]))
        return mark_safe(html)  # noqa: S308 a template made it
