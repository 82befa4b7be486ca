"""The chain of entries: adding a link, and looking whether every link holds.

Plain SHA-256, not an HMAC: a key of the site would have to outlive every rotation of SECRET_KEY,
and whoever can write to the database of a running site can mostly read its key. So the chain by
itself shows any change by somebody who does not rewrite all that follows. Against one who does,
every entry's number and hash also go to the log (`pocket.audit`): kept elsewhere, such a line is
a witness, and `verify(witnesses={number: hash})` holds the chain against it.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models import Detail, Entry, Head

logger = logging.getLogger("pocket.audit")
TABLES = ["audit_entry", "audit_detail", "audit_head"]
BATCH = 1000


# --- Adding ------------------------------------------------------------------------------------


def locked_head() -> Head:
    """Wait for our turn and return the end of the chain; nobody adds until we commit.

    On SQLite the transaction itself is the lock: they begin IMMEDIATE.
    """
    heads = Head.objects.select_for_update()
    if head := heads.first():
        return head
    last = Entry.objects.first()
    first_head = Head(number=last.number, hash=last.hash) if last else Head(number=0)
    Head.objects.bulk_create([first_head], ignore_conflicts=True)
    return heads.get()


def append(entry: Entry, detail: Detail) -> Entry:
    """Make the entry the next of the chain. The lock is held until the transaction ends."""
    head = locked_head()
    detail.entry = entry
    entry.digest = detail.reckon()
    entry.time = timezone.now()  # with the lock held, so that times rise with numbers
    entry.number, entry.previous = head.number + 1, head.hash
    entry.hash = entry.reckon()

    entry.save()
    detail.save()
    head.number, head.hash = entry.number, entry.hash
    head.save(force_update=True)
    transaction.on_commit(partial(_log, entry), robust=True)  # of what was undone, no word
    return entry


def _log(entry: Entry) -> None:
    fields = {
        "id": entry.request_id,
        "action": entry.action,
        "entry": str(entry.pk),
        "number": entry.number,
        "hash": entry.hash,
    }
    logger.info("recorded", extra={"fields": fields})


# --- Verifying ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """What is wrong, and with which entry; no number where it is with the whole log."""

    what: str
    number: int | None = None
    entry_id: UUID | None = None

    def __str__(self) -> str:
        if self.number is None:
            return self.what
        if self.entry_id is None:
            return _("Entry %(number)d: %(what)s") % {"number": self.number, "what": self.what}
        told = {"number": self.number, "id": self.entry_id, "what": self.what}
        return _("Entry %(number)d (%(id)s): %(what)s") % told


@dataclass
class Verdict:
    """What a walk along the chain found; `problem` is the first one. Truthy when all is well."""

    entries: int = 0
    erased: int = 0
    seconds: float = 0
    hash: str = ""
    problem: Problem | None = None
    missing_guards: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return self.problem is None and not self.missing_guards


def verify(*, witnesses: Mapping[int, str] | None = None, batch: int = BATCH) -> Verdict:
    """Walk the whole chain, in constant memory, while the site goes on writing.

    Takes two minutes or three for a million entries: not within a request.
    """
    started = time.perf_counter()
    verdict = Verdict(missing_guards=_missing_guards())
    verdict.problem = next(_problems(verdict, witnesses or {}, batch), None)
    verdict.seconds = time.perf_counter() - started
    return verdict


def _problems(verdict: Verdict, witnesses: Mapping[int, str], batch: int) -> Iterator[Problem]:
    head = Head.objects.first() or Head(number=0)
    for entry in _entries(head.number, batch):
        expected = verdict.entries + 1
        if entry.number != expected:
            yield Problem(_("it is missing."), expected)
        if entry.previous != verdict.hash:
            yield Problem(_("it does not follow the one before."), entry.number, entry.pk)
        if what := _wrong_with(entry, witnesses):
            yield Problem(what, entry.number, entry.pk)
        verdict.entries, verdict.hash = entry.number, entry.hash
        verdict.erased += entry.detail.erased_in_id is not None

    if verdict.entries != head.number:
        yield Problem(_("it is missing."), verdict.entries + 1)
    if verdict.hash != head.hash:
        yield Problem(_("it is not the one that was added last."), verdict.entries)
    end = Coalesce(Subquery(Head.objects.values("number")[:1]), 0)
    if stray := Entry.objects.filter(number__gt=end).order_by("number").first():
        yield Problem(_("it stands beyond the end."), stray.number, stray.pk)
    if unseen := [number for number in witnesses if number > verdict.entries]:
        yield Problem(_("it is missing; a witness has seen it."), min(unseen))


def _entries(last: int, batch: int) -> Iterator[Entry]:
    """Yield them in order, each with its details and what became of them."""
    entries = (
        Entry.objects.select_related("detail")
        .annotate(accounted_for=F("detail__erased_in__erased"))
        .order_by("number")
        .filter(number__lte=last)
    )
    number = -1
    while found := list(entries.filter(number__gt=number)[:batch]):
        yield from found
        number = found[-1].number


def _wrong_with(entry: Entry, witnesses: Mapping[int, str]) -> str:
    if entry.hash != entry.reckon():
        return _("it was changed.")
    if witnesses.get(entry.number, entry.hash) != entry.hash:
        return _("it is not what a witness has seen.")
    if not hasattr(entry, "detail"):
        return _("its details are missing.")
    if entry.detail.erased_in_id is None:
        if entry.digest != entry.detail.reckon():
            return _("its details were changed.")
    elif not entry.detail.is_blank or not entry.accounted_for:
        return _("its details were removed without an entry that says so.")
    if entry.erased and entry.erasures.count() != entry.erased:
        return _("it erased the details of %(said)d entries, but %(found)d are gone by it.") % {
            "said": entry.erased,
            "found": entry.erasures.count(),
        }
    return ""


def _missing_guards() -> list[str]:
    """Name the triggers of migration 0002 that are not there, or switched off."""
    events = ["update", "delete"]
    if connection.vendor == "postgresql":
        events.append("truncate")
        there = """
            SELECT tgname FROM pg_trigger
            WHERE tgrelid IN (SELECT to_regclass(t) FROM unnest(%s::text[]) t) AND tgenabled = 'A'
        """
        arguments = [TABLES]
    else:
        events.append("replace")
        there = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        arguments = []
    with connection.cursor() as cursor:
        cursor.execute(there, arguments)
        found = {name for (name,) in cursor.fetchall()}
    wanted = [f"{table}_{event}" for table in TABLES for event in events]
    return [name for name in wanted if name not in found]
