"""Mail that leaves after the answer: `send_mail.enqueue(subject, body, to, from_email, headers)`.

Call it inside the transaction of the deed: the row in the queue is kept or dropped with it, and
nobody waits for a mail server.

A mail may hold a code that opens an account, so nothing rests in the queue for long. The row holds
the mail until it has left, about a second; while the mail server is away, until the last try, a
little over two and a half hours after the first. Then the worker empties it at once, whether the
mail left or not (queue.py), and the row itself goes after two days, after two weeks where it
failed (tasks.py). A worker that is killed between sending and writing that down sends once more:
rather twice than never.
"""

import email.policy
import logging
import smtplib
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from email.headerregistry import HeaderRegistry, UnstructuredHeader
from email.utils import getaddresses
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.tasks import task
from django.utils import timezone
from django.utils.encoding import punycode
from django_tasks_db.models import DBTaskResult

logger = logging.getLogger("pocket.web.mail")
PAUSES = [
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
]


class WholeWords(UnstructuredHeader):
    """Of addresses and keys: no mail program finds them where words were encoded to fit a line."""

    def fold(self, *, policy: email.policy.Policy) -> str:
        lines = f"{policy.linesep} ".join(self.split())
        return f"{self.name}: {lines}{policy.linesep}"


HEADERS = HeaderRegistry()
for _name in ("list-unsubscribe", "in-reply-to", "references"):
    HEADERS.map_to_type(_name, WholeWords)


class Mail(EmailMessage):
    def message(self, *, policy: email.policy.Policy = email.policy.default):
        return super().message(policy=policy.clone(header_factory=HEADERS))


class GivenUpError(Exception):
    """A mail did not leave. Says why in words that name nobody."""


@task(takes_context=True)
def send_mail(
    context,
    subject: str,
    body: str,
    to: list[str],
    from_email: str = "",
    headers: dict[str, str] | None = None,
    tried: int = 0,
) -> None:
    message = Mail(subject, body, from_email or None, to, headers=headers)
    try:
        message.send()
    except Exception as problem:  # whatever it is, its words may name the reader
        reason = reason_of(problem)
        if not may_pass(problem) or not try_later(context, message, tried):
            raise GivenUpError(f"A mail was given up after {tried + 1} tries: {reason}") from None
        logger.warning("A mail has to wait.", extra={"fields": {"reason": reason, "tried": tried}})


def try_later(context, message: EmailMessage, tried: int) -> bool:
    """Put it into the queue once more; say no after the last try, or where nothing can wait."""
    again = context.task_result.task
    if tried >= len(PAUSES) or not again.get_backend().supports_defer:
        return False
    again.using(run_after=timezone.now() + PAUSES[tried]).enqueue(
        message.subject,
        message.body,
        message.to,
        message.from_email,
        message.extra_headers,
        tried + 1,
    )
    return True


def may_pass(problem: Exception) -> bool:
    """Whether it can go away: a server that is away or busy, not one that says no for good."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return any(code < 500 for code, _ in problem.recipients.values())
    if isinstance(problem, smtplib.SMTPDataError):
        return problem.smtp_code < 500
    return isinstance(problem, OSError)  # SMTPException is one


def reason_of(problem: Exception) -> str:
    code = getattr(problem, "smtp_code", "") or getattr(problem, "errno", "") or ""
    return f"{type(problem).__name__} {code}".strip()


def forget(addresses: Iterable[str]) -> None:
    """Drop every mail to one of these addresses: what waits, and what lies in var/mail."""
    known = {_spelled(address) for address in addresses}
    waiting = DBTaskResult.objects.filter(task_path=send_mail.module_path)
    theirs = [row.pk for row in waiting.iterator() if known & set(_receivers(row.args_kwargs))]
    DBTaskResult.objects.filter(pk__in=theirs).delete()
    transaction.on_commit(partial(_remove_files, known))


def _receivers(call: dict) -> list[str]:
    """Whom a call of `send_mail` writes to; nobody, where the row was emptied."""
    named = call["kwargs"].get("to") or [*call["args"][2:3], []][0]
    return [_spelled(address) for _name, address in getaddresses(named)]


def _spelled(address: str) -> str:
    """One spelling for both the queue's and a file's, where a domain in any script is ASCII."""
    name, at, domain = address.lower().rpartition("@")
    with suppress(UnicodeError):  # no mail finds that one
        domain = punycode(domain)
    return f"{name}{at}{domain}"


def _remove_files(known: set[str]) -> None:
    folder = settings.MAILERS["default"].get("OPTIONS", {}).get("file_path")
    for path in Path(folder).glob("*.log") if folder else ():
        with path.open("rb") as file:
            receivers = email.message_from_binary_file(file).get_all("To", [])
        if known & {_spelled(address) for _name, address in getaddresses(receivers)}:
            path.unlink(missing_ok=True)
