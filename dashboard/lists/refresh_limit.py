"""How often one person may have records read again from Wix."""

from django.contrib import messages

from dashboard.frame.staff import StaffRequest
from resellers.clock import in_seconds
from resellers.models import SyncRun

# Enough for every page one can read, too few to crowd Wix out.
REFRESHES_A_MINUTE = 20
OVER_LIMIT = f"{REFRESHES_A_MINUTE} refreshes in a minute are enough: wait a moment."


def is_over_refresh_limit(request: StaffRequest) -> bool:
    """Whether this person has to wait before the next refresh."""
    lately = SyncRun.objects.filter(requested_by=request.user, requested_at__gt=in_seconds(-60))
    return lately.count() >= REFRESHES_A_MINUTE


def warn_over_refresh_limit(request: StaffRequest) -> bool:
    """The same; then the next page says so."""
    too_often = is_over_refresh_limit(request)
    if too_often:
        messages.warning(request, OVER_LIMIT)
    return too_often
