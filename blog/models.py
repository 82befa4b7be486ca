"""A story is written in revisions; `Post` holds the one that readers see, rendered."""

from blog.posts import FormerSlug, Post, Tag
from blog.revisions import Revision

__all__ = ["FormerSlug", "Post", "Revision", "Tag"]
