"""For whoever watches the processes: no log-in, no detail."""

from functools import cache

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .metrics import metrics


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200: this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200: the database answers too, and has the tables of this code; 503 if it does not."""
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return _not_ready("the database does not answer")
    if not _newest_migrations() <= applied.keys():
        return _not_ready("migrations are not applied")
    return HttpResponse("ready\n", content_type="text/plain")


def _not_ready(why: str) -> HttpResponse:
    return HttpResponse(f"not ready: {why}\n", status=503, content_type="text/plain")


# By the names of their addresses.
SIGNS = {"healthz": healthz, "readyz": readyz, "metrics": metrics}


@cache
def _newest_migrations() -> frozenset[tuple[str, str]]:
    """The last migration of each app in this code; files are read once a process."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())
