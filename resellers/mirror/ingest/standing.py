"""How what an answer says stands to what the mirror knows by now."""

from datetime import datetime

from django.db.models import Q

from resellers.models import Package, Site, Unreadable


def confirmed_since(row: Package | Site | None, fetch_started_at: datetime) -> bool:
    """Whether the mirror confirmed this row by an answer as new or newer."""
    return bool(row and row.last_confirmed_at and row.last_confirmed_at >= fetch_started_at)


def can_be_read(which: Q, since: datetime) -> None:
    """Wix lets us read this again, or has no more of it."""
    Unreadable.objects.standing().filter(which).update(ended_at=since)
