from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import LastAdminError, User


class LeavingForm(forms.Form):
    words = forms.ChoiceField(
        label=_("What you said in public, such as comments"),
        choices=[
            ("stay", _("stays, as said by a deleted member: others answered to it")),
            ("go", _("goes as well")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what becomes of what you said.")},
    )

    def __init__(self, *args, person: User, **kwargs) -> None:
        self.person = person
        super().__init__(*args, label_suffix="", **kwargs)

    def save(self, request: HttpRequest) -> bool:
        """Delete the account; or say why not: only the deed itself knows for sure."""
        words_stay = self.cleaned_data["words"] == "stay"
        try:
            self.person.leave(words_stay=words_stay, request=request)
        except LastAdminError as problem:
            self.add_error(None, problem)
        return not self.errors
