from django import template

register = template.Library()


@register.simple_tag
def may_edit_stories(user) -> bool:
    """Whether to lead this reader to the editor. Asks the database for those with a role alone."""
    return user.is_active and user.is_staff and user.has_perm("blog.change_post")
