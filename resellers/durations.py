"""Lengths of time and moments as plain text."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from resellers import formats


def span(length: timedelta) -> str:
    """A length of time in its largest unit: `12 s`, `3 min`, `5 h`, `4 days`."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return _("%(number)s s") % {"number": seconds}
    if seconds < 3600:
        return _("%(number)s min") % {"number": seconds // 60}
    if seconds < 48 * 3600:
        return _("%(number)s h") % {"number": seconds // 3600}
    days = seconds // 86400
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": days}


def ago(moment: datetime) -> str:
    """How long ago: `12 s ago`, `4 days ago`."""
    return _("%(span)s ago") % {"span": span(timezone.now() - moment)}


def on(moment: datetime) -> str:
    """The day, the time and the zone: `21 Nov 2026, 08:55 UTC`."""
    return f"{formats.day(moment)}, {timezone.localtime(moment):%H:%M %Z}"
