"""The product in its production settings, and Django's admin at `/admin/` beside its pages.

One process serves both, so that all a page's weight depends on is the same: middleware, static
files, compression, the database.
"""

import os
from pathlib import Path

from django.conf import settings


def bring_the_admin() -> None:
    """Change the settings, before Django is set up with them."""
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.admin", "tests.bench.peer"]
    settings.ROOT_URLCONF = "tests.bench.peer.urls"
    if folder := os.environ.get("BENCH_STATIC_ROOT"):
        settings.STATIC_ROOT = Path(folder)
