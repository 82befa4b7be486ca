"""Second proofs: each code once, and nothing that a browser sends may break a page."""

import struct

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as by_code
from allauth.mfa.webauthn import forms as by_key
from django.conf import settings
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from accounts.forms import Plain
from accounts.limits import forget_tries, is_first_use, may_try_code

# A code is good in its own half minute and in as many beside it as the tolerance says.
CODE_SECONDS = 30 * (2 * settings.MFA_TOTP_TOLERANCE + 1) + 30
MOST_OF_A_KEY = 16 * 1024
# What the libraries below raise for bytes that no key would send.
BROKEN = (ValueError, TypeError, LookupError, AttributeError, struct.error, RecursionError)


class CodeOnce(Plain):
    """allauth remembers a used code for half a minute, and takes it for longer."""

    labels = {"code": _("Code")}

    def clean_code(self) -> str:
        if not may_try_code(context.request, self.user):
            raise get_account_adapter().validation_error("too_many_login_attempts")
        code = super().clean_code()
        if not is_first_use(code, self.user.pk, CODE_SECONDS):
            raise get_adapter().validation_error("incorrect_code")
        forget_tries(context.request, self.user)
        return code


class AuthenticateForm(CodeOnce, by_code.AuthenticateForm):
    pass


class ReauthenticateForm(CodeOnce, by_code.ReauthenticateForm):
    pass


class AnyBytes(Plain):
    """Whatever is sent as a passkey: a right one, or a form that came back."""

    labels = {"name": _("Name"), "passwordless": _("Log in with it alone, without the password")}

    def full_clean(self) -> None:
        sent = self.data.get("credential", "") if self.is_bound else ""
        try:
            if len(sent) > MOST_OF_A_KEY:
                raise ValueError
            super().full_clean()
        except BROKEN:
            self.cleaned_data = {}
            self.data = {**self.data.dict(), "credential": ""}  # not to be read once more
            problem = get_adapter().validation_error("incorrect_code")
            self._errors = ErrorDict({"credential": self.error_class(problem.messages)})


class AddWebAuthnForm(AnyBytes, by_key.AddWebAuthnForm):
    pass


class AuthenticateWebAuthnForm(AnyBytes, by_key.AuthenticateWebAuthnForm):
    pass


class LoginWebAuthnForm(AnyBytes, by_key.LoginWebAuthnForm):
    pass


class ReauthenticateWebAuthnForm(AnyBytes, by_key.ReauthenticateWebAuthnForm):
    pass
