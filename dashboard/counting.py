"""How many came on each day: of days that are over kept in DayCount, of the last two asked.

What is asked while somebody waits stops at MOST, so no page grows slow with the site.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import User
from blog.comments import Comment
from blog.posts import Post
from contact.models import Message
from dashboard.models import DayCount
from pocket.web.keys import first_of
from search.models import MissedSearch

MOST = 1000
DAYS = 30
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Counted:
    """`rows` came at `moment`; `between` finds those of two moments by an index."""

    name: str
    rows: Callable[[], QuerySet]
    moment: str
    between: Callable[[QuerySet, datetime, datetime], QuerySet]


def _by_key(rows: QuerySet, since: datetime, until: datetime) -> QuerySet:
    """Keys sort by time; what was made between two moments has them."""
    return rows.filter(pk__gte=first_of(since), pk__lt=first_of(until))


def _published(rows: QuerySet, since: datetime, until: datetime) -> QuerySet:
    return rows.filter(published_at__gte=since, published_at__lt=until)


def _sent(rows: QuerySet, since: datetime, until: datetime) -> QuerySet:
    newest = Message.objects.order_by("-pk").values("pk")[:MOST]
    return rows.filter(pk__in=newest, sent_at__gte=since, sent_at__lt=until)


STORIES = Counted("stories", lambda: Post.objects.public(), "published_at", _published)
COMMENTS = Counted("comments", lambda: Comment.objects.all(), "made_at", _by_key)
MESSAGES = Counted("messages", lambda: Message.objects.all(), "sent_at", _sent)
MEMBERS = Counted("members", lambda: User.living.all(), "date_joined", _by_key)
SEARCHES = "searches"  # they come counted by days, a bounded number of rows each
EVERY = (STORIES, COMMENTS, MESSAGES, MEMBERS)


def begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def days_until(last: date) -> list[date]:
    return [last - DAY * back for back in reversed(range(DAYS))]


# --- Kept ---------------------------------------------------------------------------------------


def count_days() -> int:
    """Count what days of the last weeks were not counted yet, and yesterday again."""
    today = timezone.localdate()
    days = days_until(today - DAY)
    known: dict[str, set[date]] = {}
    for name, day in DayCount.objects.filter(day__gte=days[0]).values_list("name", "day"):
        known.setdefault(name, set()).add(day)
    counted = 0
    for name in (*(it.name for it in EVERY), SEARCHES):
        missing = [day for day in days if day not in known.get(name, ())]
        wanted = [day for day in days if day >= min([*missing, days[-1]])]
        found = _counts(name, wanted[0], today)
        with transaction.atomic():
            DayCount.objects.bulk_create(
                [DayCount(name=name, day=day, count=found.get(day, 0)) for day in wanted],
                update_conflicts=True,
                unique_fields=["name", "day"],
                update_fields=["count"],
            )
        counted += len(wanted)
    DayCount.objects.filter(day__lt=today - timedelta(days=400)).delete()
    return counted


def _counts(name: str, since: date, until: date) -> dict[date, int]:
    if name == SEARCHES:
        rows = MissedSearch.objects.filter(day__gte=since, day__lt=until).order_by()
        return dict(rows.values("day").annotate(n=Sum("times")).values_list("day", "n"))
    counted = next(it for it in EVERY if it.name == name)
    bounds = {f"{counted.moment}__gte": begin_of(since), f"{counted.moment}__lt": begin_of(until)}
    rows = counted.rows().filter(**bounds).order_by()
    if counted.between is _by_key:  # by the index: nothing comes long after its key was made
        rows = rows.filter(pk__gte=first_of(begin_of(since) - timedelta(days=7)))
    by_day = rows.annotate(on_day=TruncDate(counted.moment)).values("on_day")
    return dict(by_day.annotate(n=Count("pk")).values_list("on_day", "n"))


# --- Asked --------------------------------------------------------------------------------------


def count_up_to(most: int, asked: Sequence[QuerySet]) -> list[int]:
    """Count rows of several kinds in one query, each no further than one beyond `most`."""
    parts, values = [], []
    for rows in asked:
        try:
            sql, params = rows.order_by().values("pk")[: most + 1].query.sql_with_params()
        except EmptyResultSet:
            sql, params = "SELECT 1 WHERE 1 = 0", ()
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")  # noqa: S608 of our own queries
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return list(cursor.fetchone())


def lately(counted: Counted) -> list[QuerySet]:
    """What came yesterday and what came today."""
    today = timezone.localdate()
    begins = [begin_of(today - DAY), begin_of(today), begin_of(today + DAY)]
    return [counted.between(counted.rows(), *two) for two in pairwise(begins)]
