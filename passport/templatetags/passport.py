"""The buttons of one state, where a page of the states leaves room for them."""

from django import template
from django.template.context import Context

from passport.pages import slot_of
from states.atlas import atlas

register = template.Library()


@register.inclusion_tag("passport/_marks.html", takes_context=True)
def marks(context: Context, slug: str) -> dict:
    """What the signed-in reader may do with the state of this page; one query."""
    slot = slot_of(atlas().by_slug[slug], context["user"])
    return {"slot": slot, "on": "state", "csrf_token": context.get("csrf_token")}
