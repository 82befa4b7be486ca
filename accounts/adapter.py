"""Where Pocket differs from allauth: whom it believes, where it leads to, how it says no."""

import base64
import hashlib
import logging
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts import former, session_end, usernames
from accounts.backends import person_called
from accounts.limits import PASSWORDS_OF_ONE, client_of, may_get_mail, spelled
from accounts.sessions import device
from pocket.web.client import client_address, shortened
from pocket.web.mail import send_mail

logger = logging.getLogger("pocket.people")
HALF_IN = "half_in"  # the session key of what the password was when the log-in began
WARNING = "account/email/wrong_codes"  # once a day; nobody keeps it from arriving by other mails
VERIFY_EMAIL = "allauth.account.stages.EmailVerificationStage"
NOT_RIGHT = _("That name and password do not belong together. Check both; capital letters count.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # One answer, whatever was wrong and whoever has an account.
        "email_password_mismatch": NOT_RIGHT,
        "username_password_mismatch": NOT_RIGHT,
        "invalid_login": NOT_RIGHT,
        "too_many_login_attempts": _(
            "Too many wrong tries. Wait five minutes, or choose a new password by mail."
        ),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _("This code is not right. Type the newest one, without blanks."),
        "email_taken": _("Someone with this e-mail address has an account. Is it you? Log in."),
        "username_taken": _("This user name is taken. Please choose another."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "0.0.0.0"  # noqa: S104 a name for "no address"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials) -> str:
        """Count failures by client and person together, so that nobody locks out somebody else."""
        login = credentials.get("email") or credentials.get("username") or ""
        person = person_called(login)
        return f"{client_of(request)} {person.pk if person else spelled(login)}"

    def pre_authenticate(self, request: HttpRequest, **credentials) -> None:
        super().pre_authenticate(request, **credentials)
        usage = ratelimit.consume(request, **self._passwords_of_one(request, **credentials))
        if not usage:
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage.usage += usage.usage  # given back after the right password

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials) -> None:
        super()._delete_login_attempts_cached_email(request, **credentials)
        ratelimit.clear(request, **self._passwords_of_one(request, **credentials))

    def _passwords_of_one(self, request: HttpRequest, **credentials) -> dict:
        key = self._get_login_attempts_cache_key(request, **credentials)
        counted = {"app": "allauth.account", "action": "login_failed", "key": key}
        return {**counted, "config": PASSWORDS_OF_ONE}

    def is_safe_url(self, url: str) -> bool:
        """Whether it stays on this site; an allowed host beside its own is another place."""
        site = urlsplit(settings.SITE_URL)
        hosts, https = {site.netloc}, site.scheme == "https"
        try:
            return url_has_allowed_host_and_scheme(url, hosts, require_https=https)
        except ValueError:  # "http://[" is no address
            return False

    def is_ajax(self, request: HttpRequest) -> bool:
        # Pages only, but for the one place where a script fetches what a passkey needs.
        name = request.resolver_match and request.resolver_match.url_name
        return request.method == "GET" and name == "mfa_login_webauthn"

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs):
        request.session[HALF_IN] = user.get_session_auth_hash()
        return super().pre_login(request, user, **kwargs)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Let in; but not who began with a password that was changed before the second proof."""
        began = request.session.pop(HALF_IN, None)
        if began is not None and not constant_time_compare(began, user.get_session_auth_hash()):
            messages.info(request, _("Your password was changed meanwhile. Please log in again."))
            raise ImmediateHttpResponse(redirect("account_login"))
        super().login(request, user)
        session_end.begin(request.session, user)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        return redirect("kept-form") if session_end.kept_for(request) else response

    def get_login_stages(self) -> list[str]:
        stages = super().get_login_stages()
        return stages if settings.VERIFY_EMAIL else [it for it in stages if it != VERIFY_EMAIL]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if not request.user.is_staff:
            return "/"
        try:
            resolve("/dashboard/")
        except Resolver404:
            return "/admin/"
        return "/dashboard/"

    def get_email_verification_redirect_url(self, email_address) -> str:
        return "/accounts/email/" if self.request.user.is_authenticated else settings.LOGIN_URL

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        name = usernames.chosen(username)
        if not shallow and not former.is_free(name):
            raise self.validation_error("username_taken")
        return name

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Leave it to the queue, with links to the site's own address.

        The page answers at once and as ever: it may not tell who has an account, nor that too
        many mails were asked for.
        """
        if template_prefix != WARNING and not may_get_mail(self.request, email):
            logger.warning("Too many mails to one address: one was left out.")
            return
        device_of = {"device": device(context["user_agent"])} if "user_agent" in context else {}
        network_of = {"network": shortened(context["ip"])} if "ip" in context else {}
        known = {
            **context,
            **device_of,
            **network_of,
            "email": email,
            "SITE_URL": settings.SITE_URL,
        }
        mail = self.render_mail(template_prefix, email, known)
        send_mail.enqueue(mail.subject, mail.body, mail.to, mail.from_email, mail.extra_headers)

    def format_email_subject(self, subject: str) -> str:
        return f"{subject} · Pocket"


class MFAAdapter(DefaultMFAAdapter):
    def encrypt(self, text: str) -> str:
        """Whoever gets hold of the database alone cannot make codes from it."""
        return box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return box().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return f"Pocket ({settings.SITE_HOST})"

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return user.get_username()

    def build_totp_svg(self, url: str) -> str:
        svg = super().build_totp_svg(url)
        return svg[svg.index("<svg") :]  # it stands in a page, which has no XML declaration

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Pocket"}


def box() -> MultiFernet:
    """Lock with the secret key; open with that and with all that SECRET_KEY_FALLBACKS names."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(f"second factors {key}".encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
