"""Markdown of people's, made into HTML that can do no harm.

Two walls: the parser takes no HTML and no dangerous address, and what it makes goes through an
allow-list that knows nothing of Markdown. Behind both stands the CSP. Pictures come from this
site alone. `{{ name:argument }}` becomes a mark that nobody else can make, for an app to fill
(`fill_marks`).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import pairwise
from secrets import token_hex
from typing import NamedTuple

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from pocket.web.slugs import slug_of

LONGEST = 50_000  # characters; the parser's time grows no faster than the text
MARK = re.compile(r"<!--([a-z]+):([\w.-]+)-->")
SHORTCODE = re.compile(r"\{\{ ?([a-z]+): ?([\w.-]+) ?\}\}")
# Not \w, which knows none of the vowel signs of Indian scripts.
OWN_ID = re.compile(r"""(?:s-[^\s"'<>&/=`]+|fn(?:ref)?\d+(?::\d+)?)\Z""").match
# How a link may begin. Relative ones would lead elsewhere from a feed, and can hide a scheme.
ADDRESS = re.compile(r"https?://|mailto:|[/#?]", re.IGNORECASE).match
HOLE = "hole"  # what pagecache.py fills for each reader; nobody may write one
TAG = re.compile(r'<(?:[^>"]|"[^"]*")*>')

TEXT = {"p", "br", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr"}
STORY = TEXT | {
    *("h1", "h2", "h3", "h4", "h5", "h6", "img", "sup", "section"),
    *("div", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    "a": {"href", "title", "id"},
    "code": {"class"},
    "div": {"class", "tabindex", "role", "aria-label"},
    "img": {"src", "srcset", "sizes", "alt", "title", "width", "height", "loading", "decoding"},
    "ol": {"start"},
    "th": {"class"},
    "td": {"class"},
    **{f"h{level}": {"id"} for level in range(1, 7)},
    "li": {"id"},
    "sup": {"class"},
    "section": {"class"},
}
CLASSES = {"footnotes", "footnote-ref", "align-left", "align-center", "align-right", "scroll"}


@dataclass(frozen=True)
class Heading:
    level: int
    id: str
    text: str


@dataclass(frozen=True)
class Image:
    """What stands for `![alt](path)`, if the path is one of ours."""

    src: str
    width: int
    height: int
    srcset: str = ""


class Found(NamedTuple):
    """Something in a source, with its line: a heading, a link or an image."""

    line: int  # from 1
    words: str
    what: str = ""  # where a link or an image leads; of a heading nothing
    level: int = 0  # of a heading


@dataclass(frozen=True)
class Outline:
    headings: list[Found]
    links: list[Found]
    images: list[Found]


@dataclass
class Rendered:
    html: SafeString
    text: str  # the words alone, for search and previews
    headings: list[Heading] = field(default_factory=list)


def story(source: str, *, image: Callable[[str], Image | None] = lambda path: None) -> Rendered:
    """Render all that a story may have; `image` finds a picture of ours by its path.

    A picture that is not ours is left out; its alternative text stays.
    """
    env = _fresh_env(image)
    html = _clean(_stories.render(_tidy(source), env), STORY, rel="noopener")
    if env["marks"]:
        html = re.sub(_stand_in(env, r"(\d+)"), lambda found: _mark(env, int(found[1])), html)
    return Rendered(SafeString(html), words_of(html), env["headings"])


def remark(source: str) -> Rendered:
    """Render the small subset that members have: no headings, tables, pictures, footnotes."""
    html = _clean(_remarks.render(_tidy(source), {}), TEXT, rel="ugc nofollow noopener")
    return Rendered(SafeString(html), words_of(html))


@dataclass(frozen=True)
class Mark:
    """A `{{ name:argument }}` of a text, and the line it stands in, the first being 1."""

    line: int
    name: str
    argument: str


def marks(source: str) -> Iterator[Mark]:
    """What `story` makes marks of: nothing in code, nor in the words of a link."""
    line = 0
    noted: dict[int, int] = {}  # where a footnote is called; one within the text stands there too
    for token in _stories.parse(_tidy(source), _fresh_env()):
        if token.type == "footnote_open":
            line = noted.get(token.meta["id"], line)
        line = at = token.map[0] if token.map else line
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                at += 1
            elif child.type == "footnote_ref":
                noted.setdefault(child.meta["id"], at)
            elif child.type == "shortcode":
                yield Mark(at + 1, *child.meta["mark"])


def outline(source: str) -> Outline:
    """What a story's source holds and where, for whoever looks through it before readers do."""
    found = Outline([], [], [])
    tokens = _stories.parse(_tidy(source), {})
    line = 1
    for before, token in pairwise([None, *tokens]):
        line = token.map[0] + 1 if token.map else line
        if token.type != "inline":
            continue
        if before.type == "heading_open":
            words = _words_of_tokens(token.children)
            found.headings.append(Found(line, words, level=int(before.tag[1])))
        _look_through(token.children or [], line, found)
    return found


def _look_through(children: list[Token], line: int, found: Outline) -> None:
    opened = None
    for number, child in enumerate(children):
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        elif child.type == "image":
            alt = _words_of_tokens(child.children)
            found.images.append(Found(line, alt, str(child.attrs.get("src", ""))))
        elif child.type == "link_open":
            opened = (line, number, str(child.attrs.get("href", "")))
        elif child.type == "link_close" and opened:
            words = _words_of_tokens(children[opened[1] : number])
            found.links.append(Found(opened[0], words, opened[2]))
            opened = None


def _words_of_tokens(tokens: list[Token] | None) -> str:
    kept = (
        _words_of_tokens(it.children) if it.children else it.content
        for it in tokens or []
        if it.type in ("text", "code_inline", "image", "softbreak", "shortcode")
    )
    return " ".join("".join(part or " " for part in kept).split())


def fill_marks(html: str, fillings: dict[str, Callable[[str], str | None]]) -> SafeString:
    """Put safe HTML in the place of each mark; where nothing is known, the mark is left out."""

    def filled(match: re.Match) -> str:
        make = fillings.get(match[1])
        return (make(match[2]) if make else None) or ""

    return SafeString(MARK.sub(filled, html))


def words_of(html: str) -> str:
    """The text of HTML that we made ourselves, on one line."""
    return " ".join(unescape(TAG.sub(" ", MARK.sub(" ", html))).split())


def _fresh_env(image: Callable[[str], Image | None] = lambda path: None) -> dict:
    return {
        "headings": [],
        "image": image,
        "ids": set(),
        "numbers": {},
        "marks": [],
        "secret": token_hex(8),
    }


def _tidy(source: str) -> str:
    return source[:LONGEST].replace("\0", "\ufffd").encode(errors="replace").decode()


# --- The first wall: the parser -----------------------------------------------------------------


def _parser(*rules: str, off: tuple[str, ...] = ()) -> MarkdownIt:
    options = {"html": False, "typographer": True, "linkify": False, "maxNesting": 20}
    parser = MarkdownIt("commonmark", options)
    parser.enable(["replacements", "smartquotes", "strikethrough", *rules])
    return parser.disable(["html_block", "html_inline", *off])


def _shortcode(state: StateInline, silent: bool) -> bool:
    found = SHORTCODE.match(state.src, state.pos, state.posMax)
    if not found or found[1] == HOLE or state.linkLevel:  # what it becomes may be a link
        return False
    if not silent:
        token = state.push("shortcode", "", 0)
        token.content, token.meta = found[0], {"mark": found.groups()}
    state.pos = found.end()
    return True


def _render_shortcode(self, tokens, idx, options, env) -> str:
    env["marks"].append(tokens[idx].meta["mark"])
    return _stand_in(env, len(env["marks"]) - 1)


def _stand_in(env: dict, number: int | str) -> str:
    """What stands for a mark until the second wall is behind it; nobody else can write it."""
    return f"~{env['secret']}-{number}~"


def _mark(env: dict, number: int) -> str:
    name, argument = env["marks"][number]
    return f"<!--{name}:{argument}-->"


def _render_image(self, tokens, idx, options, env) -> str:
    token = tokens[idx]
    alt = self.renderInlineAsText(token.children or [], options, env)
    found = env["image"](str(token.attrs.get("src", "")))
    if found is None:
        return escape(alt)
    attributes = {
        "src": found.src,
        "srcset": found.srcset,
        "sizes": "(max-width: 48rem) 100vw, 46rem" if found.srcset else "",
        "alt": alt,
        "width": str(found.width),
        "height": str(found.height),
        "loading": "lazy",
        "decoding": "async",
    }
    told = " ".join(
        f'{name}="{escape(value)}"' for name, value in attributes.items() if value or name == "alt"
    )
    return f"<img {told}>"


def _render_heading(self, tokens, idx, options, env) -> str:
    token, inline = tokens[idx], tokens[idx + 1]
    text = self.renderInlineAsText(inline.children or [], options, env).strip()
    name = base = f"s-{slug_of(text) or 'section'}"
    number = env["numbers"].get(base, 1)  # where the last heading of these words left off
    while name in env["ids"]:
        number += 1
        name = f"{base}-{number}"
    env["numbers"][base] = number
    env["ids"].add(name)
    env["headings"].append(Heading(int(token.tag[1]), name, text))
    token.attrs["id"] = name
    return self.renderToken(tokens, idx, options, env)


def _render_table(self, tokens, idx, options, env) -> str:
    """A table that is too wide scrolls by itself, with the keyboard too."""
    heads = []
    for token in tokens[idx:]:
        if token.type == "thead_close":
            break
        if token.type == "inline":
            heads.append(self.renderInlineAsText(token.children or [], options, env).strip())
    label = escape(", ".join(filter(None, heads)) or "…")
    return f'<div class="scroll" tabindex="0" role="group" aria-label="{label}">\n<table>\n'


def _render_table_end(self, tokens, idx, options, env) -> str:
    return "</table>\n</div>\n"


def _render_cell(self, tokens, idx, options, env) -> str:
    """Alignment as a class: the CSP lets no style attribute through, nor do we."""
    token = tokens[idx]
    style = str(token.attrs.pop("style", ""))
    if style:
        token.attrs["class"] = f"align-{style.removeprefix('text-align:')}"
    return self.renderToken(tokens, idx, options, env)


_stories = _parser("table").use(footnote_plugin)
_stories.inline.ruler.before("emphasis", "shortcode", _shortcode)
for _name, _rule in {
    "shortcode": _render_shortcode,
    "image": _render_image,
    "heading_open": _render_heading,
    "table_open": _render_table,
    "table_close": _render_table_end,
    "th_open": _render_cell,
    "td_open": _render_cell,
}.items():
    _stories.add_render_rule(_name, _rule)
_remarks = _parser(off=("heading", "lheading", "image", "reference"))


# --- The second wall: the allow-list ------------------------------------------------------------


def _clean(html: str, tags: set[str], *, rel: str) -> str:
    return nh3.clean(
        html,
        tags=tags,
        attributes={tag: names for tag, names in ATTRIBUTES.items() if tag in tags},
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel=rel,
        strip_comments=True,
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "id":
        return value if OWN_ID(value) else None
    if name == "class":
        kept = [it for it in value.split() if it in CLASSES or it.startswith("language-")]
        return " ".join(kept) or None
    if name == "href":
        return value if ADDRESS(value) else None
    if name in ("src", "srcset") and (not value.startswith("/") or value.startswith("//")):
        return None
    return value
