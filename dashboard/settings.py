"""Settings: one module, each value from the environment or from the file that NAME_FILE names.

Importing never fails for what is missing, so that `migrate`, `doctor` and `collectstatic` run on a
bare machine; what writes to Wix or serves people asks `resellers.connection.require_settings`.
A value that makes no sense refuses to start, naming the setting.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import available_timezones

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from environ import FileAwareEnv

BASE_DIR = Path(__file__).resolve().parent.parent


class Environment(FileAwareEnv):
    """The environment; what cannot be read raises ImproperlyConfigured with the setting's name."""

    def get_value(self, var: str, *args: Any, **options: Any) -> Any:
        try:
            return super().get_value(var, *args, **options)
        except OSError as error:
            raise ImproperlyConfigured(f"{var}_FILE cannot be read: {error}") from error
        except ValueError as error:
            raise ImproperlyConfigured(f"{var} makes no sense: {error}") from error


env = Environment()
if (BASE_DIR / ".env").is_file() and not env.bool("DEMO", default=False):
    env.read_env(BASE_DIR / ".env")


def number(name: str, default: int, *, least: int) -> int:
    """The whole number of that name, or ImproperlyConfigured saying what it must be."""
    text = env.str(name, default=str(default)).strip() or str(default)
    if not text.isdecimal() or int(text) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {least}: {text!r}")
    return int(text)


def switch(name: str, *, default: bool) -> bool:
    """True or false of that name, or ImproperlyConfigured for any other word."""
    text = env.str(name, default="").strip().lower()
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("0", "false", "no", "off"):
        return False
    if not text:
        return default
    raise ImproperlyConfigured(f"{name} must be true or false: {text!r}")


def words(name: str) -> list[str]:
    return [word.strip() for word in env.str(name, default="").split(",") if word.strip()]


def address(name: str, default: str, *, schemes: tuple[str, ...]) -> str:
    """The address of that name, or ImproperlyConfigured for what is none."""
    text = env.str(name, default="").strip() or default
    parts = urlsplit(text)
    if text and (parts.scheme not in schemes or not parts.netloc):
        raise ImproperlyConfigured(f"{name} must begin like {schemes[0]}://host: {text!r}")
    return text


DEMO = switch("DEMO", default=False)
DEBUG = switch("DEBUG", default=False)
# Behind a proxy that ends TLS and strips X-Forwarded-Proto from what comes in.
BEHIND_PROXY = switch("BEHIND_PROXY", default=False)

SECRET_KEY = env.str("SECRET_KEY", default="")
SECRET_KEY_GIVEN = bool(SECRET_KEY) or DEMO or DEBUG
SECRET_KEY = SECRET_KEY or get_random_secret_key()
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if DEMO or DEBUG else words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

# --- Wix -----------------------------------------------------------------------------------------

WIX_BASE_URL = address("WIX_BASE_URL", "https://www.wixapis.com", schemes=("https", "http"))
WIX_API_KEY = env.str("WIX_API_KEY", default="")
WIX_ACCOUNT_ID = env.str("WIX_ACCOUNT_ID", default="").strip()
if WIX_ACCOUNT_ID:
    try:
        UUID(WIX_ACCOUNT_ID)
    except ValueError:
        raise ImproperlyConfigured(f"WIX_ACCOUNT_ID is no id of Wix: {WIX_ACCOUNT_ID!r}") from None
WIX_CALLS_PER_MINUTE = number("WIX_CALLS_PER_MINUTE", 175, least=1)
WIX_REGISTERED_DOMAINS = switch("WIX_REGISTERED_DOMAINS", default=False)
WIX_REASSIGN = env.str("WIX_REASSIGN", default="two_step")
if WIX_REASSIGN not in ("two_step", "direct"):
    raise ImproperlyConfigured(f"WIX_REASSIGN must be two_step or direct: {WIX_REASSIGN!r}")

