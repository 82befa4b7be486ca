"""The languages that a story may be in, and the script that each is written in."""

import unicodedata
from collections import Counter

from django.utils.translation import gettext_lazy as _

DEVANAGARI, BENGALI, ARABIC, LATIN = "DEVANAGARI", "BENGALI", "ARABIC", "LATIN"

# By their code (BCP 47): the name, and scripts as the names of Unicode's letters begin.
LANGUAGES = {
    "en": (_("English"), (LATIN,)),
    "as": (_("Assamese"), (BENGALI,)),
    "bn": (_("Bengali"), (BENGALI,)),
    "brx": (_("Bodo"), (DEVANAGARI,)),
    "doi": (_("Dogri"), (DEVANAGARI,)),
    "gu": (_("Gujarati"), ("GUJARATI",)),
    "hi": (_("Hindi"), (DEVANAGARI,)),
    "kn": (_("Kannada"), ("KANNADA",)),
    "ks": (_("Kashmiri"), (ARABIC, DEVANAGARI)),
    "kha": (_("Khasi"), (LATIN,)),
    "kok": (_("Konkani"), (DEVANAGARI, LATIN)),
    "mai": (_("Maithili"), (DEVANAGARI,)),
    "ml": (_("Malayalam"), ("MALAYALAM",)),
    "mni": (_("Manipuri"), ("MEETEI", BENGALI)),
    "mr": (_("Marathi"), (DEVANAGARI,)),
    "lus": (_("Mizo"), (LATIN,)),
    "ne": (_("Nepali"), (DEVANAGARI,)),
    "or": (_("Odia"), ("ORIYA",)),
    "pa": (_("Punjabi"), ("GURMUKHI",)),
    "sa": (_("Sanskrit"), (DEVANAGARI,)),
    "sat": (_("Santali"), ("OL", DEVANAGARI)),
    "sd": (_("Sindhi"), (ARABIC, DEVANAGARI)),
    "ta": (_("Tamil"), ("TAMIL",)),
    "te": (_("Telugu"), ("TELUGU",)),
    "ur": (_("Urdu"), (ARABIC,)),
}
CHOICES = [(code, name) for code, (name, _scripts) in LANGUAGES.items()]
LOOKED_AT = 5_000  # letters; the rest of a text is in the same script


def is_script_of(language: str, text: str) -> bool:
    """Whether at least half of a text's letters are of a script that the language has."""
    known = LANGUAGES.get(language)
    letters = [sign for sign in text if sign.isalpha()][:LOOKED_AT]
    if known is None or not letters:
        return True
    counted = Counter(unicodedata.name(sign, "").partition(" ")[0] for sign in letters)
    return 2 * sum(counted[script] for script in known[1]) >= len(letters)
