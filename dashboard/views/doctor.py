"""The doctor's last findings, for admins."""

from datetime import timedelta

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard.staff import StaffRequest
from resellers.doctor import Finding, Verdict, summary
from resellers.models import Examination

OLD = timedelta(hours=24)
TONES = {
    Verdict.OK: "good",
    Verdict.NOTE: "look",
    Verdict.UNTRIED: "ended",
    Verdict.WRONG: "bad",
}


@require_safe
@permission_required("resellers.administer", raise_exception=True)
def doctor_page(request: StaffRequest) -> HttpResponse:
    """What `manage.py doctor` last found, how old that is, and how to have it look again."""
    last = Examination.objects.filter(pk=1).first()
    findings = tuple(Finding(**found) for found in last.findings) if last else ()
    context = {
        "last": last,
        "is_old": last is not None and timezone.now() - last.examined_at > OLD,
        "findings": [(finding, TONES[Verdict(finding.verdict)]) for finding in findings],
        "summary": summary(findings),
    }
    return render(request, "doctor/page.html", context)
