"""Ages and moments as plain text."""

from datetime import datetime

from django.utils import timezone


def ago(moment: datetime) -> str:
    """How long ago, in the largest unit: `12 s ago`, `3 min ago`, `5 h ago`, `4 days ago`."""
    seconds = max(0, int((timezone.now() - moment).total_seconds()))
    if seconds < 60:
        return f"{seconds} s ago"
    if seconds < 3600:
        return f"{seconds // 60} min ago"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h ago"
    return f"{seconds // 86400} days ago"


def on(moment: datetime) -> str:
    """The day, the time and the zone: `21 Nov 2026, 08:55 UTC`."""
    return timezone.localtime(moment).strftime("%d %b %Y, %H:%M %Z")
