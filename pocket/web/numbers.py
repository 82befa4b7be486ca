"""Numbers as they are written and read aloud in India.

12,34,567 groups by three, then by twos; a lakh is 1,00,000 and a crore 1,00,00,000.
"""

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

LAKH = 100_000
CRORE = 10_000_000


def rounded(value: Decimal, decimals: int) -> Decimal:
    return Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def grouped(value: Decimal | int, decimals: int = 0) -> str:
    """Write 1234567 as 12,34,567 and -1234.5 (one decimal) as −1,234.5."""
    number = rounded(Decimal(value), decimals)
    sign = "−" if number < 0 else ""
    whole, _point, fraction = f"{abs(number):f}".partition(".")
    head, tail = whole[:-3], whole[-3:]
    pairs = []
    while head:
        pairs.insert(0, head[-2:])
        head = head[:-2]
    return sign + ",".join([*pairs, tail]) + (f".{fraction}" if fraction else "")


def short(value: Decimal | int) -> str:
    """Write a large number in words of three figures: 6.11 crore, 3.04 lakh, 8,590."""
    number = Decimal(value)
    if abs(rounded(number, 0)) < LAKH:
        return grouped(number)
    if abs((written := _three_figures(number, LAKH))[0]) < CRORE // LAKH:
        return _("%s lakh") % grouped(*written)
    if abs((written := _three_figures(number, CRORE))[0]) < LAKH:
        return _("%s crore") % grouped(*written)
    return _("%s lakh crore") % grouped(*_three_figures(number, LAKH * CRORE))


def spoken(value: Decimal | int) -> str:
    """Say 12345678 as "1 crore 23 lakh 45 thousand 678": what a screen reader gets right."""
    left = int(rounded(Decimal(value), 0))
    words = [_("minus")] if left < 0 else []
    left = abs(left)
    for unit, name in ((CRORE, _("crore")), (LAKH, _("lakh")), (1_000, _("thousand"))):
        count, left = divmod(left, unit)
        if count:
            words.append(f"{spoken(count)} {name}")
    if left or not words:
        words.append(str(left))
    return " ".join(words)


def _three_figures(number: Decimal, unit: int) -> tuple[Decimal, int]:
    """Count in a unit, and say with how many decimals: rounded up, 9.996 is 10.0, not 10.00."""
    count = number / unit
    decimals = 2 if abs(rounded(count, 2)) < 10 else 1 if abs(rounded(count, 1)) < 100 else 0
    return rounded(count, decimals), decimals
