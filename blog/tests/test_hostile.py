"""What people who mean harm write comes out harmless: asked of a parser, not of an expression."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.tests.hostile import CORPUS
from pocket.web import markdown
from pocket.web.markdown import ATTRIBUTES, STORY, TEXT, Image

VOID = {"br", "hr", "img"}
OWN = Image("/media/stories/a-960.webp", 960, 480, "/media/stories/a-480.webp 480w")
FILLINGS = {name: lambda argument: '<data class="fact">1</data>' for name in ("fact", "state")}
SCHEME = re.compile(r"[a-z][a-z0-9+.\-]*:")
# A browser passes over these wherever they stand in an address, or before it.
PASSED_OVER = re.compile(r"[\x00-\x20\u00a0\u200b-\u200f\u2028\u2029\ufeff]")


class Witness(HTMLParser):
    """Reads HTML as a browser would, and notes whatever could do harm."""

    def __init__(self, tags: set[str]) -> None:
        super().__init__()
        self.tags, self.open, self.harm, self.ids = tags | {"data"}, [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in self.tags:
            self.harm.append(f"<{tag}>")
        if tag not in VOID:
            self.open.append(tag)
        known = ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
        for name, value in attrs:
            if name not in known and tag != "data":
                self.harm.append(f"<{tag} {name}>")
            if name in ("href", "src"):
                self.address(tag, name, value or "")
            if name == "id":
                self.ids.append(value)
                if not re.match(r"(s-|fn)", value):
                    self.harm.append(f"id={value}")

    def address(self, tag, name, value):
        seen = PASSED_OVER.sub("", unquote(value)).lower()
        if name == "src":
            if not re.match(r"/media/stories/", value):
                self.harm.append(f"shows {value}")
        elif (scheme := SCHEME.match(seen)) and scheme[0] not in ("http:", "https:", "mailto:"):
            self.harm.append(f"leads to {value}")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.harm.append(f"</{tag}> closes nothing")

    def handle_comment(self, data):
        self.harm.append(f"comment {data}")

    def handle_decl(self, decl):
        self.harm.append(f"<!{decl}>")

    def handle_pi(self, data):
        self.harm.append(f"<?{data}>")

    def unknown_decl(self, data):
        self.harm.append(f"<![{data}]>")


def harm_in(html: str, tags: set[str]) -> list[str]:
    witness = Witness(tags)
    witness.feed(html)
    witness.close()
    found = [*witness.harm, *(f"<{tag}> stays open" for tag in witness.open)]
    found += [f"id {it} twice" for it in set(witness.ids) if witness.ids.count(it) > 1]
    if "<!--" in html:
        found.append("a comment stays open")
    return found


def find(path: str) -> Image | None:
    return OWN if re.fullmatch(r"/media/stories/[A-Za-z0-9_-]{22}", path) else None


def harm_of(source: str) -> list[str]:
    """What of a story and of a remark is harmful, when everything in it is filled in."""
    story = markdown.story(source, image=find)
    marks = [name for name, _ in markdown.MARK.findall(story.html)]
    return [
        *harm_in(markdown.fill_marks(story.html, FILLINGS), STORY),
        *harm_in(markdown.remark(source).html, TEXT),
        *(["a hole of the page"] if "hole" in marks else []),
        *(["markup in the text"] if "<!--" in story.html and not marks else []),
    ]


def test_the_corpus_is_large():
    assert len(CORPUS) >= 200


@pytest.mark.parametrize("source", CORPUS, ids=range(len(CORPUS)))
def test_no_harm_comes_through(source):
    assert harm_of(source) == []


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        '<p onclick="x">a</p>',
        '<a href="java\tscript:alert(1)">a</a>',
        '<a href="%6Aavascript:alert(1)">a</a>',
        '<img src="https://other.example/x.png">',
        '<p style="x">a</p>',
        '<h2 id="toasts">a</h2>',
        '<h2 id="s-a">a</h2><h2 id="s-a">b</h2>',
        '<a name="x">a</a>',
        "<p>a",
        "a</p>",
        "<p>a <!-- b</p>",
        "<!--hole:account-->",
        "<!doctype html>",
        "<?php ?>",
        "<form></form>",
    ],
)
def test_the_witness_sees_harm(html):
    assert harm_in(html, STORY)


def test_what_is_meant_well_comes_through():
    source = (
        "## कर्नाटक\n\n| a |\n|:-:|\n| [b](/c) |\n\n![d](/media/stories/"
        + "a" * 22
        + ")\n\nx[^1]\n\n[^1]: y"
    )
    html = markdown.story(source, image=find).html
    assert harm_in(html, STORY) == []
    for kept in (
        '<h2 id="s-कर्नाटक">',
        '<td class="align-center"><a href="/c"',
        'alt="d"',
        '<li id="fn1">',
        'href="#fnref1"',
    ):
        assert kept in html


PIECES = st.sampled_from(
    [
        *CORPUS[::7],
        *("<", ">", '"', "'", "`", "&", ";", ":", "/", "\\", "(", ")", "[", "]", "!", "#", "|"),
        *(
            "<!--",
            "-->",
            "{{",
            "}}",
            "{{ fact:a }}",
            "\n",
            "\n\n",
            "    ",
            "\t",
            "\0",
            "*",
            "_",
            "~~",
        ),
        *(
            "javascript:",
            "data:",
            "on",
            "=",
            "script",
            "img",
            "src",
            "href",
            "hole:account",
            "[^1]",
        ),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=14).map("".join))
def test_no_harm_comes_of_any_mixture(source):
    assert harm_of(source) == []


def test_headings_of_the_same_words_are_told_apart():
    html = markdown.story("# a\n# a-2\n# a\n# a\n# a-2").html
    ids = re.findall(r'id="([^"]+)"', html)
    assert ids == ["s-a", "s-a-2", "s-a-3", "s-a-4", "s-a-2-2"]


def test_a_mark_that_is_shown_as_code_stays_text():
    html = markdown.story("`{{ fact:a }}` {{ fact:b }} {{ fact:c }}").html
    assert html == "<p><code>{{ fact:a }}</code> <!--fact:b--> <!--fact:c--></p>\n"
