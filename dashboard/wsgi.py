"""What a web server runs."""

import os
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
pages = get_wsgi_application()

# Django must be set up before these are imported.
from dashboard.celery import give_up_soon  # noqa: E402
from resellers import heartbeats  # noqa: E402
from resellers.connection import require_settings  # noqa: E402
from resellers.models import Heartbeat  # noqa: E402


def seen(serve: WSGIApplication) -> WSGIApplication:
    """The same application, whose process shows itself as it answers.

    Not to who asks for a sign of life alone: that needs no database.
    """

    def serve_and_show(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        answer = serve(environ, start)
        if environ.get("PATH_INFO") != "/healthz":
            heartbeats.beat(Heartbeat.Role.WEB)
        return answer

    return serve_and_show


application = seen(pages)
require_settings()
give_up_soon()
