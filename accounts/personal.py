"""What the site holds about a person as such; see privacy/holdings.py."""

from allauth.account.models import EmailAddress
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _

from accounts.models import Profile, User
from accounts.sessions import end_others
from pocket.web import mail


def losses(person: User) -> list[str]:
    return [
        _("Your user name, your e-mail addresses, your password and your second proofs."),
        _("Your profile with its picture, your phone and address, and your preferences."),
        _("All sessions, and the mails to you that wait or lie on our machine."),
        _("Your name and network in the log of what happened."),
    ]


def erase(person: User, *, keeps_words: bool) -> None:
    """Forget what does not go with the person's own row."""
    Profile.of(person).leave_avatar()
    end_others(person, here=None)
    addresses = set(EmailAddress.objects.filter(user=person).values_list("email", flat=True))
    mail.forget(addresses | {person.email})
    here = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=here, object_id=str(person.pk)).delete()
