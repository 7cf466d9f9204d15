"""The sessions of people: which are open, from where, and their end."""

from datetime import datetime
from typing import TYPE_CHECKING

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from resellers import audit

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def open_sessions() -> "QuerySet[UserSession]":
    """Those that have not ended, the one used last first."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=Now())
    found: QuerySet[UserSession] = UserSession.objects.filter(Exists(alive))
    return found.order_by("-last_seen_at", "-pk")


def note_seen(person: "User", key: str, *, ip: str, agent: str, now: datetime) -> None:
    """This session is in use as of now, from there."""
    seen = {"last_seen_at": now, "ip": ip, "user_agent": agent[:200]}
    if not UserSession.objects.filter(session_key=key, user=person).update(**seen):
        UserSession.objects.update_or_create(session_key=key, defaults=seen | {"user": person})


def end(
    person: "User", *, by: "User | None" = None, keep: str = "", only: int | None = None
) -> int:
    """End the person's sessions at once, or the one of that id; `keep` is the key of one that
    stays. Returns how many there were."""
    found = UserSession.objects.filter(user=person).exclude(session_key=keep)
    if only is not None:
        found = found.filter(pk=only)
    with transaction.atomic():
        keys = list(found.values_list("session_key", flat=True))
        ended, _ = Session.objects.filter(session_key__in=keys).delete()
        found.delete()
        if ended:
            body = {"person": person.get_username(), "sessions": ended}
            audit.record("session.ended", by=by, body=body)
    return ended
