import re
import unicodedata

LONGEST = 120
LOOKED_AT = 1_000  # signs; putting thousands of marks of one letter in order takes seconds
# Letters, digits and the marks that Indian vowels are: Python's \w knows none of those, and
# without them "कर्नाटक" would be "करनटक". Joiners decide how some conjuncts are read.
KEPT = {"L", "M", "N"}
JOINERS = "\u200c\u200d"
VIRAMA = 9  # the combining class of the signs that take the vowel from a letter
# Which form of a picture sign is meant: marks too, but of no letter.
VARIANTS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def slug_of(text: str) -> str:
    """Make the part of an address of words in any script: lower case, hyphens between words.

    "" if there is no letter and no digit in it.
    """
    text = unicodedata.normalize("NFKC", text[:LOOKED_AT]).lower()
    text = unicodedata.normalize("NFC", text.replace("'", "").replace("’", ""))
    words = [word for part in "".join(map(_kept, text)).split() if (word := _tidied(part))]
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > LONGEST:
            break
        slug = longer
    return slug or _tidied("".join(words[:1])[:LONGEST])


def _kept(sign: str) -> str:
    """What stays of a sign: itself, nothing of one that nobody sees, else the end of a word."""
    category = unicodedata.category(sign)
    if category[0] in KEPT or sign in JOINERS:
        return "" if VARIANTS.match(sign) else sign
    return "" if category == "Cf" else " "


def _tidied(word: str) -> str:
    """Without marks that have no letter, and joiners that join nothing.

    Behind a virama a joiner says how the last letter is read: in the older spelling of Malayalam
    it alone tells one word from another.
    """
    start, end = 0, len(word)
    while start < end and (word[start] in JOINERS or unicodedata.category(word[start])[0] == "M"):
        start += 1
    while (
        start < end and word[end - 1] in JOINERS and unicodedata.combining(word[end - 2]) != VIRAMA
    ):
        end -= 1
    return word[start:end]
