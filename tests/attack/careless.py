"""Settings of a careless site, which every attack must find out: each guard of ours is left away.

For `test_attacks_can_fail` alone; nothing else reads them.
"""

from dashboard.settings import *  # noqa: F403

GUARDS = {
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "dashboard.middleware.SafeAnswers",
    "django.middleware.csrf.CsrfViewMiddleware",
    "dashboard.frame.scope.ScopeInForce",
    "dashboard.request_body.BodyLimit",
    "dashboard.middleware.IdleLogout",
    "dashboard.frame.second_factor.DemandSecondFactor",
}
MIDDLEWARE = [one for one in MIDDLEWARE if one not in GUARDS]  # noqa: F405
ALLOWED_HOSTS = ["*"]
USE_X_FORWARDED_HOST = True
LIMITS = [f"{scope}_{what}" for scope in ("NAME", "ADDRESS", "MAIL") for what in ("TRIES", "HOLD")]
NEVER = dict.fromkeys(LIMITS, 10_000)
SIGN_IN = SIGN_IN | NEVER  # noqa: F405
API = API | {"WRONG_TOKENS": 10_000}  # noqa: F405
DATA_UPLOAD_MAX_NUMBER_FIELDS = DATA_UPLOAD_MAX_MEMORY_SIZE = None
DATA_UPLOAD_MAX_NUMBER_FILES = None
SESSION_COOKIE_HTTPONLY = False
SECURE_SSL_REDIRECT = False
TEMPLATES[0]["OPTIONS"]["autoescape"] = False  # noqa: F405
