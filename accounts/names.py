"""The name that others see: any script, on one line, and nothing that hides or turns text."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

NAMES = "names"  # the topic of pages that show names of people; see pocket/web/generation.py
# Format characters that spelling needs: joiners in Indian scripts, direction marks in Urdu.
SPELLING = {"\u200c", "\u200d", "\u200e", "\u200f", "\u061c"}
BLANKS = re.compile("[\u115f\u1160\u3164\uffa0\u2800]")  # letters and signs that show nothing


def is_readable(name: str) -> None:
    name = BLANKS.sub("", name)
    hidden = any(unicodedata.category(sign)[0] == "C" and sign not in SPELLING for sign in name)
    if hidden:
        raise ValidationError(
            _("This name holds characters that cannot be seen. Type it anew, without copying."),
            code="hidden_characters",
        )
    if not any(unicodedata.category(sign)[0] in "LN" for sign in name):
        raise ValidationError(_("Use at least one letter or digit."), code="no_letters")


class ShownNameField(models.CharField):
    """Kept in NFC, with single spaces, whatever way a name comes in."""

    def to_python(self, value):
        value = super().to_python(value)
        if not isinstance(value, str):
            return value
        return " ".join(unicodedata.normalize("NFC", value).split())
