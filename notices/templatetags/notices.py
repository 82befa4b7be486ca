from django import template

from notices.models import MOST_COUNTED, Notice

register = template.Library()


@register.simple_tag
def unread_notices(person) -> str:
    """How many, as a header shows it: "", "3" or "99+". One query, so only for who is logged in."""
    count = Notice.objects.count_for_header(person)
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")
