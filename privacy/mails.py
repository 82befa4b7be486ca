"""Mail about people's own data: templates/privacy/email/<name>_subject.txt and _message.txt."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from pocket.web.mail import send_mail


def send(person, name: str, context: dict) -> None:
    """Leave a mail to the queue, in the person's language, to an address that is theirs."""
    known = {**context, "user": person, "SITE_URL": settings.SITE_URL}
    with translation.override(person.chosen_language or settings.LANGUAGE_CODE):
        subject = render_to_string(f"privacy/email/{name}_subject.txt", known).strip()
        body = render_to_string(f"privacy/email/{name}_message.txt", known)
    send_mail.enqueue(f"{subject} · Pocket", body, [address_of(person)])


def address_of(person) -> str:
    """The main address; another one if only that was verified."""
    verified = person.emailaddress_set.filter(verified=True).order_by("-primary", "pk").first()
    return verified.email if verified else person.email
