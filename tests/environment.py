"""The settings that the suite runs with, and those of whole processes that a test starts."""

import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Where nothing answers: a test that forgot its sandbox must not reach Wix.
NOWHERE = "http://127.0.0.1:9"
# Every setting has its value here, so that neither the shell nor a .env file has a say.
TESTS = {
    "DEMO": "false",
    "DEBUG": "true",
    "SECRET_KEY": "only-for-tests-" * 4,
    "SECRET_KEY_FALLBACKS": "",
    "ALLOWED_HOSTS": "",
    "API": "{}",
    "CSRF_TRUSTED_ORIGINS": "",
    "TRUSTED_PROXIES": "",
    "DATABASE_URL": "sqlite:///:memory:",
    "REDIS_URL": "",
    "WIX_BASE_URL": NOWHERE,
    "WIX_API_KEY": "key-for-tests",
    "WIX_ACCOUNT_ID": "0a0a0a0a-0000-4000-8000-000000000000",
    "WIX_CALLS_PER_MINUTE": "60000",
    "WIX_REASSIGN": "two_step",
    "WIX_B2B_EMAIL": "bizdev@wix.com",
    "WIX_REGISTERED_DOMAINS": "false",
    "DNS_RESOLVER": "",
    "METRICS_TOKEN": "",
    "OPERATIONS": "{}",
    "MIRROR": "{}",
    "CASES": "{}",
    "NOTIFY": "{}",
    "EXPORTS_DIR": str(Path(tempfile.gettempdir()) / "exports-of-tests"),
    "RETENTION": "{}",
    "ENGINE_FAILPOINT": "",
    "EMAIL_URL": "memorymail://",
    "DEFAULT_FROM_EMAIL": "dashboard@agency.example",
    "AUDIT_HEAD_MAIL": "",
    "SITE_URL": "https://dashboard.example",
    "WEBHOOKS_TO_PRIVATE_ADDRESSES": "false",
    "OIDC_ISSUER": "",
    "OIDC_CLIENT_ID": "",
    "OIDC_CLIENT_SECRET": "",
    "OIDC_NAME": "",
    "OIDC_SCOPES": "",
    "OIDC_GROUPS_CLAIM": "",
    "OIDC_ROLES": "",
    "PASSWORD_SIGN_IN": "true",
    "SIGN_IN": "{}",
    "TIME_ZONE": "UTC",
}
PRODUCTION = TESTS | {
    "DEBUG": "false",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-only-for-tests",
    "ALLOWED_HOSTS": "dashboard.example",
}


def of_process(settings: dict[str, str], **changes: str) -> dict[str, str]:
    """The environment of a process with these settings: theirs, the changes, and a bare shell."""
    shell = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return shell | settings | changes
