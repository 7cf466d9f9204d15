"""Settings: one module, each value from the environment or from the file that NAME_FILE names.

Importing never fails for what is missing, so that `migrate`, `doctor` and `collectstatic` run on a
bare machine; what writes to Wix or serves people asks `resellers.connection.require_settings`.
A value that makes no sense refuses to start, naming the setting.
"""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from dashboard.database_settings import database_settings
from dashboard.environment import Environment
from dashboard.retention_settings import retention_settings
from dashboard.sign_in_settings import Oidc, sign_in_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()
if (BASE_DIR / ".env").is_file() and not env.switch("DEMO"):
    env.read_env(BASE_DIR / ".env")

DEMO = env.switch("DEMO")
DEBUG = env.switch("DEBUG")
SECURE = not (DEBUG or DEMO)

_secret_keys = env.secret_keys("SECRET_KEY", single=True, strong=SECURE)
SECRET_KEY_GIVEN = bool(_secret_keys) or not SECURE
SECRET_KEY = _secret_keys[0] if _secret_keys else get_random_secret_key()
SECRET_KEY_FALLBACKS = env.secret_keys("SECRET_KEY_FALLBACKS", single=False, strong=SECURE)
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS") if SECURE else ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
# Whose word about a request's origin counts: see dashboard.frame.client_address.
TRUSTED_PROXIES = env.proxies("TRUSTED_PROXIES")
if env.is_set("BEHIND_PROXY"):
    raise ImproperlyConfigured(
        "BEHIND_PROXY is no setting: name your proxies in TRUSTED_PROXIES instead, by address or"
        " network, such as 10.0.0.7 or 10.0.0.0/24, or unix for a unix socket"
    )

# --- Wix -----------------------------------------------------------------------------------------

WIX_BASE_URL = env.https_address("WIX_BASE_URL", "https://www.wixapis.com")
WIX_API_KEY = env.header_value("WIX_API_KEY")
# Read anew when it is replaced: see resellers.connection.
WIX_API_KEY_FILE = env.file_of("WIX_API_KEY")
WIX_ACCOUNT_ID = env.wix_id("WIX_ACCOUNT_ID")
WIX_CALLS_PER_MINUTE = env.number("WIX_CALLS_PER_MINUTE", 175, least=1)
WIX_REGISTERED_DOMAINS = env.switch("WIX_REGISTERED_DOMAINS")
# A resolver of DNS over HTTPS that answers in JSON; without one, records are not looked up.
DNS_RESOLVER = env.address("DNS_RESOLVER", "", "https", "http")
WIX_B2B_EMAIL = env.email("WIX_B2B_EMAIL", "bizdev@wix.com")
WIX_REASSIGN = env.choice("WIX_REASSIGN", "two_step", "direct")

# Seconds, unless the name says otherwise. OPERATIONS and MIRROR in the environment, JSON objects,
# change single numbers: tests that start processes of their own shrink them so.
OPERATIONS: dict[str, Any] = {
    "CALL_SECONDS": 20,  # total deadline of one call
    "LEASE_SECONDS": 30,
    "SWEEP_SECONDS": 10,
    "TASK_SECONDS": 40,  # a task stops between calls after this
    "READ_LADDER": (1, 2, 4, 8, 15, 30),  # waits before each reading after a write
    # The same for what may take Wix longer to show: a new package, a site or a domain handed over.
    "CREATE_LADDER": (1, 2, 4, 8, 15, 30, 60),
    "MAX_SENDS": 3,  # of one step with one key; two, where the key only ever gets the same error
    "ESCALATE_SECONDS": 15 * 60,  # of doubt, during which Wix answered
    "SETTLE_SECONDS": (60, 15 * 60),  # success is read once more
    "PLAN_FRESH_SECONDS": 5 * 60,  # an older record is read again before a plan
    "RETRY_SECONDS": (5, 10, 20, 40, 60),  # after 429 or with Wix away
    "BULK_AT_ONCE": 4,  # operations of bulk runs under way: what people ask for goes between them
    "FLOW_SECONDS": 3,  # until a flow looks again at an operation of its own
    "EXPORT_ROWS": 20_000,  # of a file that are written, and noted, at a time
    "BULK_SECONDS": 2,  # until a run looks again whether it may release more
    # Waits between harmless Queries that Wix refuses without a code: after the last it is the key.
    "THROTTLE_SECONDS": (5, 20, 40),
}
OPERATIONS = env.changed("OPERATIONS", OPERATIONS)
# Where a test wants the engine killed or frozen: see resellers.operations.engine.failpoints.
ENGINE_FAILPOINT = env.text("ENGINE_FAILPOINT")
if ENGINE_FAILPOINT and not DEBUG:
    raise ImproperlyConfigured("ENGINE_FAILPOINT is for tests only: unset it, or set DEBUG")

MIRROR: dict[str, Any] = {
    "LEASE_SECONDS": 60,
    # How far behind the last mark a reading of what changed begins: what Wix's lists show so late
    # is still found.
    "OVERLAP_SECONDS": 75 * 60,
    "OLDEST_MINUTES": 60,  # nothing shall be unchecked for longer
    "RETRY_SECONDS": (30, 60, 120, 300),  # after a call that failed
    "OVERDUE_SECONDS": 26 * 3600,  # without a whole pass, every page says so
}
MIRROR = env.changed("MIRROR", MIRROR)

