"""What is looked at before readers see a story: errors keep it back, warnings ask."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog import facts, images
from blog.content import Content
from blog.languages import LANGUAGES, is_script_of
from blog.posts import FormerSlug, Post, Tag
from pocket.web import markdown
from pocket.web.markdown import Found, Outline
from states.atlas import Atlas, atlas

SHORT, LONG = 50, 5_000  # words
LONG_TITLE = 90
VAGUE = {"here", "click here", "this", "link", "read more", "more", "this link", "यहाँ", "यहां"}
ELSEWHERE = ("http:", "https:", "mailto:")


@dataclass(frozen=True)
class Finding:
    """`line` is that of the text; 0 where it is about another field, which `field` names."""

    words: str
    is_error: bool = False
    line: int = 0
    field: str = "body"


@dataclass(frozen=True)
class Checklist:
    errors: list[Finding]
    warnings: list[Finding]

    def __iter__(self) -> Iterator[Finding]:
        yield from (*self.errors, *self.warnings)


def check(content: Content) -> Checklist:
    """Look at a text; the number of queries does not depend on its length."""
    outline = markdown.outline(content.body)
    made = markdown.story(content.body)
    found = [
        *_words(content, made.text),
        *_headings(outline),
        *_pictures(content, outline),
        *_links(outline, {heading.id for heading in made.headings}),
        *_facts(content),
    ]
    found.sort(key=lambda finding: finding.line)
    return Checklist([it for it in found if it.is_error], [it for it in found if not it.is_error])


def _words(content: Content, text: str) -> Iterator[Finding]:
    count = len(text.split())
    if not count:
        yield Finding(_("The story has no text."), is_error=True)
    elif count < SHORT:
        words = ngettext("The text has %(count)s word.", "The text has %(count)s words.", count)
        yield Finding(_("%(length)s Is that all?") % {"length": words % {"count": count}})
    elif count > LONG:
        yield Finding(
            _("The text has %(count)s words. Could it be two stories?") % {"count": count}
        )
    if not content.dek:
        yield Finding(_("There is no dek: lists and search show it."), field="dek")
    if len(content.title) > LONG_TITLE:
        words = _("The title has more than %(most)s characters; lists will cut it.")
        yield Finding(words % {"most": LONG_TITLE}, field="title")
    if not is_script_of(content.language, content.body):
        name = LANGUAGES[content.language][0]
        words = _("The text is not in the script of the chosen language, %(language)s.")
        yield Finding(words % {"language": name}, field="language")


def _headings(outline: Outline) -> Iterator[Finding]:
    before = 1
    for heading in outline.headings:
        if heading.level == 1:
            words = _("The title is the one heading of the first level. Begin this with ##.")
            yield Finding(words, is_error=True, line=heading.line)
        elif heading.level > before + 1:
            words = _("A level is left out: %(now)s follows on %(before)s.")
            levels = {"now": "#" * heading.level, "before": "#" * before}
            yield Finding(words % levels, line=heading.line)
        if not heading.words:
            yield Finding(_("A heading without words."), is_error=True, line=heading.line)
        before = heading.level


def _pictures(content: Content, outline: Outline) -> Iterator[Finding]:
    find = images.finder(content.body)
    for image in outline.images:
        if find(image.what) is None:
            words = _("The picture %(address)s is not one of this site. Upload it here.")
            yield Finding(words % {"address": image.what}, is_error=True, line=image.line)
        if not image.words:
            words = _("A picture without words for those who do not see it: ![what it shows](…)")
            yield Finding(words, is_error=True, line=image.line)
    if content.cover and not content.cover_alt:
        words = _("The cover has no words for those who do not see it.")
        yield Finding(words, is_error=True, field="cover_alt")


def _facts(content: Content) -> Iterator[Finding]:
    for line, words in facts.unknown_marks(content.body):
        yield Finding(words, is_error=True, line=line)


# --- Links --------------------------------------------------------------------------------------


def _links(outline: Outline, ids: set[str]) -> Iterator[Finding]:
    inside = []
    for link in outline.links:
        if not link.words:
            yield Finding(_("A link without words."), is_error=True, line=link.line)
        elif link.words.lower().strip(" .…") in VAGUE:
            words = _("“%(words)s” does not say where the link leads.") % {"words": link.words}
            yield Finding(words, line=link.line)
        path = _path_inside(link.what)
        if link.what.startswith("#"):
            if unquote(link.what[1:]) not in ids:
                yield _dead(link)
        elif path is not None:
            inside.append((link, path))
        elif not link.what.startswith(ELSEWHERE):
            words = _("The link %(address)s begins with neither / nor https://.")
            yield Finding(words % {"address": link.what or "()"}, is_error=True, line=link.line)
    yield from _dead_ends(inside)


def _path_inside(address: str) -> str | None:
    """The path of an address of ours; None where it leads elsewhere."""
    own = address.removeprefix(settings.SITE_URL)
    if own.startswith("/") and not own.startswith("//"):
        return unquote(urlsplit(own).path)
    return "/" if own == "" and address else None


def _dead_ends(links: list[tuple[Found, str]]) -> Iterator[Finding]:
    matches = [(link, _resolved(path)) for link, path in links]
    slugs = {it.kwargs["slug"] for _, it in matches if it and it.view_name == "blog:post"}
    stories = {post.slug: post for post in Post.objects.filter(slug__in=slugs)}
    former = set(FormerSlug.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    tags = {it.kwargs["slug"] for _, it in matches if it and it.view_name == "blog:tag"}
    known_tags = set(Tag.objects.filter(slug__in=tags).values_list("slug", flat=True))
    india = atlas()
    for link, match in matches:
        name, slug = (match.view_name, match.kwargs.get("slug")) if match else ("", "")
        if name == "blog:post" and slug in stories:
            if not stories[slug].is_public:
                words = _("The story %(address)s is not public (yet).")
                yield Finding(words % {"address": link.what}, line=link.line)
        elif (
            match is None
            or (name == "blog:post" and slug not in former)
            or (name == "blog:tag" and slug not in known_tags)
            or not _is_known_fact_page(india, match)
        ):
            yield _dead(link)


def _resolved(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _is_known_fact_page(india: Atlas, match: ResolverMatch) -> bool:
    slug = match.kwargs.get("slug", "")
    if match.namespace != "states" or not slug:
        return True
    if match.url_name and match.url_name.startswith("ranking"):
        return any(indicator.slug == slug for indicator in india.indicators)
    return slug in india.by_slug


def _dead(link: Found) -> Finding:
    words = _("The link %(address)s leads nowhere.") % {"address": link.what}
    return Finding(words, is_error=True, line=link.line)