# Seconds, unless the name says otherwise. OPERATIONS in the environment, a JSON object, changes
# single numbers: tests that start processes of their own shrink them so.
OPERATIONS: dict[str, Any] = {
    "CALL_SECONDS": 20,  # total deadline of one call
    "LEASE_SECONDS": 30,
    "SWEEP_SECONDS": 10,
    "TASK_SECONDS": 40,  # a task stops between calls after this
    "READ_LADDER": (1, 2, 4, 8, 15, 30),  # waits before each reading after a write
    # The same for what may take Wix longer to show: a new package, a site or a domain handed over.
    "CREATE_LADDER": (1, 2, 4, 8, 15, 30, 60),
    "MAX_SENDS": 3,  # of one step with one key
    "ESCALATE_SECONDS": 15 * 60,  # of doubt, during which Wix answered
    "SETTLE_SECONDS": (60, 15 * 60),  # success is read once more
    "PLAN_FRESH_SECONDS": 5 * 60,  # an older record is read again before a plan
    "RETRY_SECONDS": (5, 10, 20, 40, 60),  # after 429 or with Wix away
} | env.json("OPERATIONS", default={})
# Where a test wants the engine killed or frozen: see resellers.operations.engine.failpoints.
ENGINE_FAILPOINT = env.str("ENGINE_FAILPOINT", default="")
if ENGINE_FAILPOINT and not DEBUG:
    raise ImproperlyConfigured("ENGINE_FAILPOINT is for tests only: unset it, or set DEBUG")

MIRROR = {
    "LEASE_SECONDS": 60,
    "OVERLAP_SECONDS": 10 * 60,
    "OVERDUE_SECONDS": 26 * 3600,  # without a whole pass, every page says so
}

# --- the application -----------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "csp",
    "resellers",
    "dashboard",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "dashboard.middleware.SafeAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dashboard.middleware.IdleLogout",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dashboard.middleware.WayOut",
]
ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"
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
                "dashboard.frame.context.frame",
            ],
            "builtins": ["dashboard.components.tags"],
        },
    }
]
DATA_DIR = BASE_DIR / ".demo" if DEMO else BASE_DIR
DATABASE_URL = env.str("DATABASE_URL", default="").strip()
DATABASE_URL = DATABASE_URL or f"sqlite:///{DATA_DIR / 'db.sqlite3'}"
if not DATABASE_URL.startswith(("postgres://", "postgresql://", "sqlite:///")):
    raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///")
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    # With Django's defaults, writers on threads meet "database is locked"; with these they wait.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    # A frozen process must not hold its locks for ever.
    DATABASES["default"]["OPTIONS"] = DATABASES["default"].get("OPTIONS", {}) | {
        "connect_timeout": 3,
        "options": (
            "-c statement_timeout=15000 -c lock_timeout=3000"
            " -c idle_in_transaction_session_timeout=15000"
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-us"
TIME_ZONE = env.str("TIME_ZONE", default="").strip() or "UTC"
if TIME_ZONE not in available_timezones():
    raise ImproperlyConfigured(f"TIME_ZONE must be a zone such as Europe/Vilnius: {TIME_ZONE!r}")
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
if not DEBUG:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "dashboard.frame.static_files.HashedStatic"},
    }
WHITENOISE_USE_FINDERS = DEMO or DEBUG
try:
    vars().update(env.email_url("EMAIL_URL", default="consolemail://"))
except ImproperlyConfigured as error:
    raise ImproperlyConfigured(f"EMAIL_URL makes no sense: {error}") from error
FORMS_URLFIELD_ASSUME_HTTPS = True

# --- people and their sessions -------------------------------------------------------------------

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 30 * 60
SESSION_ENGINE = "django.contrib.sessions.backends.db"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- safety --------------------------------------------------------------------------------------

SECURE = not (DEBUG or DEMO)
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
# The __Host- prefix makes browsers refuse a cookie that another host or plain HTTP has set.
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
PASSWORD_HOLDS_SECONDS = 10 * 60  # before what ends a service asks for it again
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "dashboard.pages.system.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# --- Celery --------------------------------------------------------------------------------------

REDIS_URL = address("REDIS_URL", "", schemes=("redis", "rediss"))

# --- logs ----------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"resellers": {"level": "INFO"}, "dashboard": {"level": "INFO"}},
}
