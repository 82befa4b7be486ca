"""What differs between two texts, word by word.

First by paragraph, then by word within those that changed. Where a comparison could take long
(difflib's worst case is cubic) the coarser one stands.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from blog.content import Content
from blog.languages import LANGUAGES
from states.atlas import atlas

SAME, GONE, NEW = "", "del", "ins"
# A word is what stands between spaces, so that no vowel sign is parted from its letter.
WORDS = re.compile(r"\s+|[.,;:!?()\[\]\"“”…—।*_#|]|[^\s.,;:!?()\[\]\"“”…—।*_#|]+")
DEAREST = 150_000  # pairs of equal parts that difflib may have to look at in one comparison
LONGEST = 6_000  # parts of either side
AROUND = 1  # paragraphs shown on either side of a change


class Piece(NamedTuple):
    kind: str
    text: str


@dataclass(frozen=True)
class Difference:
    """One field of a story in two versions."""

    label: str
    html: SafeString


def differences(old: Content, new: Content) -> list[Difference]:
    """What differs between two contents, field by field; nothing where nothing does."""
    pairs = [
        (_("Title"), old.title, new.title),
        (_("Address"), old.slug, new.slug),
        (_("Dek"), old.dek, new.dek),
        (_("Text"), old.body, new.body),
        (_("Language"), *(str(LANGUAGES.get(it.language, [it.language])[0]) for it in (old, new))),
        (_("Tags"), ", ".join(old.tags), ", ".join(new.tags)),
        (_("States"), _states(old), _states(new)),
        (_("Cover"), old.cover, new.cover),
        (_("What the cover shows"), old.cover_alt, new.cover_alt),
    ]
    return [
        Difference(label, html_of(compared(before, after)))
        for label, before, after in pairs
        if before != after
    ]


def _states(content: Content) -> str:
    known = atlas().by_slug
    return ", ".join(known[slug].name if slug in known else slug for slug in content.states)


def compared(old: str, new: str) -> list[Piece]:
    """The pieces of both texts in order; those of one kind put together."""
    pieces: list[Piece] = []
    for before, after in _runs(old.splitlines(keepends=True), new.splitlines(keepends=True)):
        if before == after:
            pieces.append(Piece(SAME, "".join(before)))
            continue
        for some, other in _runs(WORDS.findall("".join(before)), WORDS.findall("".join(after))):
            if some == other:
                pieces.append(Piece(SAME, "".join(some)))
            else:
                pieces += [Piece(GONE, "".join(some)), Piece(NEW, "".join(other))]
    return [piece for piece in pieces if piece.text]


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Sequence, Sequence]]:
    """Both, cut where they differ; what begins and ends alike costs nothing."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    middle = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield old[:head], new[:head]
    if _is_cheap(*middle):
        matcher = SequenceMatcher(None, *middle, autojunk=False)
        for _tag, i, j, k, m in matcher.get_opcodes():
            yield middle[0][i:j], middle[1][k:m]
    else:
        yield middle
    if tail:
        yield old[len(old) - tail :], new[len(new) - tail :]


def _is_cheap(old: Sequence[str], new: Sequence[str]) -> bool:
    if max(len(old), len(new)) > LONGEST:
        return False
    mine, theirs = Counter(old), Counter(new)
    return sum(count * theirs[part] for part, count in mine.items()) <= DEAREST


def html_of(pieces: list[Piece]) -> SafeString:
    """<ins> and <del> around what differs; long stretches that do not are left out."""
    last = len(pieces) - 1
    return format_html_join(
        "",
        "{}",
        (
            (
                format_html("<{0}>{1}</{0}>", SafeString(piece.kind), piece.text)
                if piece.kind
                else _shortened(piece.text, is_first=not number, is_last=number == last),
            )
            for number, piece in enumerate(pieces)
        ),
    )


def _shortened(text: str, *, is_first: bool, is_last: bool) -> str | SafeString:
    lines = text.splitlines(keepends=True)
    head, tail = (0 if is_first else AROUND + 1), (0 if is_last else AROUND + 1)
    if len(lines) <= head + tail + 1:
        return text
    left_out = len(lines) - head - tail
    words = _("… %(count)s lines that are alike …") % {"count": left_out}
    end = "".join(lines[len(lines) - tail :]) if tail else ""
    gap = format_html('<span class="diff__gap">{}</span>', words)
    return format_html("{}{}{}", "".join(lines[:head]), gap, end)
