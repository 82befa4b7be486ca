"""A form for each deed: what somebody writes to us, and what the team does about it."""

import unicodedata
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.names import is_readable
from accounts.profile_forms import LongText
from contact import opening
from contact.models import LONGEST_TEXT, Message
from once.forms import OnceForm

TRAP = "website"


def path_on_this_site(text: str) -> str | None:
    """The path of an address of ours, with its query; None where it leads elsewhere."""
    text = text.strip().removeprefix(settings.SITE_URL)
    if not text.startswith("/") or not text.isprintable():
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    is_ours = url_has_allowed_host_and_scheme(text, allowed_hosts=None)
    return text if is_ours and not parts.netloc else None


class OneLine(forms.CharField):
    """Text for a line, such as a mail's subject: whatever breaks lines becomes a space."""

    def to_python(self, value) -> str:
        return " ".join(super().to_python(value).split())

    def validate(self, value: str) -> None:
        super().validate(value)
        if any(unicodedata.category(sign) == "Cc" for sign in value):
            raise forms.ValidationError(_("This holds characters that cannot be seen."))


class ContactForm(OnceForm):
    name = OneLine(
        label=_("Name"),
        max_length=80,
        required=False,
        validators=[is_readable],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        required=False,
        help_text=_(
            "Without one we cannot mail you an answer; you find it on the page that you get after"
            " sending."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    subject = OneLine(
        label=_("Subject"),
        max_length=150,
        error_messages={"required": _("Say in a few words what it is about.")},
    )
    text = LongText(
        label=_("Message"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write your message.")},
    )
    about = forms.CharField(
        label=_("The page it is about"),
        max_length=500,
        required=False,
        help_text=_("Its address on this site, such as /states/kerala/"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    # Plain fields: whatever comes in these is looked at, and nothing in them is an error.
    opened = forms.Field(required=False, widget=forms.HiddenInput)
    website = forms.Field(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean_about(self) -> str:
        about = self.cleaned_data["about"]
        path = path_on_this_site(about) if about else ""
        if path is None:
            raise forms.ValidationError(
                _("This is no page of this site. Its address begins with /, or leave it empty.")
            )
        return path

    def opening(self) -> opening.Opening:
        said = self["opened"].value()
        return opening.read(said if isinstance(said, str) else "")

    @property
    def fact(self) -> dict | None:
        return self.opening().fact

    def written(self) -> dict:
        """The columns of the message."""
        opened = self.opening()
        names = ("name", "email", "subject", "text", "about")
        is_trapped = bool(self.data.get(TRAP))
        return {name: self.cleaned_data[name] for name in names} | {
            "fact": opened.fact,
            "suspicion": Message.Suspicion.TRAP if is_trapped else opened.suspicion,
        }


class AnswerForm(OnceForm):
    text = LongText(
        label=_("Answer"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write the answer.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class NoteForm(OnceForm):
    text = LongText(
        label=_("Note"),
        max_length=LONGEST_TEXT,
        help_text=_("For the team alone."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the note.")},
    )


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(
        label=_("Who takes care of it"), queryset=None, required=False, empty_label=_("Nobody yet")
    )

    def __init__(self, *args, team, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = team
