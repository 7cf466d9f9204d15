"""What a web server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
application = get_wsgi_application()

from resellers.connection import require_settings  # noqa: E402  (Django must be set up first)

require_settings()
