"""All settings, read top to bottom. Every variable they read is explained in .env.example.

A wrong value stops the start with one clear line, so that nobody serves a half-configured site.
"""

import contextlib
import os
import secrets
import sys
import tomllib
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import environ
from django.utils.csp import CSP

BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(BASE_DIR / ".env")
ENV = environ.Env()


# --- Reading the environment -------------------------------------------------------------------


def stop(message: str) -> None:
    sys.exit(f"Pocket cannot start: {message}")


def text(name: str, default: str = "") -> str:
    """Read a variable as it stands, a "$" in it as well; empty is the same as unset."""
    return ENV.ENVIRON.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    value = text(name, str(default)).lower()
    if value not in {"true", "false", "1", "0", "yes", "no", "on", "off"}:
        stop(f"{name} must be True or False, not {value!r}.")
    return value in {"true", "1", "yes", "on"}


def number(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        stop(f"{name} must be a whole number from {least} to {most}, not {value!r}.")
    return int(value)


def listing(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def split_url(name: str, value: str, schemes: set[str]) -> SplitResult:
    """Take a URL apart. The value itself is never shown: it may hold a password."""
    try:
        parts = urlsplit(value)
        _ = parts.port  # a wrong port is found only when it is asked for
    except ValueError as problem:
        stop(f"{name} cannot be understood ({problem}). .env.example shows the form.")
    if parts.scheme not in schemes:
        stop(f"{name} must begin with {', '.join(f'{scheme}:' for scheme in sorted(schemes))}.")
    return parts


def web_address(name: str, default: str = "") -> str:
    """Read an address such as https://pocket.example: scheme and host, nothing after them."""
    value = text(name, default).rstrip("/")
    parts = split_url(name, value, {"http", "https"})
    beyond = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    if not parts.hostname or beyond or any(mark in value for mark in " *,\\"):
        stop(f"{name} must look like https://pocket.example, not {value!r}.")
    return value


def parsed(name: str, parse, value: str) -> dict:
    """Parse a URL-like value with django-environ; its errors become our one line."""
    try:
        return parse(value)
    except Exception as error:  # whatever the parser trips over, the reader of the line can mend it
        return stop(f"{name} cannot be understood ({error}). .env.example shows the form.")


# --- Where things are --------------------------------------------------------------------------

VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text("utf-8"))["project"]["version"]

DEBUG = flag("DEBUG", False)
TESTING = "pytest" in sys.modules

VAR_DIR = Path(text("VAR_DIR", str(BASE_DIR / ("var/test" if TESTING else "var")))).absolute()
try:
    VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # people's addresses are in there
except OSError as problem:
    stop(f"VAR_DIR {VAR_DIR} cannot be made ({problem.strerror}).")

BACKUP_DIR = Path(text("BACKUP_DIR")).absolute() if text("BACKUP_DIR") else None  # only looked at

# gunicorn.conf.py reads PORT too, and HOST.
PORT = number("PORT", 8000, least=1, most=65535)
SITE_URL = web_address("SITE_URL", f"http://127.0.0.1:{PORT}")
SITE_HOST = urlsplit(SITE_URL).hostname
HTTPS = SITE_URL.startswith("https:")

LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = listing("ALLOWED_HOSTS", ",".join(dict.fromkeys([SITE_HOST, *LOOPBACK_HOSTS])))
for host in ALLOWED_HOSTS:
    name = host.removeprefix("[").removesuffix("]") if host.startswith("[") else host
    if set("*/ ") & set(host) or host.startswith(".") or (":" in host and name == host):
        stop(f"ALLOWED_HOSTS takes exact host names, not {host!r}.")
CSRF_TRUSTED_ORIGINS = listing("CSRF_TRUSTED_ORIGINS")
for origin in CSRF_TRUSTED_ORIGINS:
    if not origin.startswith(("http://", "https://")) or not urlsplit(origin).hostname:
        stop(f"CSRF_TRUSTED_ORIGINS takes addresses as https://pocket.example, not {origin!r}.")


# --- Secrets -----------------------------------------------------------------------------------


def kept_secret(path: Path) -> str:
    """Read the secret key, or make it once; several processes starting together agree on one."""
    try:
        if not path.exists():
            make_secret(path)
        return path.read_text(encoding="ascii").strip()
    except OSError as problem:
        stop(f"the secret key {path} cannot be read or made ({problem.strerror}).")
    except UnicodeDecodeError:
        stop(f"the secret key {path} is not text; remove it to have a new one made.")


def make_secret(path: Path) -> None:
    """Write it aside and give it its name in one step: nobody ever reads half a key."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):  # another process was first: its key counts
            os.link(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


SECRET_FILE = VAR_DIR / "secret_key"
SECRET_KEY = text("SECRET_KEY") or kept_secret(SECRET_FILE)
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5:
    source = "SECRET_KEY" if text("SECRET_KEY") else f"The secret key in {SECRET_FILE}"
    stop(f"{source} must be at least 50 characters of chance; leave it out to have one made.")
SECRET_KEY_FALLBACKS = listing("SECRET_KEY_FALLBACKS")


# --- Who stands in front -----------------------------------------------------------------------

# How many proxies of ours stand in front. 0: the address of the connection is the client's, and
# no X-Forwarded header is believed.
TRUSTED_PROXIES = number("TRUSTED_PROXIES", 0, most=10)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")


# --- Apps and middleware -----------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.forms",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_tasks_db",
    "pocket.web",
    "audit",
    "once",
    "search",
    "accounts",
    "states",
    "privacy",
    "notices",
    "blog",
    "contact",
    "passport",
    "dashboard",
]

MIDDLEWARE = [
    "pocket.web.middleware.SecurityHeaders",
    "pocket.web.middleware.RequestNotes",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "pocket.web.middleware.RequestGuard",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pocket.web.middleware.Compression",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "accounts.session_end.Authentication",
    "accounts.events.RefusalLog",
    "accounts.middleware.ReaderPreferences",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pocket.web.middleware.HtmxManners",
    "pocket.web.middleware.ErrorPages",
    "pocket.web.middleware.FormManners",
    "accounts.session_end.EndedSession",
    "accounts.middleware.Presence",
    "privacy.middleware.WayBack",
    "accounts.middleware.StaffProof",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "pocket.urls"
WSGI_APPLICATION = "pocket.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pocket.web.context.site",
            ],
            "builtins": ["pocket.web.templatetags.pocket"],
        },
    },
]


# --- Database ----------------------------------------------------------------------------------

WEB_CONCURRENCY = number("WEB_CONCURRENCY", 1, least=1, most=256)  # read by gunicorn.conf.py
WEB_THREADS = number("WEB_THREADS", 4, least=1, most=64)  # a worker's threads; see gunicorn.conf.py
DATABASE_POOLER = flag("DATABASE_POOLER", False)

DATABASE_URL = text("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'pocket.sqlite3'}"
split_url("DATABASE_URL", DATABASE_URL, {"sqlite", "postgres", "postgresql"})
database = parsed("DATABASE_URL", ENV.db_url_config, DATABASE_URL)
if not database["NAME"] or database["NAME"] == ":memory:":
    stop("DATABASE_URL must name a database, as in postgres://name:password@host:5432/pocket.")
if database["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE: a transaction that will write waits for its turn instead of failing half-way.
    # FULL: an answered write is on the disk. No mmap_size: SECURITY.md 7.1.
    database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA journal_size_limit=67108864"
        ),
    }
    database["CONN_MAX_AGE"] = None
else:
    options = database.setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", 3)
    if DATABASE_POOLER:
        # Behind a transaction pooler a session is not ours to keep: no server-side cursors, no
        # start-up parameters, no pool of our own. Django prepares no statements by itself.
        database["DISABLE_SERVER_SIDE_CURSORS"] = True
        database["CONN_MAX_AGE"] = 0
    else:
        options.setdefault(
            "options",
            "-c statement_timeout=5s -c lock_timeout=2s -c idle_in_transaction_session_timeout=10s",
        )
        # A thread holds at most one connection at a time, so a worker never needs more.
        options["pool"] = {"min_size": 1, "max_size": WEB_THREADS + 1, "timeout": 3}
        database["CONN_MAX_AGE"] = 0
        database["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": database}


# --- Cache and sessions ------------------------------------------------------------------------

CACHE_URL = text("CACHE_URL")
# Shared by all processes of one database, which is all that the embedded start has.
DATABASE_CACHE = {
    "BACKEND": "pocket.web.database_cache.CountingDatabase",
    "LOCATION": "pocket_cache",
    "OPTIONS": {"MAX_ENTRIES": 20_000},
}
if not CACHE_URL:
    CACHES = {"default": DATABASE_CACHE, "spare": DATABASE_CACHE}
    SESSION_ENGINE = "django.contrib.sessions.backends.db"
else:
    parts = split_url("CACHE_URL", CACHE_URL, {"redis", "rediss", "unix"})
    if not parts.hostname and not (parts.scheme == "unix" and parts.path):
        stop("CACHE_URL must look like redis://name:password@host:6379/0.")
    redis = {
        "BACKEND": "pocket.web.caches.SteadyRedis",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "pocket",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
    CACHES = {
        "default": redis,
        "spare": DATABASE_CACHE,
        "sessions": {**redis, "BACKEND": "pocket.web.caches.SessionRedis"},
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
    SESSION_CACHE_ALIAS = "sessions"

# Whole public pages in the memory of each worker; see pocket/web/pagecache.py.
PAGE_CACHE = flag("PAGE_CACHE", not (DEBUG or TESTING))
KEEP_ATLAS = not TESTING  # states/atlas.py; tests change the database behind its back
MISSED_SEARCHES_AFTER = None if TESTING else 30  # seconds; search/missed.py
PAGE_CACHE_MB = number("PAGE_CACHE_MB", 64, least=1, most=4096)

SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "pocket.web.errors.csrf_failure"
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS else "language"
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"


# --- People ------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.NameOrAddress"]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [{"NAME": "accounts.passwords.PasswordValidator"}]
PASSWORD_HASHERS = [
    "accounts.passwords.NormalizingArgon2",
    # Made before Argon2, from the password as typed. A log-in makes a new hash.
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_RESET_TIMEOUT = 60 * 60

# Days after which name and address go from a message that is closed.
CONTACT_KEPT_DAYS = number("CONTACT_KEPT_DAYS", 180, most=3650)

# Without a mail server the mails land in var/mail, where their reader may not look at once.
VERIFY_EMAIL = bool(text("EMAIL_URL"))
UNVERIFIED_DAYS = number("UNVERIFIED_DAYS", 7, least=1, most=365)
REQUIRE_STAFF_MFA = flag("REQUIRE_STAFF_MFA", False)
STAFF_IDLE_MINUTES = number("STAFF_IDLE_MINUTES", 120, least=10, most=12 * 60)

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "signup": "accounts.forms.SignupForm",
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "confirm_email_verification_code": "accounts.forms.ConfirmEmailCodeForm",
    "confirm_password_reset_code": "accounts.forms.ConfirmPasswordCodeForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_PRESERVE_USERNAME_CASING = True
# Codes, not links: what scans a mailbox opens every link, and cannot type.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # where VERIFY_EMAIL is off, the adapter skips it
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_SESSION_COOKIE_AGE = 14 * 24 * 60 * 60  # "stay signed in"
ACCOUNT_RATE_LIMITS = {
    # Never by the name alone: whoever knows a name could lock its owner out. What one client may
    # try at one account, accounts/limits.py says.
    "login_failed": "10/m/ip",
    "reset_password": "20/m/ip",
    "confirm_email": None,  # mails are counted where they leave, accounts/limits.py
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES

MFA_FORMS = {
    "authenticate": "accounts.proof_forms.AuthenticateForm",
    "reauthenticate": "accounts.proof_forms.ReauthenticateForm",
    "add_webauthn": "accounts.proof_forms.AddWebAuthnForm",
    "authenticate_webauthn": "accounts.proof_forms.AuthenticateWebAuthnForm",
    "login_webauthn": "accounts.proof_forms.LoginWebAuthnForm",
    "reauthenticate_webauthn": "accounts.proof_forms.ReauthenticateWebAuthnForm",
}
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = not VERIFY_EMAIL
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS


# --- Stories -----------------------------------------------------------------------------------

# A story takes comments for so many days; 0: for ever.
COMMENTS_CLOSE_AFTER_DAYS = number("COMMENTS_CLOSE_AFTER_DAYS", 0, most=36_500)


# --- Security ----------------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "object-src": [CSP.NONE],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["default"],
    "report-to": ["csp"],
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["security.W002"]  # SecurityHeaders sends it, not Django's middleware
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
if HTTPS:
    SECURE_HSTS_SECONDS = number("HSTS_SECONDS", 2 * 365 * 24 * 60 * 60)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# A little more than the largest file a form takes gets the form's own words; much more is cut off.
MAX_REQUEST_BYTES = 20 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640
SECURITY_CONTACT = text("SECURITY_CONTACT")
if SECURITY_CONTACT and not SECURITY_CONTACT.startswith(("mailto:", "https:", "tel:")):
    stop(f"SECURITY_CONTACT must begin with mailto:, https: or tel:, not {SECURITY_CONTACT!r}.")


# --- Language and time -------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Kolkata"
USE_TZ = True


# --- Static files ------------------------------------------------------------------------------

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "pocket.web.staticfiles.HashedStorage"
    },
}
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "media/"
EXPORTS_ROOT = VAR_DIR / "exports"  # served by one view, to their owners; never by an address
WHITENOISE_ALLOW_ALL_ORIGINS = False  # our files are for our pages
WHITENOISE_MAX_AGE = 60 if DEBUG else 24 * 60 * 60


# --- Mail --------------------------------------------------------------------------------------

EMAIL_URL = text("EMAIL_URL")
if EMAIL_URL:
    mail = parsed("EMAIL_URL", ENV.email_url_config, EMAIL_URL)
    if "smtp" not in (mail.get("EMAIL_BACKEND") or "") or not mail["EMAIL_HOST"]:
        stop("EMAIL_URL must look like smtp+tls://name:password@mail.example:587.")
    MAILERS = {
        "default": {
            "BACKEND": mail["EMAIL_BACKEND"],
            "OPTIONS": {
                "host": mail["EMAIL_HOST"],
                "port": mail["EMAIL_PORT"] or 25,
                "username": mail["EMAIL_HOST_USER"] or "",
                "password": mail["EMAIL_HOST_PASSWORD"] or "",
                "use_tls": mail.get("EMAIL_USE_TLS", False),
                "use_ssl": mail.get("EMAIL_USE_SSL", False),
                "timeout": 5,
            },
        }
    }
else:
    MAILERS = {
        "default": {
            "BACKEND": "pocket.web.mail_files.MailFiles",
            "OPTIONS": {"file_path": VAR_DIR / "mail"},
        }
    }
DEFAULT_FROM_EMAIL = text("DEFAULT_FROM_EMAIL", f"Pocket <pocket@{SITE_HOST}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL


# --- Queue -------------------------------------------------------------------------------------

# Tasks wait in the database; pocket/web/queue.py does them. Where DEBUG is on, and in tests, they
# are done at once.
TASKS = {
    "default": {
        "BACKEND": "django.tasks.backends.immediate.ImmediateBackend"
        if DEBUG or TESTING
        else "django_tasks_db.DatabaseBackend"
    }
}
TASK_WORKER = flag("TASK_WORKER", True)  # read by gunicorn.conf.py
DAILY_TASKS = [
    "pocket.web.tasks.clear_sessions",
    "pocket.web.tasks.clear_cache",
    "pocket.web.tasks.prune_results",
    "once.tasks.forget_old_keys",
    "accounts.tasks.forget_former_names",
    "privacy.tasks.erase_leavers",
    "privacy.tasks.sweep_exports",
    "accounts.tasks.forget_unverified",
    "contact.tasks.forget_senders",
    "blog.tasks.empty_bin",
    "blog.tasks.drop_forgotten_images",
    "blog.tasks.drop_old_imports",
    "notices.tasks.forget_old_notices",
    "blog.comment_tasks.erase_removed",
    "search.tasks.forget_missed",
    "dashboard.tasks.count_days",
    "dashboard.tasks.forget_decisions",
]


# --- Logs --------------------------------------------------------------------------------------

LOG_LEVEL = text("LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
    stop(f"LOG_LEVEL must be DEBUG, INFO, WARNING or ERROR, not {LOG_LEVEL!r}.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "pocket.web.logs.JSONFormatter"}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "json",
        },
    },
    "root": {"handlers": ["stdout"], "level": "WARNING"},
    "loggers": {
        "pocket": {"level": LOG_LEVEL},
        # Django's own handlers would write a second, unstructured line.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        # A stranger's bad Host is no error of ours; the line of the request says 400.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}

SENTRY_DSN = text("SENTRY_DSN")
if SENTRY_DSN:
    try:
        import sentry_sdk
    except ImportError:
        stop(
            "SENTRY_DSN is set, but sentry-sdk is missing: pip install -r requirements-sentry.txt."
        )
    try:
        sentry_sdk.init(dsn=SENTRY_DSN, send_default_pii=False, max_request_body_size="never")
    except ValueError as problem:
        stop(f"SENTRY_DSN cannot be understood ({problem}).")
