from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from django import forms
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts import agreements, founding
from accounts.models import Agreement, User
from accounts.names import is_readable
from accounts.passwords import hashed
from accounts.session_end import is_staff
from once.forms import OnceForm
from once.models import AlreadySpentError, spend
from pocket.web.fragments import kept


class Plain:
    """allauth's form without placeholders, which vanish while one types, and with our labels."""

    labels: dict[str, str] = {}
    codes = False  # its field is a code from a mail or an app

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            if name == "oldpassword":
                field.help_text = ""  # a link between label and field is in everybody's way
        if self.codes:
            self.fields["code"].widget.attrs |= {"autocapitalize": "characters", "size": 12}


class AddEmailForm(Plain, allauth_forms.AddEmailForm):
    labels = {"email": _("E-mail address")}


class ChangePasswordForm(Plain, allauth_forms.ChangePasswordForm):
    labels = {
        "oldpassword": _("Your password now"),
        "password1": _("New password"),
        "password2": _("New password once more"),
    }


class ResetPasswordForm(Plain, allauth_forms.ResetPasswordForm):
    labels = {"email": _("E-mail address")}


class ResetPasswordKeyForm(Plain, allauth_forms.ResetPasswordKeyForm):
    labels = ChangePasswordForm.labels


class ConfirmEmailCodeForm(Plain, allauth_forms.ConfirmEmailVerificationCodeForm):
    labels, codes = {"code": _("Code")}, True


class ConfirmPasswordCodeForm(Plain, allauth_forms.ConfirmPasswordResetCodeForm):
    labels, codes = {"code": _("Code")}, True


class ReauthenticateForm(Plain, allauth_forms.ReauthenticateForm):
    labels = {"password": _("Password")}


class LoginForm(Plain, allauth_forms.LoginForm):
    labels = {"login": _("E-mail or user name"), "remember": _("Stay signed in for 14 days")}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        login = self.fields["login"]
        login.max_length = 254
        login.widget.attrs |= {
            "autocomplete": "username webauthn",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": 254,
        }
        self.fields["password"].help_text = ""
        self.fields["password"].max_length = 4096

    def render(self, *args, **kwargs) -> SafeString:
        if args or kwargs or self.is_bound or self.initial:
            return super().render(*args, **kwargs)
        return kept((type(self),), super().render)  # blank, it is the same for everybody

    __str__ = __html__ = render

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response = super().login(request, redirect_url)
        if self.cleaned_data["remember"] and is_staff(self.user):
            minutes = settings.STAFF_IDLE_MINUTES
            words = _("Staff do not stay signed in: after %(minutes)s minutes without you it ends.")
            messages.info(request, words % {"minutes": minutes})
            request.session.set_expiry(None)
        elif not self.cleaned_data["remember"]:
            request.session.set_expiry(None)  # the site's 12 hours, not the browser's idea
        return response


class SignupForm(Plain, OnceForm, allauth_forms.SignupForm):
    """One account per form, one form error for everybody who comes second, and one founder."""

    first_name = forms.CharField(
        label=_("First name"), max_length=150, required=False, validators=[is_readable]
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=150, required=False, validators=[is_readable]
    )
    setup_code = forms.CharField(
        label=_("Set-up code"),
        max_length=100,
        help_text=_("It stands in the log of the start and in the file setup_code in var/."),
        error_messages={"required": _("Type the set-up code, so that nobody else takes the site.")},
    )
    policy = forms.CharField(
        required=False, widget=forms.HiddenInput, initial=lambda: agreements.newest().isoformat()
    )
    labels = {
        "username": _("User name"),
        "email": _("E-mail address"),
        "password1": _("Password"),
    }
    field_order = ["setup_code", "username", "email", "password1", "first_name", "last_name"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.is_founding = founding.is_open()
        if not (self.is_founding and founding.asks_for_code()):
            del self.fields["setup_code"]
        self.fields["username"].help_text = User._meta.get_field("username").help_text
        for name in ("username", "setup_code"):
            if name in self.fields:
                attributes = {"autocapitalize": "none", "spellcheck": "false"}
                self.fields[name].widget.attrs |= attributes
        for name, filled in {
            "first_name": "given-name",
            "last_name": "family-name",
            "setup_code": "off",
        }.items():
            if name in self.fields:
                self.fields[name].widget.attrs["autocomplete"] = filled

    def clean_setup_code(self) -> str:
        typed = self.cleaned_data["setup_code"]
        if founding.is_open() and not founding.is_the_code(typed):
            raise forms.ValidationError(_("This is not the set-up code of this site."))
        return typed

    def validate_unique_email(self, value: str) -> str:
        """Where nobody has to verify an address, one that is taken cannot be hidden."""
        address = super().validate_unique_email(value)
        if self.account_already_exists and not settings.VERIFY_EMAIL:
            raise get_adapter().validation_error("email_taken")
        return address

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Save the person; return (person, None), or (None, what to answer instead)."""
        # Outside of the transaction, where it would keep all others from writing meanwhile; and
        # for an address that has an account as well, whose answer must take as long.
        password = hashed(self.cleaned_data["password1"])
        if self.account_already_exists:
            return super().try_save(request)
        try:
            with transaction.atomic():
                spend(self.cleaned_data["once"])
                person = self._save(request, password)
        except AlreadySpentError:
            messages.info(request, _("This form has been sent before: your account stands."))
            return None, redirect("account_login")
        except IntegrityError:
            return self._taken_meanwhile(request)
        if person.is_superuser:
            messages.success(request, _("Yours is the first account: you run this site now."))
        return person, None

    def _save(self, request: HttpRequest, password: str) -> User:
        names = {
            name: self.cleaned_data[name]
            for name in ("username", "email", "first_name", "last_name")
        }
        person = User.objects.create(password=password, **names)
        setup_user_email(request, person, [EmailAddress(email=person.email)])
        founding.found(person)
        shown = agreements.version_called(self.cleaned_data["policy"])
        Agreement.objects.agree(person, shown)
        return person

    def _taken_meanwhile(self, request: HttpRequest) -> tuple[None, HttpResponse]:
        """Answer whoever lost by a moment as one who came much later."""
        self.full_clean()
        if not self.errors and self.account_already_exists:
            return super().try_save(request)
        context = {"form": self}
        return None, TemplateResponse(request, "account/signup.html", context, status=422)
