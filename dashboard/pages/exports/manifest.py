"""What a file holds and how it came about: for people, and for machines."""

from datetime import UTC, datetime
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from dashboard.components import ages, values
from dashboard.components.ids import full_id
from dashboard.lists.csv_file import PROFILES
from dashboard.models import LINE_BREAKS
from resellers import formats
from resellers.models import ExportFile


def manifest_of(export: ExportFile) -> dict[str, Any]:
    """All of it, times in UTC."""
    return {
        "file": export.name,
        "sha256": export.sha256,
        "bytes": export.bytes_written,
        "rows": export.rows_written,
        "columns": export.columns,
        "list": export.title,
        "filters": dict(export.filters),
        "query": export.parameters,
        "dialect": export.dialect,
        "time_zone_of_local_columns": export.zone,
        "made_at": _utc(export.fixed_at),
        "mirror_read_between": [_utc(export.checked_from), _utc(export.checked_until)],
        "customer_groups": export.groups,
    }


def _utc(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None


def rows_of(export: ExportFile) -> list[tuple[str, Any]]:
    """The same as people read it, so far as it is known: each with what it is of."""
    profile, delimiter, breaks = (
        export.dialect.get(name, "") for name in ("profile", "delimiter", "breaks")
    )
    filters = "; ".join(f"{label}: {words}" for label, words in export.filters)
    dialect = _("%(profile)s, cells separated by %(delimiter)s, line breaks within them %(breaks)s")
    words = {
        "profile": PROFILES.get(profile, profile),
        "delimiter": delimiter,
        "breaks": LINE_BREAKS.get(breaks, breaks),
    }
    columns = format_html("<details><summary>{}</summary>{}</details>", *_columns(export))
    rows = [
        (_("Filters"), filters or _("none: all rows")),
        (_("Columns"), columns),
        (_("Written"), dialect % words),
    ]
    if export.groups is not None:
        rows.append((_("Customers of"), ", ".join(export.groups) or _("no group")))
    if export.fixed_at:
        rows.append((_("As of"), ages.moment(export.fixed_at)))
    if export.checked_from and export.checked_until:
        between = format_html(
            _("between {} and {}"),
            ages.moment(export.checked_from),
            ages.moment(export.checked_until),
        )
        rows.append((_("Read from Wix"), between))
    if export.sha256:
        rows.append(
            (_("Size"), _("%(bytes)s bytes") % {"bytes": formats.number(export.bytes_written)})
        )
        rows.append((_("SHA-256"), full_id(export.sha256)))
    return rows


def _columns(export: ExportFile) -> tuple[str, str]:
    return values.counted(len(export.columns), "column", "columns"), ", ".join(export.columns)
