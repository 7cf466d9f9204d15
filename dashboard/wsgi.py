"""What a web server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
application = get_wsgi_application()

# Django must be set up before these are imported.
from dashboard.celery import give_up_soon  # noqa: E402
from resellers.connection import require_settings  # noqa: E402

require_settings()
give_up_soon()
