"""What wants a person: failures, services on no site, services that end soon."""

from typing import Any

from django.db.models import Count, Q

from dashboard.components.values import counted
from dashboard.lists.filters import AGES, WordFilter, within_days
from resellers.mirror.figures import ENDED
from resellers.models import InstanceStatus, ProductInstance
from resellers.refusals import explain_failure

from .report import Report, ReportCell, ReportLine, by_age, first_column, link, total

WITHIN = ("30", "60", "90")


def failures() -> Report:
    """Failed services by Wix's code and since when they have failed."""
    failed = ProductInstance.objects.filter(status=InstanceStatus.FAILED, gone_at=None)
    rows: Any = failed.order_by().values("failure_code")
    lines = []
    for row in rows.annotate(n=Count("pk"), **by_age("status_since")).order_by(
        "-n", "failure_code"
    ):
        code = row["failure_code"]
        query = {"failure_code": code or WordFilter.NONE}
        cells = [ReportCell(row["n"], link("failure_list", **query))]
        cells += [ReportCell(row[step], link("failure_list", **query, age=step)) for step in AGES]
        words = explain_failure(code).words
        lines.append(ReportLine(code, code or "No code", words, tuple(cells)))
    return Report(
        "failures",
        "Failures by cause and age",
        f"{counted(total(lines), 'failed service', 'failed services')}, by Wix's code and by when"
        " they failed.",
        ("Failure code", "All", *AGES.values()),
        ("failure_code", "all", *(f"age_{step}" for step in AGES)),
        tuple(lines),
        first_column("Failures by cause", lines, "bad"),
        "Nothing has failed.",
    )


def floating() -> Report:
    """Services on no site by how long they have been, those that can still be used apart."""
    loose = ProductInstance.objects.filter(site=None, gone_at=None)
    counts: Any = (
        loose.values(over=Q(status__in=ENDED)).order_by().annotate(**by_age("floating_since"))
    )
    found = {row["over"]: row for row in counts}
    usable, over = (found.get(is_over, dict.fromkeys(AGES, 0)) for is_over in (False, True))
    lines = []
    for step, words in AGES.items():
        query = {"floating": "1", "floating_for": step}
        cells = (
            ReportCell(usable[step], link("instance_list", **query, ended="no")),
            ReportCell(over[step], link("instance_list", **query, ended="yes")),
        )
        lines.append(ReportLine(step, words, "", cells))
    ended = sum(line.cells[1].value for line in lines)
    return Report(
        "floating",
        "Floating services by age",
        f"{counted(total(lines), 'service', 'services')} on no site that could be used, by how long"
        f" they have floated. {ended:,} more have failed or were canceled: nobody waits for them"
        " to be put on a site.",
        ("Floating for", "Could be used", "Failed or canceled"),
        ("age", "usable", "failed_or_canceled"),
        tuple(lines),
        first_column("Floating services that could be used, by age", lines, "look"),
        "Every service is on a site.",
    )


def expiring() -> Report:
    """Services that end within 30, 60 and 90 days, by Wix's date."""
    held = ProductInstance.objects.filter(gone_at=None).exclude(status__in=ENDED)
    soon = {days: within_days("expires_at")(days) for days in WITHIN}
    counts = held.aggregate(
        **{f"all_{days}": Count("pk", filter=q) for days, q in soon.items()},
        **{f"loose_{days}": Count("pk", filter=q & Q(site=None)) for days, q in soon.items()},
    )
    lines = []
    for days in WITHIN:
        cells = (
            ReportCell(counts[f"all_{days}"], link("instance_list", expiring=days)),
            ReportCell(counts[f"loose_{days}"], link("instance_list", expiring=days, floating="1")),
        )
        lines.append(ReportLine(days, f"Within {days} days", "", cells))
    return Report(
        "expiring",
        "Services that expire",
        f"{counted(lines[-1].cells[0].value, 'service ends', 'services end')} within 90 days by"
        " Wix's date; each line holds the one above it too.",
        ("Expires", "Services", "of them floating"),
        ("within_days", "services", "floating"),
        tuple(lines),
        first_column("Services that expire", lines, "look"),
        "No service ends within 90 days.",
    )
