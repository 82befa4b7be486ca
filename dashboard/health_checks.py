"""How the site is doing, in plain words, and what to do where something is wrong.

Each check hands back a Finding, and none of them costs more where the site has more in it.
"""

import platform
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import django
from django.conf import settings
from django.db import connection
from django.tasks import task_backends
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks_db import DatabaseBackend
from django_tasks_db.models import DBTaskResult

from dashboard.counting import MOST, count_up_to
from dashboard.figures import shown
from dashboard.models import ChainCheck
from pocket.web import health

LATE = timedelta(minutes=10)  # the oldest task that waits
SILENT = timedelta(hours=26)  # the queue tidies once a day
OLD_BACKUP = timedelta(hours=36)
OLD_CHECK = timedelta(days=8)
LOW, FULL = 0.15, 0.05  # of a disk that are free
MOST_FILES = 10_000


@dataclass(frozen=True)
class Finding:
    """`to_do` is what would help; empty where all is well."""

    title: str
    facts: list[str]
    to_do: str = ""
    is_broken: bool = False  # rather than something to look after

    @property
    def is_well(self) -> bool:
        return not self.to_do


def findings() -> list[Finding]:
    return [_found(title, check) for title, check in CHECKS]


def _found(title: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except Exception as problem:  # a check fails in whatever way its server fails
        words = f"{type(problem).__name__}: {problem}".splitlines()[0][:200]
        to_do = _("This could not be found out. The log of the server says more.")
        return Finding(str(title), [words], to_do, is_broken=True)


def versions() -> Finding:
    facts = [
        f"Pocket {settings.VERSION}",
        f"Python {platform.python_version()}",
        f"Django {django.get_version()}",
    ]
    to_do = ""
    if settings.DEBUG:
        to_do = _("DEBUG is on: errors show code and secrets. Take DEBUG out of the settings.")
    return Finding(_("Version"), facts, to_do, is_broken=bool(to_do))


def database() -> Finding:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT current_setting('server_version'), pg_database_size(current_database())"
            )
            version, size = cursor.fetchone()
            kind = f"PostgreSQL {version}"
        else:
            kind = f"SQLite {sqlite3.sqlite_version}"
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            (size,) = cursor.fetchone()
    facts = [kind, _("%(size)s large") % {"size": filesizeformat(size)}]
    try:
        health.CHECKS["migrations"]()
    except RuntimeError as problem:
        facts.append(_("Migrations: %(problem)s") % {"problem": problem})
        to_do = _("Run “manage.py migrate”, or start the site again by “make run”.")
        return Finding(_("Database"), facts, to_do, is_broken=True)
    return Finding(_("Database"), [*facts, _("All migrations are applied.")])


def cache() -> Finding:
    kind = "Redis" if settings.CACHE_URL else _("a table in the database")
    health.CHECKS["cache"]()
    return Finding(_("Cache"), [_("In %(kind)s; it keeps what it is given.") % {"kind": kind}])


def mail() -> Finding:
    options = settings.MAILERS["default"].get("OPTIONS", {})
    if not settings.EMAIL_URL:
        facts = [_("Mail goes into files in VAR_DIR, to nobody.")]
        return Finding(_("Mail"), facts, _("Set EMAIL_URL, and it goes out by your mail server."))
    if options["use_ssl"]:
        how = _("over TLS")
    else:
        how = _("over STARTTLS") if options["use_tls"] else _("without encryption")
    server = f"{options['host']}:{options['port']}"
    facts = [_("By %(server)s, %(how)s.") % {"server": server, "how": how}]
    failed = DBTaskResult.objects.failed().filter(task_path="pocket.web.mail.send_mail")
    (count,) = count_up_to(MOST, [failed])
    if not count:
        return Finding(_("Mail"), facts)
    facts.append(_("Given up in two weeks: %(count)s") % {"count": shown(count)})
    return Finding(_("Mail"), facts, _("Send a test to yourself, and read the log of the server."))


