from django import forms
from django.utils.translation import gettext_lazy as _

from passport.models import FIRST_YEAR, LONGEST_NOTE, Stamp, this_year


class NoteField(forms.CharField):
    """Browsers count a line break as one character and send two."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class StampForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Have you been there?"),
        choices=[(Stamp.Kind.VISITED, _("Visited")), (Stamp.Kind.WISHED, _("Wished for"))],
        widget=forms.RadioSelect,
        initial=Stamp.Kind.VISITED,
        error_messages={
            "required": _("Choose whether you visited the state or wish to."),
            "invalid_choice": _("Choose whether you visited the state or wish to."),
        },
    )
    year = forms.IntegerField(
        label=_("Year of the visit"),
        required=False,
        help_text=_("Four digits, as in 2019."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Give the year as four digits, as in 2019.")},
    )
    note = NoteField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("For you alone, unless you share your notes. At most 280 characters."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean_year(self) -> int | None:
        year = self.cleaned_data["year"]
        if year is None:
            return None
        if year < FIRST_YEAR:
            raise forms.ValidationError(_("The year cannot be before 1900."))
        if year > this_year():
            raise forms.ValidationError(
                _("The year cannot be in the future: it is %(year)s.") % {"year": this_year()}
            )
        return year

    def clean(self) -> None:
        if self.cleaned_data.get("kind") == Stamp.Kind.WISHED and self.cleaned_data.get("year"):
            self.add_error("year", _("A wish has no year yet. Leave the year empty."))


class SharingForm(forms.Form):
    with_notes = forms.BooleanField(label=_("Share my notes as well"), required=False)
