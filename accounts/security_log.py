"""What happens to an account: noted in the audit log, and told to its owner in words.

allauth and Django send signals at each of these moments and know nothing of our log.
"""

from dataclasses import dataclass
from datetime import datetime

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.adapter import WARNING
from accounts.backends import person_called
from accounts.limits import is_time_to_warn
from accounts.models import User
from accounts.sessions import end_others
from audit import trail
from audit.models import Entry

LOGGED_IN = "accounts.logged_in"
LOG_IN_FAILED = "accounts.log_in_failed"
WRONG_CODE = "accounts.wrong_code"

WORDS = {
    "accounts.signed_up": gettext_lazy("The account was made"),
    LOGGED_IN: gettext_lazy("Logged in"),
    LOG_IN_FAILED: gettext_lazy("Somebody tried to log in with a wrong password"),
    "accounts.logged_out": gettext_lazy("Logged out"),
    "accounts.password_changed": gettext_lazy("The password was changed"),
    "accounts.password_reset": gettext_lazy("The password was changed with a code sent by mail"),
    "accounts.address_verified": gettext_lazy("An e-mail address was verified"),
    "accounts.address_added": gettext_lazy("An e-mail address was added"),
    "accounts.address_removed": gettext_lazy("An e-mail address was removed"),
    "accounts.main_address_changed": gettext_lazy("The main e-mail address was changed"),
    "accounts.factor_added": gettext_lazy("A second proof was added"),
    "accounts.factor_removed": gettext_lazy("A second proof was removed"),
    WRONG_CODE: gettext_lazy("Somebody who knew the password typed a wrong code"),
    "accounts.recovery_codes_made": gettext_lazy("New recovery codes were made"),
    "accounts.session_ended": gettext_lazy("A session was ended"),
    "accounts.sessions_ended": gettext_lazy("All other sessions were ended"),
    "accounts.renamed": gettext_lazy("The user name was changed"),
    "accounts.agreed": gettext_lazy("Agreed to the privacy page"),
    "accounts.agreement_withdrawn": gettext_lazy("Agreement to the privacy page withdrawn"),
    "accounts.user_removed": gettext_lazy("The account was deleted, to be erased in 7 days"),
    "accounts.user_restored": gettext_lazy("The deletion of the account was undone"),
    "privacy.export_asked": gettext_lazy("An export of everything was asked for"),
    "privacy.export_downloaded": gettext_lazy("An export of everything was downloaded"),
    "accounts.shut_out": gettext_lazy("The account was switched off"),
    "accounts.let_in": gettext_lazy("The account was switched on again"),
    "accounts.role_given": gettext_lazy("A role was given"),
    "accounts.role_taken": gettext_lazy("A role was taken away"),
}
SERIOUS = {
    LOG_IN_FAILED,
    WRONG_CODE,
    "accounts.password_changed",
    "accounts.password_reset",
    "accounts.main_address_changed",
    "accounts.factor_removed",
    "accounts.user_removed",
    "privacy.export_downloaded",
    "accounts.role_given",
    "accounts.role_taken",
}


@dataclass(frozen=True)
class Happening:
    """One line of the log as the owner of the account reads it."""

    number: int
    time: datetime
    words: str
    more: str
    network: str
    is_serious: bool
    by_other: str

    @classmethod
    def of(cls, entry: Entry, person: User) -> "Happening":
        theirs = entry.actor_id in (str(person.pk), "visitor")
        return cls(
            number=entry.number,
            time=entry.time,
            words=str(WORDS[entry.action]),
            more=str(entry.detail.more.get("what", "")),
            network=entry.detail.address if theirs else "",
            is_serious=entry.action in SERIOUS,
            by_other="" if theirs else entry.actor_words,
        )


def of(person: User, *, before: int | None = None, most: int = 50) -> list[Happening]:
    """Return what happened to the account, newest first, from `before` (an entry's number) on."""
    entries = Entry.objects.about(person).filter(action__in=WORDS).in_words()
    if before is not None:
        entries = entries.filter(number__lt=before)
    return [Happening.of(entry, person) for entry in entries[:most]]


