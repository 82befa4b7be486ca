"""One click in a mail, and no more of its kind come (RFC 8058). Nobody has to log in for it.

The token names the person and the kind, signed; it stays good as long as the mail may be kept.
"""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import signing
from django.urls import reverse

from accounts import mails

SALT = "notices.unsubscribing"


def address(person, kind: str) -> str:
    token = signing.dumps([str(person.pk), kind], salt=SALT)
    return settings.SITE_URL + reverse("notices:unsubscribe", args=[token])


def headers(person, kind: str) -> dict[str, str]:
    return {
        "List-Unsubscribe": f"<{address(person, kind)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def read(token: str) -> tuple[str, mails.Kind]:
    """The person's key and the kind of mail; raises BadSignature if we never gave this out."""
    try:
        person, slug = signing.loads(token, salt=SALT)
        return person, mails.kind(slug)
    except (ValueError, KeyError) as error:
        raise signing.BadSignature from error


def stop(person_key: str, kind: mails.Kind) -> None:
    """Send this person no more of it. Twice, or for who is gone, changes nothing."""
    person = get_user_model().objects.filter(pk=person_key).first()
    if person is not None:
        person.stop_mail(kind.slug)
