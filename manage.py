#!/usr/bin/env python
"""Run the dashboard's commands."""

import os
import sys

# The demo is a world of its own: whatever this shell has set for a real installation stays outside.
DEMO_IGNORES = (
    *("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DEBUG", "SECRET_KEY", "SECRET_KEY_FALLBACKS"),
    *("ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "TRUSTED_PROXIES", "BEHIND_PROXY"),
)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    if sys.argv[1:2] == ["demo"]:
        for name in list(os.environ):
            if name.removesuffix("_FILE") in DEMO_IGNORES or name.startswith("WIX_"):
                del os.environ[name]
        os.environ["DEMO"] = "true"
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
