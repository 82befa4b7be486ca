"""What a member wrote to us, for the export of everything of theirs; see privacy/holdings.py."""

from allauth.account.models import EmailAddress
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from contact.models import Line, Message

WORDS = {"messages": _("what you wrote to the people who run this site, and their answers")}


def of(person) -> dict:
    """Their messages and our answers; what the team noted for itself is not theirs."""
    messages = Message.objects.filter(member=person).order_by("pk")
    answers: dict[int, list[dict]] = {message.pk: [] for message in messages}
    for line in Line.objects.filter(message__in=messages, kind=Line.Kind.ANSWER):
        answers[line.message_id].append(
            {"text": line.text, "written_at": line.written_at.isoformat()}
        )
    return {
        "messages": [
            {
                "number": message.pk,
                "name": message.name,
                "email": message.email,
                "subject": message.subject,
                "text": message.text,
                "about": message.about,
                "fact": message.fact,
                "status": message.status,
                "sent_at": message.sent_at.isoformat(),
                "answers": answers[message.pk],
            }
            for message in messages
        ]
    }


def losses(person) -> list[str]:
    count = Message.objects.filter(member=person).count()
    words = ngettext(
        "Your message to the people who run the site, with their answers.",
        "Your %(count)s messages to the people who run the site, with their answers.",
        count,
    )
    return [words % {"count": count}] if count else []


def erase(person, *, keeps_words: bool) -> None:
    """Their messages go, as nobody said them in public.

    What came from an address of theirs while they were logged out stays without it.
    """
    Message.objects.filter(member=person).delete()
    theirs = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    for address in {*theirs, person.email}:
        logged_out = Message.objects.filter(email__iexact=address)
        logged_out.update(name="", email="", erased_at=timezone.now())
