"""Reports: figures counted now, each leading to the rows it counts, each to be taken away."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from dashboard.charts import Bar, bars
from dashboard.exports import csv_answer
from dashboard.filters import AGES, Word, aged
from resellers.models import (
    Account,
    InstanceStatus,
    Operation,
    OperationKind,
    OperationState,
    ProductInstance,
)
from resellers.refusals import explain_failure, explain_state, explain_status


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and the list of what it counts."""

    value: int
    link: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a report: what it is about, in raw and in plain words, and its figures."""

    raw: str
    label: str
    meaning: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A table of figures with a chart of its first column."""

    name: str
    title: str
    sentence: str
    head: tuple[str, ...]  # over the label and over each figure
    headers: tuple[str, ...]  # the same in the file
    lines: tuple[Line, ...]
    chart: SafeString
    nothing: str

    @property
    def rows(self) -> list[list[Any]]:
        return [[line.raw, *(cell.value for cell in line.cells)] for line in self.lines]

    @property
    def is_empty(self) -> bool:
        return not any(cell.value for line in self.lines for cell in line.cells)


def _link(path: str, **query: str) -> str:
    return f"{path}?{urlencode(query)}"


def instances_by_status() -> Report:
    """Services at Wix by status, and how many of each float."""
    rows = ProductInstance.objects.filter(gone_at=None).order_by().values("status")
    counts = {str(status): (0, 0) for status in InstanceStatus.values}
    for row in rows.annotate(n=Count("pk"), floating=Count("pk", filter=Q(site=None))):
        counts[row["status"]] = (row["n"], row["floating"])
    lines = tuple(
        Line(
            status,
            explain_status(status).word,
            explain_status(status).meaning,
            (
                Cell(number, _link("/instances/", status=status)),
                Cell(floating, _link("/instances/", status=status, floating="1")),
            ),
        )
        for status, (number, floating) in counts.items()
    )
    chart = [Bar(line.label, line.cells[0].value, explain_status(line.raw).tone) for line in lines]
    return Report(
        "instances",
        "Services by status",
        f"{sum(line.cells[0].value for line in lines):,} services at Wix.",
        ("Status", "Services", "of them floating"),
        ("status", "services", "floating"),
        lines,
        bars("Services by status", chart),
        "No services are in the mirror yet.",
    )


def failures_by_code() -> Report:
    """Failed services by Wix's code and by how long ago they changed last."""
    failed = ProductInstance.objects.filter(status=InstanceStatus.FAILED, gone_at=None)
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for step in AGES:
        narrowed = failed.filter(aged("updated_at")(step)).order_by().values("failure_code")
        for row in narrowed.annotate(n=Count("pk")):
            counts[row["failure_code"]][step] = row["n"]
    lines = []
    for code, by_age in sorted(counts.items(), key=lambda item: -sum(item[1].values())):
        query = {"status": "FAILED", "failure_code": code or Word.NONE}
        cells = [Cell(sum(by_age.values()), _link("/instances/", **query))]
        cells += [
            Cell(by_age.get(step, 0), _link("/instances/", **query, age=step)) for step in AGES
        ]
        words = explain_failure(code).words
        lines.append(Line(code, code or "No code", words, tuple(cells)))
    total = sum(line.cells[0].value for line in lines)
    return Report(
        "failures",
        "Failures by cause and age",
        f"{total:,} failed {'service' if total == 1 else 'services'}, by Wix's code and by when"
        " they changed last.",
        ("Failure code", "All", *AGES.values()),
        ("failure_code", "all", *(f"age_{step}" for step in AGES)),
        tuple(lines),
        bars("Failures by cause", [Bar(ln.label, ln.cells[0].value, "bad") for ln in lines]),
        "Nothing has failed.",
    )


def operations_by_outcome() -> Report:
    """Operations by kind and by how they stand or ended."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    rows = Operation.objects.order_by().values("kind", "state").annotate(n=Count("pk"))
    for row in rows:
        counts[row["kind"]][row["state"]] = row["n"]
    states = [
        state for state in OperationState.values if any(state in found for found in counts.values())
    ]
    lines = tuple(
        Line(
            kind,
            OperationKind(kind).label,
            "",
            (
                Cell(sum(found.values()), _link("/operations/", kind=kind)),
                *(
                    Cell(found.get(state, 0), _link("/operations/", kind=kind, state=state))
                    for state in states
                ),
            ),
        )
        for kind, found in sorted(counts.items())
    )
    ends = [
        Bar(
            explain_state(state).word,
            sum(found.get(state, 0) for found in counts.values()),
            explain_state(state).tone,
        )
        for state in states
    ]
    total = sum(line.cells[0].value for line in lines)
    return Report(
        "operations",
        "Operations by kind and outcome",
        f"{total:,} {'operation' if total == 1 else 'operations'} asked for so far.",
        ("Kind", "All", *(explain_state(state).word for state in states)),
        ("kind", "all", *states),
        lines,
        bars("Operations by outcome", ends),
        "Nothing has been asked for yet.",
    )


REPORTS = {
    "instances": instances_by_status,
    "failures": failures_by_code,
    "operations": operations_by_outcome,
}


@require_safe
def report_list(request: HttpRequest) -> HttpResponse:
    """All reports on one page."""
    reports: Sequence[Report] = [make() for make in REPORTS.values()]
    context = {"reports": reports, "now": timezone.now(), "has_data": Account.objects.exists()}
    return render(request, "reports/list.html", context)


@require_safe
def report_export(request: HttpRequest, name: str) -> HttpResponseBase:
    """One report's table as CSV."""
    if name not in REPORTS:
        raise Http404
    report = REPORTS[name]()
    return csv_answer(
        request,
        grain="report",
        view=report.name,
        headers=report.headers,
        rows=report.rows,
        count=len(report.rows),
    )
