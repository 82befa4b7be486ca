"""A story is written in revisions; `Post` holds the one that readers see, rendered."""

from blog.listed import Listed
from blog.posts import FormerSlug, Post, Tag
from blog.revisions import Revision

__all__ = ["FormerSlug", "Listed", "Post", "Revision", "Tag"]
