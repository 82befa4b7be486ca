"""Lists of the desk: filtered and sorted by links, a page at a time, with the columns one chose.

A list is declared once; its page, its file and its links follow. What makes no sense in an address
is left aside with a word, so that a link that somebody shortened still shows something.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from dashboard.models import SavedView
from pocket.web.http import Request
from pocket.web.keyset import KeysetPage, all_rows, keyset_page

COLUMNS = "desk_columns"  # in the session: by list, the columns that its reader wants


def moment(time: datetime) -> str:
    """A time as our pages show it, to the second."""
    words = date_format(timezone.localtime(time), "d M Y, H:i:s")
    return format_html('<time datetime="{}">{}</time>', time.isoformat(), words)


@dataclass(frozen=True)
class Column:
    """`shown` makes what the page shows, of a row; `told` what a file says."""

    name: str
    title: str
    told: Callable[[Any], Any]
    shown: Callable[[Any], Any] | None = None
    is_key: bool = False  # the one that names the row: always there
    is_extra: bool = False  # not there until somebody wants it

    def cell(self, row: Any) -> Any:
        return (self.shown or self.told)(row)


@dataclass(frozen=True)
class DeskList:
    """`rows` hands back what the cleaned filters leave; `orders` tells how, by name."""

    name: str
    address: str  # name of its page
    columns: tuple[Column, ...]
    orders: dict[str, tuple[str, tuple[str, ...]]]  # name: title, fields for keyset_page
    filters: type[forms.Form]
    rows: Callable[[dict], QuerySet]
    size: int = 50
    pick: Callable[[Any], tuple[str, str]] | None = None  # what a row's tick sends, and its name

    def of(self, request: Request) -> "Shown":
        form = self.filters(request.GET, label_suffix="")
        form.is_valid()
        shown = Shown(self, form, self._chosen(request), self._order(request))
        shown.views = self.views_of(request.user)
        if shown.order != request.GET.get("sort", shown.order):
            shown.notices.append(_("This list cannot be sorted that way."))
        for name, errors in form.errors.items():
            label = form.fields[name].label
            shown.notices += [f"{label}: {error}" for error in errors]
        return shown

    def keep_columns(self, request: Request) -> None:
        """Keep what its reader wants to see; nothing ticked brings the usual ones back."""
        names = {column.name for column in self.columns}
        wanted = [name for name in request.POST.getlist("column") if name in names]
        kept = request.session.get(COLUMNS, {})
        request.session[COLUMNS] = {**kept, self.name: wanted}

    def views_of(self, person) -> list[SavedView]:
        return list(SavedView.objects.filter(person=person, desk_list=self.name))

    def _chosen(self, request: Request) -> list[Column]:
        wanted = request.session.get(COLUMNS, {}).get(self.name)
        if not wanted:
            return [column for column in self.columns if not column.is_extra]
        return [column for column in self.columns if column.is_key or column.name in wanted]

    def _order(self, request: Request) -> str:
        asked = request.GET.get("sort", "")
        return asked if asked in self.orders else next(iter(self.orders))


@dataclass
class Shown:
    """A list as one reader asked for it."""

    desk_list: DeskList
    form: forms.Form
    columns: list[Column]
    order: str
    notices: list[str] = field(default_factory=list)
    views: list[SavedView] = field(default_factory=list)

    @property
    def rows(self) -> QuerySet:
        return self.desk_list.rows(self.form.cleaned_data)

    def page(self, request: Request) -> KeysetPage:
        _title, order = self.desk_list.orders[self.order]
        return keyset_page(self.rows, request.GET, order, size=self.desk_list.size)

    @property
    def is_filtered(self) -> bool:
        return any(self.form.cleaned_data.values())

    @property
    def every_column(self) -> list[tuple[Column, bool]]:
        return [(column, column in self.columns) for column in self.desk_list.columns]

    def cells(self, page: KeysetPage) -> list[tuple[tuple[str, str] | None, list]]:
        """For each row what its tick sends, and its columns with what they show."""
        pick = self.desk_list.pick or (lambda row: None)
        return [
            (pick(row), [(column, column.cell(row)) for column in self.columns]) for row in page
        ]

    def everything(self, field: str) -> Iterator[list]:
        """All rows with all columns, from high to low by this unique field: for a file."""
        for row in all_rows(self.rows, field):
            yield [column.told(row) for column in self.desk_list.columns]

    def rows_of_a_file(self, field: str) -> Iterator[dict]:
        names = [column.name for column in self.desk_list.columns]
        return (dict(zip(names, row, strict=True)) for row in self.everything(field))
