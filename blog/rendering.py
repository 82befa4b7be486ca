"""A story's Markdown, rendered once when it is saved."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.safestring import SafeString

from blog import images
from pocket.web import markdown
from pocket.web.markdown import Heading

WORDS_A_MINUTE = 238
SYLLABLES_A_MINUTE = 370 * 238 / 183


def _viramas(first: int, last: int) -> str:
    """The signs that take the vowel from a letter."""
    signs = map(chr, range(first, last + 1))
    return "".join(sign for sign in signs if unicodedata.combining(sign) == 9)


# The scripts in which a letter is a syllable: Devanagari to Sinhala, and Meetei Mayek.
BLOCKS = [(0x0900, 0x0DFF), (0xABC0, 0xABFF)]
INDIAN = "".join(f"{chr(first)}-{chr(last)}" for first, last in BLOCKS)
NUKTAS = "".join(
    sign for sign in map(chr, range(0x0900, 0x0E00)) if unicodedata.combining(sign) == 7
)
VIRAMAS = "".join(_viramas(*block) for block in BLOCKS)
SYLLABLE = re.compile(rf"(?=[{INDIAN}])[^\W\d_](?![{NUKTAS}]?[{VIRAMAS}])")


@dataclass(frozen=True)
class Story:
    html: SafeString  # with marks for what is looked up when the page is made
    text: str
    headings: list[Heading]
    minutes: int


def rendered(body: str) -> Story:
    made = markdown.story(body, image=images.finder(body))
    return Story(made.html, made.text, made.headings, minutes_of(made.text))


def minutes_of(text: str) -> int:
    """How long it takes to read, in whole minutes, one at least.

    Words with spaces between them at 238 a minute, which is what adults read silently of English
    that is no fiction: the mean of 190 studies in M. Brysbaert, "How many words do we read per
    minute?", Journal of Memory and Language 109 (2019), 104047.

    In Indian scripts by the syllable, since a word of Malayalam says what three of English do: at
    370 a minute, the mean of 17 languages in S. Trauzettel-Klosinski and K. Dietz, "Standardized
    Assessment of Reading Performance", Investigative Ophthalmology & Visual Science 53 (2012),
    5452. That is aloud; Brysbaert's 183 words aloud make it 481 in silence. Neither measured
    Indian languages; nobody published a rate for all of them that could be found.
    """
    words, syllables = 0, 0
    for word in text.split():
        if found := len(SYLLABLE.findall(word)):
            syllables += found
        elif any(map(str.isalnum, word)):
            words += 1
    return max(1, round(words / WORDS_A_MINUTE + syllables / SYLLABLES_A_MINUTE))
