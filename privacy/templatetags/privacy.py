from django import template
from django.template.context import Context

from privacy.models import Export

register = template.Library()


@register.simple_tag(takes_context=True)
def ready_export(context: Context) -> Export | None:
    """The reader's newest export that waits to be downloaded; one query."""
    return Export.objects.of(context["user"]).ready().newest().first()
