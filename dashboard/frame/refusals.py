"""What people tried and may not do, in the audit trail."""

import logging
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import DatabaseError
from django.http import HttpRequest

from resellers import audit
from resellers.clock import database_now
from resellers.models import AuditEntry
from resellers.storable import storable

logger = logging.getLogger(__name__)

EVENT = "access.refused"
ONCE_IN = timedelta(minutes=1)  # of one address: a page that asks again and again fills no trail
LONGEST = 300


def record_refusal(request: HttpRequest, person: User) -> None:
    """Record that the person was refused what they asked for. Never raises."""
    body = {"method": request.method, "path": storable(request.path)[:LONGEST]}
    try:
        since = database_now() - ONCE_IN
        mine = AuditEntry.objects.filter(actor=person).order_by("-seq")
        last = mine.values_list("event", "body", "at").first()
        if last and last[:2] == (EVENT, body) and last[2] > since:
            return
        audit.record("access.refused", by=person, body=body)
    except DatabaseError:
        logger.exception("a refusal could not be recorded")
