"""What was asked for: operations by kind, by person and by outcome."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.components.charts import bars
from dashboard.components.values import counted
from dashboard.lists.spans import AGES
from resellers.models import Operation, OperationState
from resellers.operations.titles import kind_label
from resellers.refusals import explain_state

from .report import Report, ReportCell, ReportLine, bar_of, by_age, first_column, rows_link, total

NOTHING = gettext_lazy("Nothing has been asked for yet.")


def by_kind() -> Report:
    """Operations by kind and by how they stand or ended."""
    return _by(
        "operations",
        _("Operations by kind"),
        (_("Kind"), "kind"),
        "kind",
        "kind",
        kind_label,
    )


def by_person() -> Report:
    """Operations by who asked for them and by how they stand or ended."""
    return _by(
        "people",
        _("Operations by person"),
        (_("Asked by"), "requested_by"),
        "requested_by__username",
        "by",
        lambda name: name,
    )


def by_outcome() -> Report:
    """Operations by how they stand or ended, and by when they were asked for."""
    rows: Any = Operation.objects.order_by().values("state")
    counts = {row["state"]: row for row in rows.annotate(n=Count("pk"), **by_age("requested_at"))}
    lines = []
    for state in (state for state in OperationState.values if state in counts):
        found, words = counts[state], explain_state(state)
        cells = [ReportCell(found["n"], rows_link("operation_list", state=state))]
        cells += [
            ReportCell(found[step], rows_link("operation_list", state=state, age=step))
            for step in AGES
        ]
        lines.append(ReportLine(state, words.word, words.meaning, tuple(cells)))
    chart = [bar_of(line, explain_state(line.raw).tone) for line in lines]
    return Report(
        "outcomes",
        _("Operations by outcome"),
        _("%(total)s asked for so far, by when.")
        % {"total": counted(total(lines), "operation", "operations")},
        (_("State"), _("All"), *AGES.values()),
        ("state", "all", *(f"age_{step}" for step in AGES)),
        tuple(lines),
        bars(_("Operations by outcome"), chart),
        NOTHING,
    )


def _by(
    name: str,
    title: str,
    head: tuple[str, str],
    field: str,
    parameter: str,
    label: Callable[[str], str],
) -> Report:
    """Operations by that field, each state in a column of its own."""
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for row in Operation.objects.order_by().values(field, "state").annotate(n=Count("pk")):
        counts[row[field]][row["state"]] = row["n"]
    states = [
        state for state in OperationState.values if any(state in found for found in counts.values())
    ]
    lines = []
    for value, found in sorted(counts.items(), key=lambda item: (-sum(item[1].values()), item[0])):
        query = {parameter: value}
        cells = [ReportCell(sum(found.values()), rows_link("operation_list", **query))]
        cells += [
            ReportCell(found.get(state, 0), rows_link("operation_list", **query, state=state))
            for state in states
        ]
        lines.append(ReportLine(value, label(value), "", tuple(cells)))
    return Report(
        name,
        title,
        _("%(total)s asked for so far.")
        % {"total": counted(total(lines), "operation", "operations")},
        (head[0], _("All"), *(explain_state(state).word for state in states)),
        (head[1], "all", *states),
        tuple(lines),
        first_column(title, lines),
        NOTHING,
    )
