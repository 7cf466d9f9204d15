"""Lengths of time and moments as plain text."""

from datetime import datetime, timedelta

from django.utils import timezone


def span(length: timedelta) -> str:
    """A length of time in its largest unit: `12 s`, `3 min`, `5 h`, `4 days`."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h"
    return f"{seconds // 86400} days"


def ago(moment: datetime) -> str:
    """How long ago: `12 s ago`, `4 days ago`."""
    return f"{span(timezone.now() - moment)} ago"


def on(moment: datetime) -> str:
    """The day, the time and the zone: `21 Nov 2026, 08:55 UTC`."""
    return timezone.localtime(moment).strftime("%d %b %Y, %H:%M %Z")
