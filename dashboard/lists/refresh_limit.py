"""How often one person may have records read again from Wix."""

from django.contrib import messages
from django.utils.translation import gettext as _

from dashboard.frame.staff import StaffRequest
from resellers.clock import in_seconds
from resellers.models import SyncRun

# Enough for every page one can read, too few to crowd Wix out.
REFRESHES_A_MINUTE = 20


def is_over_refresh_limit(request: StaffRequest) -> bool:
    """Whether this person has to wait before the next refresh."""
    lately = SyncRun.objects.filter(requested_by=request.user, requested_at__gt=in_seconds(-60))
    return lately.count() >= REFRESHES_A_MINUTE


def over_limit_words() -> str:
    """Why that refresh has to wait."""
    return _("%(number)s refreshes in a minute are enough: wait a moment.") % {
        "number": REFRESHES_A_MINUTE
    }


def warn_over_refresh_limit(request: StaffRequest) -> bool:
    """The same; then the next page says so."""
    too_often = is_over_refresh_limit(request)
    if too_often:
        messages.warning(request, over_limit_words())
    return too_often
