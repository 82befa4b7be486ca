"""The stories that a new site begins with: loaded once, and gone for good if somebody wants that.

The audit log remembers that they were loaded, so no later start brings them back.
"""

import json
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Q

from audit import trail
from audit.models import Entry
from blog.content import Content
from blog.posts import Post
from states.models import State

FILE = Path(__file__).with_name("data") / "posts.json"
LOADED = "blog.starter_stories_loaded"
BYLINE = "Pocket editors"


def load(file: Path = FILE) -> int:
    """Load the stories of the file into a site that never had any; return how many."""
    if Entry.objects.filter(action=LOADED).exists() or Post.everything.exists():
        return 0
    slug_of = dict(State.objects.values_list("code", "slug"))
    stories = json.loads(file.read_text(encoding="utf-8"))
    with transaction.atomic():
        for told in stories:
            _publish(told, tuple(slug_of[code] for code in told["states"]))
        trail.record(LOADED, target=None, actor=None, stories=len(stories))
    return len(stories)


def _publish(told: dict, states: tuple[str, ...]) -> None:
    content = Content(
        title=told["title"],
        slug=told["slug"],
        dek=told["dek"],
        body=told["body_markdown"],
        tags=tuple(told["tags"]),
        states=states,
    )
    at = datetime.fromisoformat(told["published"])
    post = Post.start(content, by=None, byline=told["author_display"])
    post.publish(version=post.version, by=None, at=at)
    Post.objects.filter(pk=post.pk).update(changed_at=at)  # nobody changed it since


def remove() -> int:
    """Put them into the bin, also those that editors changed meanwhile; return how many."""
    slugs = [told["slug"] for told in json.loads(FILE.read_text(encoding="utf-8"))]
    here = Q(slug__in=slugs) | Q(former_slugs__slug__in=slugs)
    found = Post.objects.filter(here, author=None, byline=BYLINE).distinct()
    with transaction.atomic():
        return sum(post.remove(by=None, why="starter story") for post in found)
