"""What a web server runs."""

import os
import re
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.wsgi import get_wsgi_application
from django.urls import reverse
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
pages = get_wsgi_application()

# Django must be set up before these are imported.
from dashboard.celery import give_up_soon  # noqa: E402
from resellers import heartbeats  # noqa: E402
from resellers.connection import require_settings  # noqa: E402
from resellers.models import Heartbeat  # noqa: E402

_CHARSET = re.compile(r";\s*charset\*?\s*=[^;]*", re.IGNORECASE)


def in_utf8(serve: WSGIApplication) -> WSGIApplication:
    """The same application, which reads every request as UTF-8, as browsers write our forms.

    Another charset that a request names may be none of texts at all, and Django then raises before
    there is a request that anything of ours could answer.
    """

    def serve_in_utf8(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        environ["CONTENT_TYPE"] = _without_charset(environ.get("CONTENT_TYPE", ""))
        return serve(environ, start)

    return serve_in_utf8


def _without_charset(content_type: str) -> str:
    """The same content type without its charset; empty for what cannot be read as one."""
    rest = _CHARSET.sub("", content_type)
    try:
        media_type, parameters = parse_header_parameters(rest)
    except (ValueError, LookupError):
        return ""
    return media_type if "charset" in parameters else rest


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


application = seen(in_utf8(pages))
require_settings()
give_up_soon()
# Every page is loaded by it: else whoever asks first would wait most of a second for that.
reverse("overview")
