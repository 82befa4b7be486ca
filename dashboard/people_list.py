"""Everybody who has an account, as a list."""

import unicodedata
import uuid
from datetime import date, datetime, time

from allauth.account.models import EmailAddress
from django import forms
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import ROLES
from audit.removal import living
from blog.bans import Ban
from dashboard.lists import Column, DeskList, moment
from dashboard.log_list import YEARS

ACTIVE, OFF, BANNED, LEAVING, UNVERIFIED = "active", "off", "banned", "leaving", "unverified"
STANDINGS = {
    ACTIVE: _("active"),
    OFF: _("switched off"),
    BANNED: _("banned"),
    LEAVING: _("leaving"),
    UNVERIFIED: _("address not verified"),
}
VERIFIED = EmailAddress.objects.filter(user=OuterRef("pk"), verified=True)
SUPERUSER, ANY = "superuser", "any"


class PeopleFilters(forms.Form):
    words = forms.CharField(
        label=_("Name or mail"),
        required=False,
        max_length=254,
        help_text=_("Or a part of it."),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=[
            ("", _("All")),
            (ANY, _("Any role")),
            *[(role, role) for role in ROLES],
            (SUPERUSER, _("Superuser")),
        ],
    )
    standing = forms.ChoiceField(
        label=_("Standing"), required=False, choices=[("", _("All")), *STANDINGS.items()]
    )
    since = forms.DateField(label=_("Joined from the day"), required=False, validators=YEARS)
    until = forms.DateField(label=_("Joined to the day"), required=False, validators=YEARS)

    def clean_words(self) -> str:
        return " ".join(unicodedata.normalize("NFC", self.cleaned_data["words"]).split())

    def clean(self) -> dict:
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the first one."))
        return cleaned


def people(filters: dict) -> QuerySet[User]:
    """Those whom these filters leave; see PeopleFilters."""
    rows = with_standing(User.objects.defer("password"))
    if words := filters.get("words"):
        others = EmailAddress.objects.filter(email=words.lower())
        rows = rows.filter(
            Q(username__icontains=words)
            | Q(shown_name__icontains=words)
            | Q(email__icontains=words)
            | Q(pk__in=others.values("user_id"))
        )
    if role := filters.get("role"):
        rows = rows.filter(_holding(role))
    if standing := filters.get("standing"):
        rows = rows.filter(_standing(standing))
    # By key, which tells when it was made: the order of the list has that index, the day has none.
    if since := filters.get("since"):
        rows = rows.filter(pk__gte=_key_at(since, time.min))
    if until := filters.get("until"):
        rows = rows.filter(pk__lte=_key_at(until, time.max))
    return rows


def with_standing(rows: QuerySet[User]) -> QuerySet[User]:
    """By a key each: asked with EXISTS, Postgres would read all addresses for fifty people."""
    roles = Group.objects.filter(name__in=ROLES).order_by("name")
    return rows.annotate(
        ban_key=Subquery(_bans().values("pk")[:1]),
        verified_key=Subquery(VERIFIED.values("pk")[:1]),
    ).prefetch_related(Prefetch("groups", roles, to_attr="held"))


def standings(person: User) -> list:
    """In words, of a row of `with_standing`; more than one may be true."""
    true = {
        OFF: not person.is_active,
        BANNED: person.ban_key is not None,
        LEAVING: person.is_removed,
        UNVERIFIED: person.verified_key is None,
    }
    return [STANDINGS[name] for name, is_so in true.items() if is_so] or [STANDINGS[ACTIVE]]


def ranks(person: User) -> list[str]:
    held = [group.name for group in person.held]
    return [*held, str(_("Superuser"))] if person.is_superuser else held


def _standing(name: str) -> Q:
    is_banned, is_verified = Q(Exists(_bans())), Q(Exists(VERIFIED))
    return {
        ACTIVE: Q(living, is_verified, ~is_banned, is_active=True),
        OFF: Q(is_active=False),
        BANNED: is_banned,
        LEAVING: ~living,
        UNVERIFIED: ~is_verified,
    }[name]


def _bans() -> QuerySet[Ban]:
    return Ban.objects.in_force().filter(person=OuterRef("pk"))


def _holding(role: str) -> Q:
    if role == SUPERUSER:
        return Q(is_superuser=True)
    names = ROLES if role == ANY else [role]
    holders = User.groups.through.objects.filter(group__name__in=names)
    return Q(pk__in=holders.values("user_id"))


def _key_at(day: date, at: time) -> uuid.UUID:
    """The lowest key of this moment, or at the end of a day the highest; see pocket.web.keys."""
    then = timezone.make_aware(datetime.combine(day, at))
    milliseconds = max(int(then.timestamp() * 1000), 0)
    return uuid.UUID(int=milliseconds << 80 | (0 if at == time.min else 2**80 - 1))


def _linked(person: User) -> str:
    address = reverse("dashboard:person", args=[person.pk])
    return format_html('<a class="break" href="{}"><bdi>{}</bdi></a>', address, person.username)


def _day(time: datetime | None) -> str:
    return timezone.localtime(time).isoformat(timespec="seconds") if time else ""


PEOPLE = DeskList(
    name="people",
    address="dashboard:people",
    columns=(
        Column("username", _("User name"), lambda it: it.username, _linked, is_key=True),
        Column(
            "shown_name",
            _("Shown name"),
            lambda it: it.shown_name,
            lambda it: format_html("<bdi>{}</bdi>", it.shown_name) if it.shown_name else "",
        ),
        Column(
            "email",
            _("E-mail address"),
            lambda it: it.email,
            lambda it: format_html('<span class="break">{}</span>', it.email),
        ),
        Column("roles", _("Roles"), lambda it: ", ".join(ranks(it))),
        Column("standing", _("Standing"), lambda it: ", ".join(map(str, standings(it)))),
        Column(
            "joined",
            _("Joined"),
            lambda it: _day(it.date_joined),
            lambda it: moment(it.date_joined),
        ),
        Column(
            "last_login",
            _("Last log-in"),
            lambda it: _day(it.last_login),
            lambda it: moment(it.last_login) if it.last_login else "",
            is_extra=True,
        ),
        Column("key", _("Key"), lambda it: str(it.pk), is_extra=True),
    ),
    orders={
        "newest": (_("Newest first"), ("-id",)),
        "oldest": (_("Oldest first"), ("id",)),
        "name": (_("By name"), ("username",)),
    },
    filters=PeopleFilters,
    rows=people,
)
