"""The doctor's last findings, for admins."""

from datetime import timedelta

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from dashboard.frame.staff import StaffRequest
from resellers.connection import api_key, key_fingerprint
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
        "findings": [
            (finding, TONES[Verdict(finding.verdict)], with_commands(finding.next_step))
            for finding in findings
        ],
        "summary": summary(findings),
        "key": key_fingerprint() if api_key() else "",
    }
    return render(request, "pages/system/doctor.html", context)


def with_commands(text: str) -> SafeString:
    """The text with what stands between backticks marked as something to be typed."""
    parts = enumerate(text.split("`"))
    return SafeString(
        "".join(
            format_html("<code>{}</code>", part) if number % 2 else escape(part)
            for number, part in parts
        )
    )
