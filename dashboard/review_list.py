"""What waits for somebody to decide, of all kinds in one list, the oldest first.

The kinds stand in different tables. Each is read by its own index from a place in time on, no
further than a page; what comes of it is merged.
"""

import heapq
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from uuid import UUID

from django import forms
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog.comment_judging import Waits
from blog.comment_reports import Report
from blog.comments import Comment
from contact.models import Message
from dashboard.review_models import Claim, Thing, things_of
from pocket.web.keyset import KeysetPage

SIZE = 20
FRESH = "fresh"
PLACE = re.compile(r"(\d{1,17})\.(comment|message)\.([0-9a-f-]{1,36})", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KINDS = {
    "comment": (Thing.COMMENT, _("Comment")),
    "report": (Thing.COMMENT, _("Reported comment")),
    "correction": (Thing.MESSAGE, _("Correction")),
    "message": (Thing.MESSAGE, _("Message")),
}
REASONS = {
    Thing.COMMENT: [*Waits.choices, *Report.Reason.choices],
    Thing.MESSAGE: [(FRESH, _("Nobody has read it yet")), *Message.Suspicion.choices],
}


class QueueFilters(forms.Form):
    """`things` is what the person decides about."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    reason = forms.ChoiceField(label=_("Why it waits"), required=False)

    def __init__(self, *args, things: list[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(name, words) for name, (thing, words) in KINDS.items() if thing in things]
        self.fields["kind"].choices = [("", _("All")), *kinds]
        reasons = [choice for thing in things for choice in REASONS[Thing(thing)]]
        self.fields["reason"].choices = [("", _("All")), *reasons]


@dataclass
class Item:
    thing: str
    row: Comment | Message
    claim: Claim | None = None

    @property
    def key(self) -> str:
        return str(self.row.pk)

    @property
    def is_comment(self) -> bool:
        return self.thing == Thing.COMMENT

    @property
    def is_due(self) -> bool:
        if self.is_comment:
            return self.row.queued_at is not None
        return self.row.status == Message.Status.NEW

    @property
    def since(self) -> datetime:
        if self.is_comment:
            return self.row.queued_at or self.row.decided_at or self.row.made_at
        return self.row.sent_at

    @property
    def kind(self) -> str:
        if self.is_comment:
            is_reported = self.row.status == Comment.Status.SHOWN
            return "report" if is_reported else "comment"
        return "correction" if self.row.fact else "message"

    @property
    def kind_words(self) -> str:
        return KINDS[self.kind][1]

    @cached_property
    def reasons(self) -> list[str]:
        if not self.is_comment:
            return [self.row.get_suspicion_display() or REASONS[Thing.MESSAGE][0][1]]
        waits = [self.row.get_waits_for_display()] if self.row.waits_for else []
        return waits + list(
            dict.fromkeys(report.get_reason_display() for report in self.row.open_reports)
        )

    @property
    def version(self) -> int:
        return self.row.version if self.is_comment else 1

    @property
    def order(self) -> tuple:
        return self.since, self.thing, self.row.pk

    @property
    def place(self) -> str:
        moment = (self.since - EPOCH) // timedelta(microseconds=1)
        return f"{moment}.{self.thing}.{self.key}"

    @property
    def tick(self) -> str:
        return f"{self.thing}.{self.key}.{self.version}"

    def at(self, deed: str = "") -> str:
        name = f"dashboard:review-{self.thing}"
        return reverse(f"{name}-{deed}" if deed else name, args=[self.row.pk])

    @property
    def addresses(self) -> dict[str, str]:
        deeds = ("approve", "refuse", "claim", "release")
        return {"page": self.at()} | {deed: self.at(deed) for deed in deeds}


def comments_in_words() -> QuerySet[Comment]:
    reports = Prefetch("reports", Report.objects.open(), to_attr="open_reports")
    found = Comment.objects.knowing_bans().of_public_stories()
    found = found.select_related("post", "author", "parent__author", "decided_by")
    return found.prefetch_related(reports, "earlier")


def rows_of(thing: str) -> QuerySet:
    """All that there is, decided or not, with what a page shows of it."""
    if thing == Thing.COMMENT:
        return comments_in_words()
    return Message.objects.select_related("member", "assigned_to")


def waiting(thing: str, kind: str = "", reason: str = "") -> QuerySet:
    rows = rows_of(thing)
    if kind and KINDS[kind][0] != thing:
        return rows.none()
    if reason and reason not in dict(REASONS[Thing(thing)]):
        return rows.none()
    if thing == Thing.MESSAGE:
        rows = rows.filter(status=Message.Status.NEW)
        if kind:
            rows = rows.filter(fact__isnull=kind != "correction")
        if reason:
            rows = rows.filter(suspicion="" if reason == FRESH else reason)
        return rows
    rows = rows.filter(queued_at__isnull=False, is_banned=False)
    if kind:
        is_report = kind == "report"
        rows = rows.filter(status=Comment.Status.SHOWN if is_report else Comment.Status.WAITING)
    if reason in Waits.values:
        rows = rows.filter(waits_for=reason)
    elif reason:
        why = Report.objects.open().filter(comment=OuterRef("pk"), reason=reason)
        rows = rows.filter(Exists(why))
    return rows


@dataclass
class Queue:
    """The list as one person asked for it."""

    person: object
    things: list[str]
    form: QueueFilters
    notices: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, person, query: QueryDict) -> "Queue":
        things = things_of(person)
        form = QueueFilters(query, things=things, label_suffix="", auto_id="filter_%s")
        form.is_valid()
        notices = [
            f"{form.fields[name].label}: {error}"
            for name, errors in form.errors.items()
            for error in errors
        ]
        return cls(person, things, form, notices)

    @property
    def filters(self) -> dict[str, str]:
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def query(self) -> str:
        """What keeps the filters in an address."""
        asked = QueryDict(mutable=True)
        asked.update(self.filters)
        return f"?{asked.urlencode()}" if asked else ""

    def page(self, query: QueryDict) -> KeysetPage:
        backwards = "after" not in query and "before" in query
        place = read_place(query.get("before" if backwards else "after", ""))
        backwards = backwards and place is not None
        found = self._read(place, backwards)
        has_more, items = len(found) > SIZE, found[:SIZE]
        if backwards:
            items.reverse()
        is_first = place is None or (backwards and not has_more)
        has_following = bool(items) if backwards else has_more
        with_claims(items)
        return KeysetPage(
            items,
            following=items[-1].place if has_following else "",
            previous=items[0].place if items and not is_first else "",
            is_first=is_first,
        )

    def beside(self, place: str, *, backwards: bool = False) -> Item | None:
        """The next one that nobody else looks at; after the last, the first."""
        for begin in (read_place(place), None):
            items = self._read(begin, backwards and begin is not None)
            with_claims(items)
            free = (it for it in items if not it.claim or it.claim.by == self.person)
            if found := next((it for it in free if it.place != place), None):
                return found
        return None

    def _read(self, place: tuple | None, backwards: bool) -> list[Item]:
        """A page and one more, in the order of reading."""
        parts = []
        for thing in self.things:
            since = "queued_at" if thing == Thing.COMMENT else "sent_at"
            rows = waiting(thing, **self.filters)
            if place:
                rows = rows.filter(_beyond(since, thing, place, backwards))
            rows = rows.order_by(*(f"-{it}" if backwards else it for it in (since, "id")))
            parts.append([Item(thing, row) for row in rows[: SIZE + 1]])
        merged = heapq.merge(*parts, key=lambda item: item.order, reverse=backwards)
        return list(merged)[: SIZE + 1]


def _beyond(since: str, thing: str, place: tuple, backwards: bool) -> Q:
    at, other, key = place
    than = "lt" if backwards else "gt"
    if thing == other:
        ties = Q(**{since: at, f"id__{than}": key})
        return Q(**{f"{since}__{than}e": at}) & (Q(**{f"{since}__{than}": at}) | ties)
    ties_are_beyond = (thing < other) if backwards else (thing > other)
    return Q(**{f"{since}__{than}{'e' if ties_are_beyond else ''}": at})


def read_place(text: str) -> tuple | None:
    """When, what and which: where a link begins; None if nobody of ours wrote it."""
    match = PLACE.fullmatch(text)
    key = match and read_key(match[2], match[3])
    return (EPOCH + timedelta(microseconds=int(match[1])), match[2], key) if key else None


def read_key(thing: str, key: str) -> UUID | int | None:
    try:
        read = UUID(key) if thing == Thing.COMMENT else int(key)
    except ValueError:
        return None
    return None if isinstance(read, int) and read >= 2**63 else read


def with_claims(items: list[Item]) -> None:
    """Tell each who looks at it; one query."""
    claims = Claim.objects.in_force().filter(key__in=[item.key for item in items])
    known = {(claim.thing, claim.key): claim for claim in claims.select_related("by")}
    for item in items:
        item.claim = known.get((item.thing, item.key))


def item_called(person, thing: str, key) -> Item | None:
    """Any that the person may decide about, also if it was decided."""
    if thing not in things_of(person):
        return None
    row = rows_of(thing).filter(pk=key).first()
    if row is None:
        return None
    item = Item(thing, row)
    with_claims([item])
    return item
