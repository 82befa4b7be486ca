"""The mails about a message. The first to an address that anybody may have typed holds nothing that

its sender wrote: we carry no stranger's words to a stranger.
"""

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from pocket.web.mail import send_mail

if TYPE_CHECKING:
    from contact.models import Line, Message


def new_id(message: "Message") -> str:
    """A Message-ID; the code of the sender's page is not in it."""
    return f"<contact-{message.pk}-{secrets.token_hex(8)}@{settings.SITE_HOST}>"


def send_receipt(message: "Message") -> None:
    headers = {"Message-ID": message.mail_id, "Auto-Submitted": "auto-replied"}
    _send(message, _subject(message), "receipt", headers)


def send_answer(message: "Message", line: "Line", thread: list[str]) -> None:
    """`thread` are the Message-IDs of the mails before, oldest first."""
    headers = {"Message-ID": line.mail_id}
    if thread:
        headers |= {"In-Reply-To": thread[-1], "References": " ".join(thread)}
    _send(message, f"Re: {_subject(message)}", "answer", headers, line=line)


def send_to_team(message: "Message", person) -> None:
    context = {
        "message": message,
        "address": settings.SITE_URL + reverse("contact:thread", args=[message.pk]),
        "SITE_URL": settings.SITE_URL,
    }
    body = render_to_string("contact/email/team.txt", context)
    subject = _("New message, No. %(number)s: %(subject)s") % {
        "number": message.pk,
        "subject": message.subject,
    }
    send_mail.enqueue(subject, body, [person.email])


def _subject(message: "Message") -> str:
    return _("Your message to Pocket, No. %(number)s") % {"number": message.pk}


def _send(message: "Message", subject: str, template: str, headers: dict, **context) -> None:
    address = settings.SITE_URL + message.get_absolute_url()
    context |= {"message": message, "address": address, "SITE_URL": settings.SITE_URL}
    body = render_to_string(f"contact/email/{template}.txt", context)
    send_mail.enqueue(subject, body, [message.email], "", headers)
