"""What the site holds about a person as such; see privacy/holdings.py.

No secret is in an export: of a second proof its kind and name, of a session the device. Nor is
anybody else: who did something to the account is "staff", and of what staff did to others only
the deed.
"""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Agreement, FormerName, Founder, Profile
from accounts.profiles import AVATAR_SIZES, avatar_path
from accounts.security_log import WORDS as DEEDS
from accounts.sessions import end_others, seats_of
from audit.models import SYSTEM, VISITOR, Entry
from pocket.web import mail

WORDS = {
    "account": _("who you are to this site"),
    "profile": _("what you say of yourself, and which of it others may see"),
    "preferences": _("how you want the site, and which mails"),
    "addresses": _("your e-mail addresses"),
    "second_proofs": _("your app with codes, passkeys and recovery codes, without what is secret"),
    "sessions": _("where you were logged in when this was made"),
    "former_names": _("user names that you had and that still lead to you"),
    "agreements": _("which versions of the privacy page you agreed to, and when"),
    "roles": _("what you may do on this site beyond what everybody may"),
    "log": _("what happened to your account, and what you did that the site notes"),
    "back_room": _("changes that you made in the back room, for people who run the site"),
    "files": _("a picture that you sent, as the site keeps it"),
}
DEEDS_THERE = {1: "added", 2: "changed", 3: "deleted"}  # django.contrib.admin's numbers
YOU, STAFF, SITE, SOMEBODY = "you", "staff", "the site", "somebody else"


def of(person) -> dict:
    return {
        "account": _account(person),
        "profile": _profile(person),
        "preferences": {
            "theme": person.theme,
            "numbers": person.number_style,
            "language": person.language,
            "mails": person.mail,
        },
        "addresses": [
            {"address": it.email, "is_verified": it.verified, "is_main": it.primary}
            for it in EmailAddress.objects.filter(user=person).order_by("pk")
        ],
        "second_proofs": [
            {
                "kind": it.type,
                "name": str(it.data.get("name", "")) if it.type == "webauthn" else "",
                "made_at": it.created_at.isoformat(),
                "used_at": it.last_used_at and it.last_used_at.isoformat(),
            }
            for it in Authenticator.objects.filter(user=person).order_by("pk")
        ],
        "sessions": [
            {
                "device": seat.device,
                "network": seat.network,
                "began_at": seat.began.isoformat(),
                "seen_at": seat.seen.isoformat(),
            }
            for seat in sorted(seats_of(person, here=""), key=lambda seat: seat.pk)
        ],
        "former_names": [
            {
                "name": it.name,
                "left_at": it.left_at.isoformat(),
                "kept_until": it.until.isoformat(),
            }
            for it in FormerName.objects.filter(person=person).order_by("left_at", "pk")
        ],
        "agreements": [
            {
                "version": it.version.isoformat(),
                "agreed_at": it.agreed_at.isoformat(),
                "withdrawn_at": it.withdrawn_at and it.withdrawn_at.isoformat(),
            }
            for it in Agreement.objects.filter(person=person).order_by("agreed_at")
        ],
        "roles": _roles(person),
        "log": _log(person),
        "back_room": _back_room(person),
    }


def files(person) -> Iterator[tuple[str, File]]:
    avatar = Profile.of(person).avatar
    for size in AVATAR_SIZES if avatar else ():
        try:
            file = default_storage.open(avatar_path(avatar, size))
        except FileNotFoundError:  # changed meanwhile
            continue
        yield f"avatar-{size}.webp", file


def losses(person) -> list[str]:
    return [
        gettext("Your user name, your e-mail addresses, your password and your second proofs."),
        gettext("Your profile with its picture, your phone and address, and your preferences."),
        gettext("All sessions, and the mails to you that wait or lie on our machine."),
        gettext("Your name and network in the log of what happened."),
    ]


def erase(person, *, keeps_words: bool) -> None:
    """Forget what does not go with the person's own row."""
    Profile.of(person).leave_avatar()
    end_others(person, here=None)
    addresses = set(EmailAddress.objects.filter(user=person).values_list("email", flat=True))
    mail.forget(addresses | {person.email})
    here = ContentType.objects.get_for_model(person)
    LogEntry.objects.filter(content_type=here, object_id=str(person.pk)).delete()


def _account(person) -> dict:
    return {
        "id": str(person.pk),
        "user_name": person.username,
        "shown_name": person.shown_name,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "address": person.email,
        "joined_at": person.date_joined.isoformat(),
        "last_log_in_at": person.last_login and person.last_login.isoformat(),
        "may_log_in": person.is_active,
        "is_staff": person.is_staff,
        "is_superuser": person.is_superuser,
        "left_at": person.removed_at and person.removed_at.isoformat(),
        "made_the_first_account": Founder.objects.filter(person=person).exists(),
    }


def _profile(person) -> dict:
    profile = Profile.of(person)
    names = ["bio", "home_state", "phone", "address", "shows_bio", "shows_home_state"]
    names += ["shows_avatar", "shows_real_name", "shows_joined", "shows_passport", "is_indexed"]
    return {name: getattr(profile, name) for name in names} | {"has_picture": bool(profile.avatar)}


def _roles(person) -> list[dict]:
    groups = person.groups.order_by("name").values_list("name", flat=True)
    own = person.user_permissions.order_by("content_type__app_label", "codename")
    given = own.values_list("content_type__app_label", "codename")
    return [
        *({"kind": "role", "name": name} for name in groups),
        *({"kind": "permission", "name": ".".join(names)} for names in given),
    ]


def _log(person) -> Iterator[dict]:
    key = str(person.pk)
    entries = Entry.objects.filter(Q(actor_id=key) | Q(person_id=key)).in_words()
    staff = {
        str(pk)
        for pk in get_user_model().objects.filter(is_staff=True).values_list("pk", flat=True)
    }
    who = {key: YOU, SYSTEM: SITE, VISITOR: "a visitor"}
    for entry in entries.order_by("number").iterator(chunk_size=500):
        yield _line(entry, key, who.get(entry.actor_id) or _other(entry.actor_id, staff))


def _other(key: str, staff: set[str]) -> str:
    return STAFF if key in staff else SOMEBODY


def _line(entry: Entry, key: str, who: str) -> dict:
    is_about_other = entry.person_id not in ("", key)
    is_from_elsewhere = who in (STAFF, SITE)
    detail = entry.detail
    return {
        "time": entry.time.isoformat(),
        "deed": entry.action,
        "words": str(DEEDS.get(entry.action, "")),
        "by": who,
        "to": SOMEBODY if is_about_other else YOU if entry.person_id else detail.target_name,
        "before": {} if is_about_other else detail.before,
        "after": {} if is_about_other else detail.after,
        "more": {} if is_about_other else detail.more,
        "reason": "" if is_about_other else detail.reason,
        "network": "" if is_from_elsewhere else detail.address,
    }


def _back_room(person) -> list[dict]:
    """When and on what kind of thing; which one may be somebody else's."""
    entries = LogEntry.objects.filter(user=person).select_related("content_type")
    return [
        {
            "time": entry.action_time.isoformat(),
            "deed": DEEDS_THERE.get(entry.action_flag, ""),
            "kind": entry.content_type.model if entry.content_type else "",
        }
        for entry in entries.order_by("action_time", "pk")
    ]