def tasks() -> Finding:
    title = _("Tasks")
    if not isinstance(task_backends["default"], DatabaseBackend):
        return Finding(title, [_("They are done at once: there is no queue.")])
    now = timezone.now()
    ready, failed = DBTaskResult.objects.ready(), DBTaskResult.objects.failed()
    waiting, wrong = count_up_to(MOST, [ready, failed])
    oldest = ready.order_by("enqueued_at").values_list("enqueued_at", "run_after").first()
    ran = DBTaskResult.objects.exclude(finished_at=None).order_by("-finished_at")
    last = ran.values_list("finished_at", flat=True).first()
    facts = [_("Waiting: %(count)s") % {"count": shown(waiting)}]
    since = None
    if oldest:
        asked, after = oldest
        since = asked if after.year >= 9000 else max(asked, after)
        facts.append(_("The oldest has waited for %(time)s.") % {"time": timesince(since, now)})
    if last:
        facts.append(_("The last one ended %(time)s ago.") % {"time": timesince(last, now)})
    else:
        facts.append(_("None was ever done."))
    facts.append(_("Failed in two weeks: %(count)s") % {"count": shown(wrong)})
    if (since and now - since > LATE) or not last or now - last > SILENT:
        to_do = _("Nothing takes them up: see that “manage.py work” runs (TASK_WORKER).")
        return Finding(title, facts, to_do, is_broken=True)
    return Finding(title, facts, _("The log of the server says why they failed.") if wrong else "")


def disk() -> Finding:
    usage = shutil.disk_usage(settings.VAR_DIR)
    facts = [
        _("%(free)s free of %(total)s, where VAR_DIR is.")
        % {"free": filesizeformat(usage.free), "total": filesizeformat(usage.total)}
    ]
    health.CHECKS["storage"]()
    share = usage.free / usage.total
    if share >= LOW:
        return Finding(_("Disk"), facts)
    to_do = _("Make room: when it is full, nothing can be saved any more.")
    return Finding(_("Disk"), facts, to_do, is_broken=share < FULL)


def backups() -> Finding:
    title = _("Backups")
    folder = settings.BACKUP_DIR
    if folder is None:
        to_do = _("Have the database and VAR_DIR saved each day, and name the place as BACKUP_DIR.")
        return Finding(title, [_("Pocket knows of none.")], to_do)
    newest = _newest_file(folder)
    if newest is None:
        to_do = _("See that backups are made, and that BACKUP_DIR is where they are put.")
        return Finding(title, [_("There is none where BACKUP_DIR is.")], to_do, is_broken=True)
    facts = [_("The newest is %(time)s old.") % {"time": timesince(newest)}]
    if timezone.now() - newest <= OLD_BACKUP:
        return Finding(title, facts)
    return Finding(title, facts, _("See why no newer one was made."), is_broken=True)


def _newest_file(folder) -> datetime | None:
    """Of the files in the folder itself; a folder that is not there has none."""
    if not folder.is_dir():
        return None
    times = []
    for path, _place in zip(folder.iterdir(), range(MOST_FILES), strict=False):
        if path.is_file():
            times.append(path.stat().st_mtime)
    return datetime.fromtimestamp(max(times), UTC) if times else None


def log() -> Finding:
    title = _("Audit log")
    last = ChainCheck.objects.exclude(done_at=None).order_by("-done_at").first()
    to_do = _("Have it checked on the page of the audit log.")
    if last is None:
        return Finding(title, [_("Nobody has had it checked yet.")], to_do)
    day = date_format(timezone.localtime(last.done_at), "d M Y, H:i")
    if last.problem:
        facts = [_("Not whole, when it was checked on %(day)s.") % {"day": day}, last.problem]
        to_do = _("Somebody changed the database by hand, or parts of it are lost: find out which.")
        return Finding(title, facts, to_do, is_broken=True)
    facts = [_("Whole, when it was checked on %(day)s.") % {"day": day}]
    is_old = timezone.now() - last.done_at > OLD_CHECK
    return Finding(title, facts, to_do if is_old else "")


CHECKS = (
    (gettext_lazy("Version"), versions),
    (gettext_lazy("Database"), database),
    (gettext_lazy("Cache"), cache),
    (gettext_lazy("Mail"), mail),
    (gettext_lazy("Tasks"), tasks),
    (gettext_lazy("Disk"), disk),
    (gettext_lazy("Backups"), backups),
    (gettext_lazy("Audit log"), log),
)
