from django import template

from blog.comment_forms import CommentForm
from blog.comment_views import standing
from blog.models import Post

register = template.Library()


@register.inclusion_tag("blog/_say.html", takes_context=True)
def comment_form(context) -> dict:
    """The form of the story whose page is asked for, in the hole of that page."""
    request = context["request"]
    slug = request.resolver_match.kwargs.get("slug", "")
    post = Post.objects.public().filter(slug=slug).first()
    if post is None:
        return {}
    return {
        "request": request,
        "csrf_token": context["csrf_token"],
        "post": post,
        "form": CommentForm(label_suffix=""),
        **standing(post, request.user),
    }
