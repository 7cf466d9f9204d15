"""What wants a person: failures, services on no site, services that end soon."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.components.values import counted
from dashboard.lists.filters import WordFilter
from dashboard.lists.spans import AGES, OLDEST, recently
from resellers.models import ProductInstance, Tally
from resellers.models.instance_querysets import FLOATING, NO_SITE
from resellers.refusals import explain_failure

from .report import Report, ReportCell, ReportLine, by_age, first_column, rows_link, total

WITHIN = ("30", "60", "90")


def failures() -> Report:
    """Failed services by Wix's code and since when they have failed."""
    rows: Any = ProductInstance.objects.present().failed().order_by().values("failure_code")
    lines = []
    for row in rows.annotate(n=Count("pk"), **by_age("status_since")).order_by(
        "-n", "failure_code"
    ):
        code = row["failure_code"]
        query = {"failure_code": WordFilter.written(code)}
        cells = [ReportCell(row["n"], rows_link("failed_service_list", **query))]
        cells += [
            ReportCell(row[step], rows_link("failed_service_list", **query, age=step))
            for step in AGES
        ]
        words = explain_failure(code).words
        lines.append(ReportLine(code, code or _("No code"), words, tuple(cells)))
    return Report(
        "failures",
        _("Failures by cause and age"),
        _("%(total)s, by Wix's code and by when they failed.")
        % {"total": counted(total(lines), "failed service", "failed services")},
        (_("Failure code"), _("All"), *AGES.values()),
        ("failure_code", "all", *(f"age_{step}" for step in AGES)),
        tuple(lines),
        first_column(_("Failures by cause"), lines, "bad"),
        _("Nothing has failed."),
    )


def floating() -> Report:
    """Floating services by how long they have been so."""
    recent = ProductInstance.objects.floating().filter(recently("floating_since"))
    counts = recent.aggregate(**by_age("floating_since"))
    # Most of what floats does so for long: that is not counted one by one.
    whole = Tally.objects.of(Tally.Of.SERVICES).filter(FLOATING).total()
    counts[OLDEST] = whole - sum(counts.values())
    lines = [
        ReportLine(
            step,
            words,
            "",
            (
                ReportCell(
                    counts[step], rows_link("instance_list", floating="1", floating_for=step)
                ),
            ),
        )
        for step, words in AGES.items()
    ]
    return Report(
        "floating",
        _("Floating services by age"),
        _(
            "%(total)s on no site: paid for, and used by nobody. What failed or was canceled "
            "is left out, since it waits for no site."
        )
        % {"total": counted(total(lines), "service is", "services are")},
        (_("Floating for"), _("Services")),
        ("age", "services"),
        tuple(lines),
        first_column(_("Floating services by age"), lines, "look"),
        _("Every service that could be used is on a site."),
    )


def expiring() -> Report:
    """Services that end within 30, 60 and 90 days, by Wix's date."""
    now = timezone.now()
    soon = {days: Q(expires_at__lt=now + timedelta(days=int(days))) for days in WITHIN}
    # Of live ones those float that are on no site: an index alone tells it.
    counts = ProductInstance.objects.expiring(int(WITHIN[-1])).aggregate(
        **{f"all_{days}": Count("expires_at", filter=q) for days, q in soon.items()},
        **{f"floating_{days}": Count("expires_at", filter=q & NO_SITE) for days, q in soon.items()},
    )
    lines = []
    for days in WITHIN:
        query = {"expiring": days}
        cells = (
            ReportCell(counts[f"all_{days}"], rows_link("instance_list", **query)),
            ReportCell(
                counts[f"floating_{days}"], rows_link("instance_list", **query, floating="1")
            ),
        )
        lines.append(ReportLine(days, _("Within %(days)s days") % {"days": days}, "", cells))
    return Report(
        "expiring",
        _("Services that expire"),
        _("%(value)s within 90 days by Wix's date; each line holds the one above it too.")
        % {"value": counted(lines[-1].cells[0].value, "service ends", "services end")},
        (_("Expires"), _("Services"), _("of them floating")),
        ("within_days", "services", "floating"),
        tuple(lines),
        first_column(_("Services that expire"), lines, "look"),
        _("No service ends within 90 days."),
    )
