"""Reading a page as people get it: the test client's answer as a tree of elements."""

import json
from functools import cached_property
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, TreeBuilder

INLINE = {"a", "abbr", "b", "em", "i", "mark", "small", "span", "strong"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class _Parser(HTMLParser):
    """Builds a tree and insists that every element is closed where it was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.builder = TreeBuilder()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.builder.end(tag)
        else:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1] == tag, f"</{tag}> where <{self.open[-1]}> is open"
        self.open.pop()
        self.builder.end(tag)

    def handle_data(self, data):
        self.builder.data(data)


class Page:
    """An answer; `all` and `one` take the paths of ElementTree, such as ".//a[@lang]"."""

    def __init__(self, response) -> None:
        self.response = response
        self.html = response.content.decode()
        parser = _Parser()
        parser.builder.start("page", {})
        parser.feed(self.html)
        parser.close()
        assert not parser.open, f"never closed: {parser.open}"
        parser.builder.end("page")
        self.tree: Element = parser.builder.close()
        ids = [element.get("id") for element in self.all(".//*[@id]")]
        assert len(ids) == len(set(ids)), "an id stands here twice"

    def all(self, path: str) -> list[Element]:
        return self.tree.findall(path)

    def one(self, path: str) -> Element:
        found = self.all(path)
        assert len(found) == 1, f"{len(found)} of {path}"
        return found[0]

    @cached_property
    def words(self) -> str:
        return words(self.tree)

    @property
    def title(self) -> str:
        return words(self.one(".//head/title"))

    @property
    def notices(self) -> list[str]:
        return [words(p) for p in self.all(".//p") if "notice" in p.get("class", "").split()]

    @property
    def data(self) -> dict:
        """The JSON-LD of the page."""
        return json.loads(self.one(".//script[@type='application/ld+json']").text)

    def links(self, path: str = ".") -> list[str]:
        return [a.get("href") for a in self.all(f"{path}//a[@href]")]

    def meta(self, name: str) -> str:
        return next(
            m.get("content")
            for m in self.all(".//meta")
            if name in (m.get("name"), m.get("property"))
        )

    def rel(self, rel: str) -> list[str]:
        return [link.get("href") for link in self.all(f".//link[@rel='{rel}']")]

    def table(self, caption: str) -> list[list[str]]:
        """The rows of the table whose caption begins so, cell by cell."""
        table = next(t for t in self.all(".//table") if begins(t.find("caption"), caption))
        return rows(table)


def rows(table: Element) -> list[list[str]]:
    return [[words(cell) for cell in row] for row in table.findall(".//tbody/tr")]


def begins(element: Element | None, start: str) -> bool:
    return element is not None and words(element).startswith(start)


def words(element: Element) -> str:
    """What is seen of an element, one space between words; what is only heard is left out."""
    return " ".join("".join(_seen(element)).split())


def _seen(element: Element):
    if element.tag not in {"script", "style"} and "visually-hidden" not in element.get("class", ""):
        yield element.text or ""
        for child in element:
            yield "" if child.tag in INLINE else " "
            yield from _seen(child)
            yield "" if child.tag in INLINE else " "
            yield child.tail or ""


def visit(client, address: str, *, status: int = 200, **extra) -> Page:
    response = client.get(address, **extra)
    assert response.status_code == status, f"{address}: {response.status_code}"
    return Page(response)
