"""A set of months in one small number."""

from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def in_calendar_order(months: Iterable[int]) -> tuple[int, ...]:
    """Order months as a season runs: (1, 2, 11, 12) becomes (11, 12, 1, 2)."""
    months = sorted(set(months))
    for at in range(len(months)):
        if at and months[at] - months[at - 1] > 1 and months[0] == 1 and months[-1] == 12:
            return tuple(months[at:] + months[:at])
    return tuple(months)


class MonthsFormField(forms.CharField):
    """Months typed as numbers, such as 11 12 1; the model field reads them."""

    def __init__(self, **kwargs):
        super().__init__(**{"empty_value": None, **kwargs})

    def prepare_value(self, value):
        return " ".join(map(str, value)) if isinstance(value, tuple) else value

    def has_changed(self, initial, data):
        return super().has_changed(self.prepare_value(initial), data)


class MonthsField(models.PositiveSmallIntegerField):
    """Months 1 to 12 as a tuple in Python and a bit each in the database; None: not established.

    Query with `.annotate(hit=F("season").bitand(MonthsField.bit(11))).filter(hit__gt=0)`.
    """

    description = _("Months of the year")

    @staticmethod
    def bit(month: int) -> int:
        return 1 << (month - 1)

    def from_db_value(self, value, expression, connection):
        if value is None:
            return None
        return in_calendar_order(m for m in range(1, 13) if value & self.bit(m))

    def to_python(self, value):
        if value is None or value == "":
            return None
        if isinstance(value, str):
            value = value.replace(",", " ").split()
        try:
            months = {int(month) for month in value}
        except (TypeError, ValueError):
            raise ValidationError(_("Give months as numbers from 1 to 12.")) from None
        if not months <= set(range(1, 13)):
            raise ValidationError(_("Give months as numbers from 1 to 12."))
        return in_calendar_order(months) or None

    def get_prep_value(self, value):
        if value is None or isinstance(value, int):
            return value
        return sum(self.bit(month) for month in set(value))

    def formfield(self, **kwargs):
        # The admin would bring its number input, where a browser shows "11 12" as nothing.
        ours = {"form_class": MonthsFormField, "widget": forms.TextInput}
        return models.Field.formfield(self, **{**kwargs, **ours})

    def value_to_string(self, obj):
        return " ".join(map(str, self.value_from_object(obj) or ()))

    def validate(self, value, model_instance):
        models.Field.validate(self, value, model_instance)

    def run_validators(self, value):
        """The range validators of an integer say nothing about months."""
