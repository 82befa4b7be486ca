"""A story with its comments, and nothing else of a story's page."""

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from blog.comment_views import post_or_404
from blog.comments import thread
from blog.posts import STORIES
from pocket.web.http import Request
from pocket.web.pagecache import kept_until, made_of, public_page


@require_safe
@public_page("after", "before")
def post(request: Request, slug: str) -> HttpResponse:
    found = post_or_404(slug)
    made_of(request, STORIES, found.topic)
    talk = thread(found, request.GET)
    kept_until(request, talk.until)
    return TemplateResponse(request, "blog/plain_story.html", {"post": found, "thread": talk})
