"""Marks what was found in the text that people read. Returns escaped HTML."""

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from search.words import WRITTEN, fold

ROOM = 160  # characters of an excerpt


class Terms:
    """The words that were looked for; a term that ends in * also matches what goes on after it."""

    def __init__(self, terms):
        self.whole = {term for term in terms if not term.endswith("*")}
        self.starts = tuple(term[:-1] for term in terms if term.endswith("*"))
        self.seen: dict[str, bool] = {}  # words repeat; folding them is what costs

    def match(self, written: str) -> bool:
        if written not in self.seen:
            self.seen[written] = any(
                word in self.whole or word.startswith(self.starts) for word in fold(written)
            )
        return self.seen[written]

    def first_in(self, text: str) -> int | None:
        found = (word.start() for word in WRITTEN.finditer(text) if self.match(word[0]))
        return next(found, None)


def mark(text: str, terms: Terms) -> SafeString:
    """Wrap the words that match in <mark>; all of the text when only its words run together do."""
    parts, end = [], 0
    for word in WRITTEN.finditer(text):
        if terms.match(word[0]):
            parts += [escape(text[end : word.start()]), _marked(word[0])]
            end = word.end()
    if not parts and terms.match("".join(fold(text))):
        return _marked(text)
    return mark_safe("".join([*parts, escape(text[end:])]))  # noqa: S308 - escaped above


def excerpt(text: str, terms: Terms) -> SafeString:
    """Return a line or two around the first match, or nothing when there is none."""
    at = terms.first_in(text)
    if at is None:
        return SafeString("")
    start = 0
    if at > ROOM // 3:
        start = text.rfind(" ", 0, at - ROOM // 4) + 1
    cut = text[start : start + ROOM]
    if start + ROOM < len(text):
        space = cut.rfind(" ")
        cut = (cut[:space] if space > at - start else cut) + "…"
    return mark(("…" if start else "") + cut, terms)


def _marked(text: str) -> SafeString:
    return format_html("<mark>{}</mark>", text)
