"""The audit log as a list: who did what to what, when, and why."""

from datetime import date, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.backends import person_called
from audit.models import SYSTEM, VISITOR, Entry
from dashboard.counting import begin_of
from dashboard.lists import Column, DeskList, moment

# One probe of the index for each action there is; DISTINCT would read the whole log.
ACTIONS = """
WITH RECURSIVE known(action) AS (
    SELECT MIN(action) FROM audit_entry
    UNION ALL
    SELECT (SELECT MIN(action) FROM audit_entry WHERE audit_entry.action > known.action)
    FROM known WHERE known.action IS NOT NULL
)
SELECT action FROM known WHERE action IS NOT NULL
"""
# Days that both databases and every time zone know.
YEARS = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
NOBODY = {SYSTEM: _("the site itself"), VISITOR: _("a visitor")}


def known_actions() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(ACTIONS)
        return [action for (action,) in cursor.fetchall()]


class LogFilters(forms.Form):
    person = forms.CharField(
        label=_("Person"),
        required=False,
        max_length=254,
        help_text=_("User name or e-mail address; “system” for the site itself."),
    )
    part = forms.ChoiceField(
        label=_("Their part"),
        required=False,
        choices=[("", _("Did it")), ("concerned", _("Were concerned"))],
    )
    action = forms.ChoiceField(label=_("Action"), required=False)
    kind = forms.CharField(label=_("Kind of thing"), required=False, max_length=100)
    key = forms.CharField(label=_("Its key"), required=False, max_length=200)
    since = forms.DateField(label=_("From the day"), required=False, validators=YEARS)
    until = forms.DateField(label=_("To the day"), required=False, validators=YEARS)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [
            ("", _("All")),
            *[(action, action) for action in known_actions()],
        ]
        for name in ("since", "until"):
            self.fields[name].widget.input_type = "date"

    def clean_person(self) -> str:
        """The key by which the log knows somebody."""
        typed = self.cleaned_data["person"].strip()
        if not typed or typed in NOBODY:
            return typed
        found = person_called(typed)
        if found is None:
            raise ValidationError(_("There is nobody of that name or address."))
        return str(found.pk)

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("key") and not cleaned.get("kind"):
            self.add_error("kind", _("A key says nothing without the kind of thing."))
            cleaned.pop("key")
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the first one."))
        return cleaned


def entries(filters: dict) -> QuerySet[Entry]:
    """The entries that these filters leave; see LogFilters."""
    rows = Entry.objects.in_words()
    if person := filters.get("person"):
        concerned = filters.get("part") == "concerned"
        rows = rows.filter(person_id=person) if concerned else rows.filter(actor_id=person)
    if action := filters.get("action"):
        rows = rows.filter(action=action)
    if kind := filters.get("kind"):
        rows = rows.filter(target_type=kind)
    if key := filters.get("key"):
        rows = rows.filter(target_id=key)
    # By number: the time has another index, and the order is that of the numbers.
    if since := filters.get("since"):
        first = Entry.objects.filter(time__gte=begin_of(since)).order_by("time").first()
        rows = rows.filter(number__gte=first.number) if first else rows.none()
    if until := filters.get("until"):
        after = Entry.objects.filter(time__gte=begin_of(until + timedelta(days=1)))
        if last := after.order_by("time").first():
            rows = rows.filter(number__lt=last.number)
    return rows


def address_of(entry: Entry) -> str:
    """Where the thing is looked for; see `dashboard.log_views.thing`."""
    if not entry.target_type:
        return ""
    return reverse("dashboard:thing", args=[entry.target_type, entry.target_id])


def _linked(entry: Entry) -> str:
    if not (address := address_of(entry)):
        return ""
    return format_html('<a class="break" href="{}">{}</a>', address, entry.target_words)


LOG = DeskList(
    name="log",
    address="dashboard:log",
    columns=(
        Column(
            "number",
            _("Number"),
            lambda entry: entry.number,
            lambda entry: format_html(
                '<a href="{}">{}</a>', reverse("dashboard:entry", args=[entry.number]), entry.number
            ),
            is_key=True,
        ),
        Column(
            "time",
            _("Time"),
            lambda entry: timezone.localtime(entry.time).isoformat(timespec="seconds"),
            lambda entry: moment(entry.time),
        ),
        Column("who", _("Who"), lambda entry: entry.actor_words),
        Column("action", _("Action"), lambda entry: entry.action),
        Column("target", _("To what"), lambda entry: entry.target_words, _linked),
        Column("reason", _("Reason"), lambda entry: entry.detail.reason),
        Column("kind", _("Kind of thing"), lambda entry: entry.target_type, is_extra=True),
        Column("key", _("Its key"), lambda entry: entry.target_id, is_extra=True),
        Column("network", _("Network"), lambda entry: entry.detail.address, is_extra=True),
        Column("request", _("Request"), lambda entry: entry.request_id, is_extra=True),
        Column("hash", _("Hash"), lambda entry: entry.hash, is_extra=True),
    ),
    orders={
        "newest": (_("Newest first"), ("-number",)),
        "oldest": (_("Oldest first"), ("number",)),
    },
    filters=LogFilters,
    rows=entries,
)
