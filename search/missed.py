"""What was looked for and not found: how often on which day, and nobody's name.

A search only counts in memory. A thread writes the counts soon after, many at once, so the page
waits for no write; what a process has not written when it is killed is lost.
"""

import re
import threading
from collections import Counter
from datetime import timedelta
from itertools import zip_longest

from django.conf import settings
from django.db import close_old_connections, connection, transaction
from django.db.models import F
from django.utils import timezone

from search.models import MissedSearch
from search.words import MAX_LENGTH, MAX_WORDS, fold

KEPT = timedelta(days=90)
MOST_A_DAY = 300  # different ones; robots ask for anything
MOST_AT_ONCE = 200
# What looks like an address or a number of somebody is not ours to keep.
PERSONAL = re.compile(r"@|(?:\d[\s().+-]?){6}")

_counts: Counter[str] = Counter()
_lock = threading.Lock()
_timer: threading.Timer | None = None


def note(text: str) -> None:
    """Count a search that found nothing."""
    global _timer
    words = " ".join(fold(text)[:MAX_WORDS])[:MAX_LENGTH]
    if not words or PERSONAL.search(text):
        return
    with _lock:
        if words in _counts or len(_counts) < MOST_AT_ONCE:
            _counts[words] += 1
        if _timer is None and settings.MISSED_SEARCHES_AFTER is not None:
            _timer = threading.Timer(settings.MISSED_SEARCHES_AFTER, _write_apart)
            _timer.daemon = True
            _timer.start()


def _write_apart() -> None:
    close_old_connections()
    try:
        write()
    finally:
        connection.close()


def write() -> None:
    """Add what was counted to the table; of a search still being typed only the last step."""
    global _timer
    with _lock:
        counts, _timer = dict(_counts), None
        _counts.clear()
    asked = sorted(counts)
    # Sorted, the one that goes on where another ends comes right after it.
    whole = [
        words
        for words, after in zip_longest(asked, asked[1:], fillvalue="")
        if not after.startswith(words)
    ]
    if whole:
        _add(whole, counts)


@transaction.atomic
def _add(whole: list[str], counts: dict[str, int]) -> None:
    today = timezone.localdate()
    rows = MissedSearch.objects.filter(day=today)
    known = set(rows.filter(words__in=whole).values_list("words", flat=True))
    room = max(0, MOST_A_DAY - rows.count())
    new = [words for words in whole if words not in known][:room]
    MissedSearch.objects.bulk_create(
        [MissedSearch(day=today, words=words) for words in new], ignore_conflicts=True
    )
    for words in sorted({*known, *new}):  # two writers never wait for each other's rows
        rows.filter(words=words).update(times=F("times") + counts[words])


def forget_old() -> None:
    MissedSearch.objects.filter(day__lt=timezone.localdate() - KEPT).delete()
