"""How text becomes words, the same for what is indexed and for what is asked.

Both databases get words that are already folded, so that both find the same: their own rules for
Indian scripts differ by version and locale, and the worst of them cut a word at every vowel sign.
"""

import re
import unicodedata

MAX_LENGTH = 200  # of a question, in characters; no name in India is longer
MAX_WORDS = 12
MAX_WORD = 64


def _marks() -> str:
    """Return all combining marks as ranges for a character class: \\w leaves them out."""
    ranges: list[list[int]] = []
    for code in range(0x300, 0x1E950):  # none are below; above are only variation selectors
        if unicodedata.category(chr(code))[0] != "M":
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


MARKS = _marks()
# More marks on one letter than any script has: to put thousands of them in order takes seconds.
PILED_UP = re.compile(rf"([{MARKS}]{{30}})[{MARKS}]+")
# A word as people write it, joiners (ZWNJ, ZWJ) and soft hyphens inside it included.
WRITTEN = re.compile(rf"(?:[^\W_]|[{MARKS}])(?:[^\W_]|[{MARKS}\u00ad\u200c\u200d])*")


def fold(text: str) -> list[str]:
    """Return the words of a text without what people leave out or type differently.

    That is case, Latin diacritics, nukta, Vedic accents and Arabic vowel points, the joiners, and
    which of Unicode's normal forms it is in. Vowel signs and viramas stay: they are the word.
    """
    if text.isascii():  # it has nothing that could be left out
        return [word[:MAX_WORD] for word in WRITTEN.findall(text.lower())]
    text = unicodedata.normalize("NFKD", PILED_UP.sub(r"\1", text.casefold()))
    text = "".join(char for char in text if not _is_left_out(char))
    text = unicodedata.normalize("NFC", text.casefold())
    return [word[:MAX_WORD] for word in WRITTEN.findall(text)]


def _is_left_out(char: str) -> bool:
    if char < "\u00ad":  # quickly past ASCII
        return False
    placed = unicodedata.combining(char)
    return (
        placed == 7  # nukta
        or 10 <= placed <= 36  # Hebrew and Arabic points
        or placed >= 200  # above and below: Latin diacritics, Vedic accents
        or unicodedata.category(char) in {"Cf", "Me"}
    )


def is_correctable(word: str) -> bool:
    """Short words have too many neighbours, and numbers are not misspelt names."""
    return len(word) >= 4 and not any(char.isdecimal() for char in word)


def shortened(word: str) -> set[str]:
    """Return the word and all that is left of it with one character gone."""
    return {word} | {word[:gap] + word[gap + 1 :] for gap in range(len(word))}


def one_typo_apart(a: str, b: str) -> bool:
    """Whether one character too many, too few, wrong, or swapped with the next makes a of b."""
    same = next(
        (at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    a, b = a[same:], b[same:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[1::-1] == b[:2] and a[2:] == b[2:])