def note(action: str, person: User | None, *, actor: User | None, request=None, **more) -> None:
    with transaction.atomic():
        trail.record(action, target=person, actor=actor, request=request, **more)


# --- What allauth and Django tell ---------------------------------------------------------------


def listen() -> None:
    """Connect to the signals; called once, when the apps are ready."""
    auth.user_logged_in.connect(_logged_in, dispatch_uid=LOGGED_IN)
    auth.user_login_failed.connect(_log_in_failed, dispatch_uid=LOG_IN_FAILED)
    auth.user_logged_out.connect(_logged_out, dispatch_uid="accounts.logged_out")
    for signal, action in {
        account.user_signed_up: "accounts.signed_up",
        account.password_changed: "accounts.password_changed",
        account.password_set: "accounts.password_changed",
        account.password_reset: "accounts.password_reset",
    }.items():
        signal.connect(_plainly(action), weak=False, dispatch_uid=f"log {action} {id(signal)}")
    for signal, action in {
        account.email_confirmed: "accounts.address_verified",
        account.email_added: "accounts.address_added",
        account.email_removed: "accounts.address_removed",
    }.items():
        signal.connect(_about_address(action), weak=False, dispatch_uid=f"log {action}")
    account.email_changed.connect(_main_address_changed, dispatch_uid="log main address")
    for signal, action in {
        mfa.authenticator_added: "accounts.factor_added",
        mfa.authenticator_removed: "accounts.factor_removed",
        mfa.authenticator_reset: "accounts.recovery_codes_made",
    }.items():
        signal.connect(_about_factor(action), weak=False, dispatch_uid=f"log {action}")
    mfa.authentication_failed.connect(_wrong_code, dispatch_uid=WRONG_CODE)


def _logged_in(sender, request, user, **kwargs) -> None:
    note(LOGGED_IN, user, actor=user, request=request)


def _logged_out(sender, request, user, **kwargs) -> None:
    if user is not None and user.pk:
        note("accounts.logged_out", user, actor=user, request=request)


def _log_in_failed(sender, credentials, request=None, **kwargs) -> None:
    """Note it also where nobody has that name: an answer takes the same time for all."""
    login = credentials.get("email") or credentials.get("username") or ""
    person = person_called(str(login))
    with transaction.atomic():
        trail.record(LOG_IN_FAILED, target=person, actor=_visitor(request), request=request)


def _wrong_code(sender, request, user, reauthentication, **kwargs) -> None:
    """A right password, then wrong codes: somebody else may know it, so the owner is told."""
    if reauthentication:  # by somebody who is logged in
        return
    note(WRONG_CODE, user, actor=_visitor(request), request=request)
    if is_time_to_warn(user):
        get_adapter().send_notification_mail(WARNING, user)


def _visitor(request):
    return getattr(request, "user", None)


def _plainly(action: str):
    def listener(sender, request, user, **kwargs) -> None:
        note(action, user, actor=user, request=request)

    return listener


def _about_address(action: str):
    def listener(sender, request, email_address, user=None, **kwargs) -> None:
        person = user if user is not None and user.pk else email_address.user
        note(action, person, actor=person, request=request, what=email_address.email)

    return listener


def _main_address_changed(sender, request, user, to_email_address, **kwargs) -> None:
    what = to_email_address.email
    note("accounts.main_address_changed", user, actor=user, request=request, what=what)
    end_others(user, here=request.session.session_key)


def _about_factor(action: str):
    def listener(sender, request, user, authenticator, **kwargs) -> None:
        if authenticator.type == "recovery_codes" and action == "accounts.factor_added":
            return  # told when they are made anew; the first come with the factor itself
        kinds = {"totp": _("app with codes"), "webauthn": _("passkey")}
        what = kinds.get(authenticator.type, "")
        note(action, user, actor=user, request=request, what=what)
        end_others(user, here=request.session.session_key)

    return listener
