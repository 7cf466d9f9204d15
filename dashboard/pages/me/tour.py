"""The demo's tour: sent away for good, or begun again."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.frame import preferences
from dashboard.frame.referrer import path_to_return_to
from dashboard.frame.staff import StaffRequest


@require_POST
def my_tour(request: StaffRequest) -> HttpResponse:
    """End it and stay where one is, or begin it on the overview; 404 outside the demo."""
    if not settings.DEMO:
        raise Http404(_("Only the demo has a tour."))
    begins = request.POST.get("tour") == "start"
    preferences.keep(request.user, toured=not begins)
    return redirect("overview" if begins else path_to_return_to(request) or "overview")
