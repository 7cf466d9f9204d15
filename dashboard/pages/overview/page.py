"""The overview: what needs a person, how much there is, what happened lately."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard.frame.context import frame_of
from dashboard.frame.staff import StaffRequest
from resellers.models import Account, SyncRun

from . import courses
from .activity import recent
from .needs import needs, of_whom
from .panel import USABLE, cards
from .panel import courses as daily_values


@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """What needs me, and how the whole stands."""
    current = frame_of(request).figures
    now = timezone.localtime()
    context: dict[str, Any] = {
        "now": now,
        "figures": current,
        "is_empty": not Account.objects.exists(),
    }
    context["reading"] = SyncRun.objects.open().filter(account=None, package=None).first()
    if context["is_empty"]:
        return render(request, "pages/overview/empty.html", context)
    known = daily_values(now.date() - timedelta(days=courses.COURSE_DAYS), current.counts)
    failures = courses.failures_a_day(now.date())
    waiting = needs(current)
    chosen, whose = of_whom(waiting, request.user, request.GET.get("needs", ""))
    context |= {
        "needs": chosen,
        "whose": whose,
        "waiting": sum(need.count or 0 for need in waiting if need.tone in ("bad", "look")),
        "cards": cards(current.counts, known),
        "activity": recent(),
        "course": courses.usable(known[USABLE]),
        "course_points": known[USABLE][-courses.NUMBERS_DAYS :],
        "failures": failures,
        "failure_points": failures.points,
    }
    return render(request, "pages/overview/page.html", context)
