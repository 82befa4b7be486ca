"""A story is written in revisions; `Post` holds the one that readers see, rendered."""

from blog.bans import Ban
from blog.comment_judging import HeldWord
from blog.comment_reports import Report
from blog.comments import Comment, EarlierText
from blog.posts import FormerSlug, Post, Tag
from blog.revisions import Revision

__all__ = [
    "Ban",
    "Comment",
    "EarlierText",
    "FormerSlug",
    "HeldWord",
    "Post",
    "Report",
    "Revision",
    "Tag",
]
