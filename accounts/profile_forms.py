"""A form for each deed: what I say of myself, how I want the site, what I am called."""

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from accounts import homes, mails, pictures
from accounts.models import User
from accounts.names import is_readable
from accounts.preferences import Theme
from accounts.profiles import AVATAR_SIZES, Profile, phone_number
from pocket.web.numbers import Style


class LongText(forms.CharField):
    """Several lines. A browser counts a line's end as one character and sends it as two."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value) -> str:
        return super().to_python(value).replace("\r\n", "\n")


class AvatarField(forms.FileField):
    """Cleans to the pictures themselves, made anew; see pictures.py."""

    widget = forms.FileInput(attrs={"accept": ",".join(pictures.MIME_TYPES)})

    def clean(self, data: UploadedFile | None, initial=None) -> list[pictures.Picture]:
        file = super().clean(data, initial)
        return pictures.reencoded(file, AVATAR_SIZES, square=True) if file else []


class ProfileForm(forms.Form):
    shown_name = forms.CharField(
        label=_("Shown name"),
        max_length=80,
        required=False,
        help_text=_("What others see instead of your user name, in any script."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    first_name = forms.CharField(
        label=_("First name"),
        max_length=150,
        required=False,
        validators=[is_readable],
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        required=False,
        validators=[is_readable],
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    bio = LongText(
        label=_("In a few words"),
        max_length=500,
        required=False,
        help_text=_("Up to 500 characters."),
    )
    home_state = forms.ChoiceField(label=_("Home state"), required=False)
    avatar = AvatarField(
        label=_("New picture"),
        required=False,
        help_text=_(
            "JPEG, PNG or WebP, at most 5 MB. The middle square is shown. Where and with what it"
            " was taken is removed."
        ),
    )
    drops_avatar = forms.BooleanField(label=_("Remove my picture"), required=False)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("With the country's code: +91 98765 43210."),
    )
    address = LongText(
        label=_("Address"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "street-address"}),
    )
    shows_bio = forms.BooleanField(label=_("My few words"), required=False)
    shows_home_state = forms.BooleanField(label=_("Home state"), required=False)
    shows_avatar = forms.BooleanField(label=_("Picture"), required=False)
    shows_real_name = forms.BooleanField(label=_("First and last name"), required=False)
    shows_joined = forms.BooleanField(label=_("When I joined"), required=False)
    shows_passport = forms.BooleanField(label=_("My passport, while I share it"), required=False)
    is_indexed = forms.BooleanField(label=_("Search engines may list my page"), required=False)

    NAMES = ("shown_name", "first_name", "last_name")
    PICTURE = ("avatar", "drops_avatar")

    def __init__(self, *args, profile: Profile, **kwargs) -> None:
        self.profile = profile
        user = profile.user
        initial = {
            name: getattr(user if name in self.NAMES else profile, name)
            for name in self.base_fields
            if name not in self.PICTURE
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["home_state"].choices = [
            ("", _("None")),
            *((home.slug, home.name) for home in homes.all_homes()),
        ]
        if not profile.avatar:
            del self.fields["drops_avatar"]

    def clean_shown_name(self) -> str:
        return User._meta.get_field("shown_name").clean(self.cleaned_data["shown_name"], None)

    def clean_phone(self) -> str:
        return phone_number(self.cleaned_data["phone"])

    def save(self, *, by) -> None:
        answers = {k: v for k, v in self.cleaned_data.items() if k not in self.PICTURE}
        self.profile.write(
            by=by,
            pictures=self.cleaned_data["avatar"],
            drops_avatar=self.cleaned_data.get("drops_avatar", False),
            **answers,
        )


class PreferencesForm(forms.Form):
    theme = forms.ChoiceField(label=_("Light or dark"), choices=Theme, widget=forms.RadioSelect)
    number_style = forms.ChoiceField(
        label=_("Large numbers"), choices=Style, widget=forms.RadioSelect
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    mail = forms.MultipleChoiceField(
        label=_("Mail that I want"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, person: User, **kwargs) -> None:
        self.person = person
        free = [
            kind
            for kind in mails.kinds()
            if not kind.is_fixed and (not kind.permission or person.has_perm(kind.permission))
        ]
        initial = {
            "theme": person.theme,
            "number_style": person.number_style,
            "language": person.language,
            "mail": [kind.slug for kind in free if person.wants_mail(kind.slug)],
        }
        super().__init__(*args, initial=initial, label_suffix="", **kwargs)
        self.fields["language"].choices = [("", _("As my browser asks")), *settings.LANGUAGES]
        self.fields["mail"].choices = [(kind.slug, kind.label) for kind in free]
        self.fields["mail"].help_text = _("Mail about the safety of your account always comes.")

    def save(self, *, by) -> None:
        kinds = dict(self.fields["mail"].choices)
        chosen = self.cleaned_data["mail"]
        answers = self.cleaned_data | {"mail": {slug: slug in chosen for slug in kinds}}
        self.person.prefer(by=by, **answers)


class UsernameForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args, person: User, **kwargs) -> None:
        self.person = person
        super().__init__(*args, initial={"username": person.username}, **kwargs)

    def save(self, *, by) -> bool:
        """Rename the person, or say by the field why not: only the deed itself knows for sure."""
        try:
            self.person.rename(self.cleaned_data["username"], by=by)
        except forms.ValidationError as error:
            self.add_error("username", error)
        return not self.errors
