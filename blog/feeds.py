"""Atom feeds (RFC 4287) of the lists, with the whole text of the newest stories."""

import re
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from blog import facts
from blog.lists import StoryList
from blog.posts import Post

# XML 1.0 has no room for these, not even escaped.
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
TAG = re.compile(r'<(?:a|img) (?:[^>"]|"[^"]*")*>')
LINK = re.compile(r'( (?:href|src)=")(//|[/#?])')
WIDTHS = re.compile(r' (?:srcset|sizes|loading|decoding)="[^"]*"')


NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Feed(Atom1Feed):
    def add_item_elements(self, handler, item) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})

    def item_attributes(self, item) -> dict:
        return {"xml:lang": item["language"]}

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=NEVER)


def answer(stories: StoryList) -> HttpResponse:
    site = settings.SITE_URL
    feed = Feed(
        title=plain(f"Pocket: {stories.title}"),
        link=site + stories.path,
        description=None,
        feed_url=site + stories.feed,
        feed_guid=site + stories.feed,
        subtitle=_("India in your pocket"),
        language=settings.LANGUAGE_CODE,
    )
    for post in stories.newest():
        address = site + post.get_absolute_url()
        feed.add_item(
            title=plain(post.title),
            link=address,
            description=escape(plain(post.dek)) or None,
            unique_id=f"urn:uuid:{post.pk}",  # which outlives a change of address
            author_name=plain(str(post.author_name)),
            pubdate=post.published_at,
            updateddate=max(post.published_at, post.changed_at),
            categories=[tag.name for tag in post.tags.all()],
            content=plain(elsewhere(cover_of(post) + facts.filled(post.html), address)),
            language=post.language,
        )
    response = HttpResponse(content_type=Feed.content_type)
    feed.write(response, "utf-8")
    return response


def plain(text: str) -> str:
    return NOT_IN_XML.sub("\ufffd", text)


def cover_of(post: Post) -> str:
    context = {"cover": post.shown_cover, "alt": post.cover_alt}
    return render_to_string("blog/_cover.html", context)


def elsewhere(html: str, address: str) -> str:
    """A story's HTML with whole addresses, for readers who are not on its page."""

    def whole(link: re.Match) -> str:
        before = {"//": "https:", "/": settings.SITE_URL}.get(link[2], address)
        return link[1] + before + link[2]

    return TAG.sub(lambda tag: LINK.sub(whole, WIDTHS.sub("", tag[0])), html)
