"""A story is written in revisions; `Post` holds the one that readers see, rendered."""

from blog.bans import Ban
from blog.comment_judging import HeldWord
from blog.comment_reports import Report
from blog.comments import Comment, EarlierText
from blog.drafts import Draft
from blog.images import Image
from blog.links import ShareLink
from blog.listed import Listed
from blog.posts import FormerSlug, Post, Tag
from blog.revisions import Revision

__all__ = [
    "Ban",
    "Comment",
    "Draft",
    "EarlierText",
    "FormerSlug",
    "HeldWord",
    "Image",
    "Listed",
    "Post",
    "Report",
    "Revision",
    "ShareLink",
    "Tag",
]