CASES: dict[str, Any] = {
    # So long a delivery may take before somebody has to look at it.
    "STUCK_SECONDS": {"PENDING": 24 * 3600, "AWAITING_ACTION": 3 * 24 * 3600},
}
CASES = env.changed("CASES", CASES)

NOTIFY: dict[str, Any] = {
    "LEASE_SECONDS": 120,  # longer than any mail or call takes
    "MAIL_SECONDS": 10,  # for each answer of the mail server
    "CALL_SECONDS": 10,  # for the whole of a webhook's answer
    "RETRY_SECONDS": (10, 30, 120, 600, 1800, 3600),  # the last one again and again
    "GIVE_UP_SECONDS": 4 * 24 * 3600,
    "MORE_SECONDS": 3600,  # of one cause people are told once in this time at most
    "UNTAKEN_SECONDS": 24 * 3600,  # a case that nobody took for so long is told to managers
    # So long a change may take while Wix answers; of what is not named, the first.
    "STUCK_SECONDS": {"": 2 * 60, "create_package": 5 * 60, "register_domain": 48 * 3600},
}
NOTIFY = env.changed("NOTIFY", NOTIFY)

RETENTION = retention_settings(env)

# --- the application -----------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "csp",
    "resellers",
    "dashboard",
]
MIDDLEWARE = [
    "dashboard.middleware.Origin",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # It pads each page at random, so that from its length nobody guesses what it holds.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "dashboard.middleware.SafeAnswers",
    "dashboard.middleware.SignsOfLife",
    "dashboard.api.cookies.TokensAlone",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dashboard.frame.scope.ScopeInForce",
    "dashboard.frame.view_as.ViewAs",
    "dashboard.request_body.BodyLimit",
    "dashboard.frame.preferences.PreferencesInForce",
    "dashboard.middleware.IdleLogout",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dashboard.frame.reauthentication.AskAgain",
    "dashboard.middleware.WayOut",
    "dashboard.frame.second_factor.DemandSecondFactor",
    "dashboard.frame.recent.RecentlyOpened",
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
            "builtins": ["django.templatetags.i18n", "dashboard.components.tags"],
        },
    }
]
DATA_DIR = BASE_DIR / ".demo" if DEMO else BASE_DIR
# Where files of lists are made in the background: shared by web, workers and sweep.
EXPORTS_DIR = env.text("EXPORTS_DIR") or str(DATA_DIR / "exports")
DATABASE_URL = env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
DATABASES = {"default": database_settings(env, DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Pages are in this language, whatever a browser asks for: nothing reads Accept-Language. How days
# and numbers are written is another choice, of each person: see resellers.formats.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.zone("TIME_ZONE", "UTC")
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "dashboard.frame.stylesheet.StylesheetFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
if not DEBUG:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "dashboard.frame.static_files.HashedStatic"},
    }
WHITENOISE_USE_FINDERS = DEMO or DEBUG
# Without a server no mail is sent, and whoever looks for one is told so.
MAIL_IS_ON = env.is_set("EMAIL_URL") or DEMO
DEMO_MAIL = f"filemail:///{BASE_DIR / '.demo' / 'mail'}"
vars().update(env.mail_server("EMAIL_URL", default=DEMO_MAIL if DEMO else "dummymail://"))
EMAIL_TIMEOUT = NOTIFY["MAIL_SECONDS"]
DEFAULT_FROM_EMAIL = env.email("DEFAULT_FROM_EMAIL", "dashboard@localhost")
METRICS_TOKEN = env.header_value("METRICS_TOKEN")  # of who scrapes /metrics
AUDIT_HEAD_MAIL = env.words("AUDIT_HEAD_MAIL")  # addresses: see resellers.audit_head
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where people reach the pages: links in mails and webhooks begin so.
SITE_URL = env.address("SITE_URL", "", "https", "http").rstrip("/")
# Whether webhooks may go to this machine and to addresses that only a private network has.
WEBHOOKS_TO_PRIVATE_ADDRESSES = env.switch("WEBHOOKS_TO_PRIVATE_ADDRESSES") or DEMO
FORMS_URLFIELD_ASSUME_HTTPS = True

# --- people and their sessions -------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["dashboard.frame.staff.Staff"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "overview"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 12 * 3600  # from the log-in, however much it is used
SESSION_IDLE_SECONDS = 30 * 60
SESSION_ENGINE = "dashboard.frame.sessions"
OIDC: Oidc
PASSWORD_SIGN_IN: bool
SIGN_IN: dict[str, Any]
vars().update(sign_in_settings(env, demo=DEMO))
API = env.changed("API", {"TOKEN_CALLS": 120, "ADDRESS_CALLS": 600, "WRONG_TOKENS": 20})

# --- safety --------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
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

REDIS_URL = env.address("REDIS_URL", "", "redis", "rediss")

# --- logs ----------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"resellers": {"level": "INFO"}, "dashboard": {"level": "INFO"}},
}
