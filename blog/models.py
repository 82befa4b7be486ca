"""A story is written in revisions; `Post` holds the one that readers see, rendered."""

from blog.drafts import Draft
from blog.images import Image
from blog.links import ShareLink
from blog.listed import Listed
from blog.posts import FormerSlug, Post, Tag
from blog.revisions import Revision

__all__ = ["Draft", "FormerSlug", "Image", "Listed", "Post", "Revision", "ShareLink", "Tag"]
