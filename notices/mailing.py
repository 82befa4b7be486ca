"""Mail about what happened: plain text, in the reader's language, for who wants its kind."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from notices import unsubscribing
from pocket.web.limits import Limit
from pocket.web.mail import send_mail

MOST = Limit("notice-mail", 20, 24 * 60 * 60)  # to one person; the notices on the site go on


def write_to(person, kind: str, template: str, **context) -> bool:
    """Put a mail into the queue, in the transaction of the deed; say whether it was wanted.

    `template` is the beginning of two names, `…_subject.txt` and `…_message.txt`.
    """
    if not person.is_active or not person.wants_mail(kind) or not _has_mailbox(person):
        return False
    if MOST.take(person.pk):
        return False
    context |= {
        "person": person,
        "SITE_URL": settings.SITE_URL,
        "unsubscribe": unsubscribing.address(person, kind),
    }
    with translation.override(person.chosen_language or settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
        body = render_to_string(f"{template}_message.txt", context)
    send_mail.enqueue(
        f"{subject} · Pocket", body, [person.email], "", unsubscribing.headers(person, kind)
    )
    return True


def _has_mailbox(person) -> bool:
    """Where mail leaves, somebody proved that the address is theirs."""
    return not settings.VERIFY_EMAIL or (
        person.emailaddress_set.filter(email__iexact=person.email, verified=True).exists()
    )
