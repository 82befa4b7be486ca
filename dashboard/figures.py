"""The numbers of the overview, each with the list that it counts and its last 30 days."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet, Sum, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blog.comments import Comment
from blog.posts import Post
from contact.models import Message
from dashboard import counting, sections
from dashboard.counting import DAY, MOST, Counted
from dashboard.models import DayCount
from pocket.web.numbers import grouped
from search.models import MissedSearch

LATELY = "searches lately"


@dataclass(frozen=True)
class Kind:
    """`waiting` are the rows that the number counts; without them it is that of the 30 days."""

    title: str | Promise
    daily: str | Promise  # what the line and the table tell of each day
    permission: str
    address: Callable[[], str]
    counted: Counted | None  # None: searches, which come counted
    waiting: Callable[[], QuerySet] | None = None


KINDS = (
    Kind(
        gettext_lazy("Stories out"),
        gettext_lazy("Came out"),
        sections.STORIES.permission,
        lambda: reverse("dashboard:stories", query={"status": "published"}),
        counting.STORIES,
        lambda: Post.objects.public(),
    ),
    Kind(
        gettext_lazy("Comments waiting"),
        gettext_lazy("Comments written"),
        sections.REVIEW.permission,
        lambda: sections.REVIEW.url,
        counting.COMMENTS,
        lambda: Comment.objects.to_decide(),
    ),
    Kind(
        gettext_lazy("New messages"),
        gettext_lazy("Messages sent"),
        sections.INBOX.permission,
        lambda: sections.INBOX.url,
        counting.MESSAGES,
        lambda: Message.objects.in_box("new"),
    ),
    Kind(
        gettext_lazy("New members in 30 days"),
        gettext_lazy("Members new"),
        sections.PEOPLE.permission,
        lambda: sections.PEOPLE.url,
        counting.MEMBERS,
    ),
    Kind(
        gettext_lazy("Searches without result in 30 days"),
        gettext_lazy("Searches without result"),
        sections.SEARCHES.permission,
        lambda: sections.SEARCHES.url,
        None,
    ),
)


def shown(count: int) -> str:
    is_more = count == MOST + 1  # where counting stopped; what is kept was counted to its end
    return _("more than %(most)s") % {"most": grouped(MOST)} if is_more else grouped(count)


@dataclass
class Figure:
    kind: Kind
    days: list[tuple[date, int | None]]  # None: not counted yet
    waiting: int | None = None
    url: str = field(init=False)

    def __post_init__(self) -> None:
        self.url = self.kind.address()

    @property
    def number(self) -> str:
        if self.waiting is None:
            return grouped(sum(count or 0 for _day, count in self.days))
        return shown(self.waiting)

    @property
    def newest_first(self) -> list[tuple[date, str]]:
        told = [(day, _("not counted yet") if n is None else shown(n)) for day, n in self.days]
        return told[::-1]

    @property
    def line(self) -> str:
        """An SVG path from left to right in a box of 100 by 30."""
        counts = [count or 0 for _day, count in self.days]
        highest, step = max(*counts, 1), 100 / (len(counts) - 1)
        points = [f"{at * step:.1f} {28 - 26 * n / highest:.1f}" for at, n in enumerate(counts)]
        return f"M{' L'.join(points)}"

    @property
    def area(self) -> str:
        return f"{self.line} L100 30 L0 30Z"


def figures_for(person) -> list[Figure]:
    """Those whose lists the person may open; two queries."""
    kinds = [kind for kind in KINDS if person.has_perm(kind.permission)]
    if not kinds:
        return []
    asked: list[QuerySet] = []
    for kind in kinds:
        asked += counting.lately(kind.counted) if kind.counted else []
        asked += [kind.waiting()] if kind.waiting else []
    counts = iter(counting.count_up_to(MOST, asked))
    kept, today = _kept(), timezone.localdate()
    figures = []
    for kind in kinds:
        if kind.counted:
            known, lately = kept.get(kind.counted.name, {}), [next(counts), next(counts)]
        else:
            known, found = kept.get(counting.SEARCHES, {}), kept.get(LATELY, {})
            lately = [found.get(day, 0) for day in counting.days_until(today)[-2:]]
        waiting = next(counts) if kind.waiting else None
        figures.append(Figure(kind, _days(known, *lately), waiting))
    return figures


def _kept() -> dict[str, dict[date, int]]:
    """By name and day; with the searches of yesterday and today, which come counted."""
    today = timezone.localdate()
    days = DayCount.objects.filter(day__gt=today - counting.DAYS * DAY)
    lately = MissedSearch.objects.filter(day__gte=today - DAY).order_by().values("day")
    lately = lately.annotate(name=Value(LATELY), count=Sum("times"))
    columns = ("name", "day", "count")
    kept: dict[str, dict[date, int]] = {}
    for name, day, count in days.values_list(*columns).union(
        lately.values_list(*columns), all=True
    ):
        kept.setdefault(name, {})[day] = count
    return kept


def _days(known: dict[date, int], yesterday: int, today: int) -> list[tuple[date, int | None]]:
    days = counting.days_until(timezone.localdate())
    lately = {days[-2]: yesterday, **known, days[-1]: today}
    return [(day, lately.get(day)) for day in days]
