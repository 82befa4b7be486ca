"""Searches without result, as a list: what readers look for and we do not have."""

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dashboard.lists import Column, DeskList
from search.models import MissedSearch
from search.words import MAX_LENGTH, fold


class SearchFilters(forms.Form):
    words = forms.CharField(label=_("Words"), required=False, max_length=MAX_LENGTH)
    since = forms.DateField(label=_("From the day"), required=False, widget=forms.DateInput)
    until = forms.DateField(label=_("To the day"), required=False, widget=forms.DateInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("since", "until"):
            self.fields[name].widget.input_type = "date"

    def clean_words(self) -> str:
        return " ".join(fold(self.cleaned_data["words"]))

    def clean(self) -> dict:
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This day is before the first one."))
        return cleaned


def missed(filters: dict) -> QuerySet[MissedSearch]:
    rows = MissedSearch.objects.all()
    if words := filters.get("words"):
        rows = rows.filter(words__contains=words)
    if since := filters.get("since"):
        rows = rows.filter(day__gte=since)
    if until := filters.get("until"):
        rows = rows.filter(day__lte=until)
    return rows


def _linked(row: MissedSearch) -> str:
    address = reverse("search:results", query={"q": row.words})
    return format_html('<a class="break" href="{}" dir="auto">{}</a>', address, row.words)


SEARCHES = DeskList(
    name="searches",
    address="dashboard:searches",
    columns=(
        Column("words", _("Words"), lambda row: row.words, _linked, is_key=True),
        Column("times", _("Times"), lambda row: row.times),
        Column(
            "day",
            _("Day"),
            lambda row: row.day.isoformat(),
            lambda row: date_format(row.day, "d M Y"),
        ),
    ),
    orders={
        "newest": (_("Newest first"), ("-day", "-id")),
        "often": (_("Most often first"), ("-times", "-id")),
    },
    filters=SearchFilters,
    rows=missed,
)
