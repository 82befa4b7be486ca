import re
import unicodedata

LONGEST = 120
# Letters, digits and the marks that Indian vowels are: Python's \w knows none of those, and
# without them "कर्नाटक" would be "करनटक". Joiners decide how some conjuncts are read.
KEPT = {"L", "M", "N"}
JOINERS = "\u200c\u200d"
BETWEEN = re.compile(r"[-\s]+")


def slug_of(text: str) -> str:
    """Make the part of an address of words in any script: lower case, hyphens between words.

    "" if there is no letter and no digit in it.
    """
    text = unicodedata.normalize("NFKC", text).lower()
    text = unicodedata.normalize("NFC", text.replace("'", "").replace("’", ""))
    kept = [
        sign if unicodedata.category(sign)[0] in KEPT or sign in JOINERS else " " for sign in text
    ]
    words = BETWEEN.split("".join(kept).strip())
    slug = ""
    for word in (word.strip(JOINERS) for word in words):
        longer = f"{slug}-{word}" if slug and word else slug or word
        if len(longer) > LONGEST:
            break
        slug = longer
    return slug or words[0].strip(JOINERS)[:LONGEST]
