"""CSV: rows from the same queryset as the page, safe in a spreadsheet, in constant memory."""

import csv
import io
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from resellers import audit

logger = logging.getLogger(__name__)

BOM = "\ufeff"
# The last four are full-width = + - @, which a spreadsheet reads as the plain ones.
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# A spreadsheet skips these before it decides whether a cell is a formula.
SKIPPED = " \u00a0\ufeff\u200b\u200c\u200d\u2060\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
PROFILES = ("excel", "machine")
LINES_A_CHUNK = 200
ROWS_A_FETCH = 2000


@dataclass(frozen=True, slots=True)
class Field:
    """A CSV column: its header, where its value stands, and how it is told if not as it stands."""

    header: str
    path: str
    using: Callable[[Any], Any] | None = None


def defuse(text: str) -> str:
    """The text without NUL, with an apostrophe before what a spreadsheet would calculate."""
    text = text.replace("\0", "")
    risky = text.startswith(TRIGGERS) or text.lstrip(SKIPPED).startswith(TRIGGERS)
    return f"'{text}" if risky else text


def written(value: Any) -> str | int | float:
    """The value as a cell has it: times in UTC, true and false, numbers bare, text defused."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return value
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        case list() | tuple():
            return defuse("|".join(str(item) for item in value))
    return defuse(str(value))


class FewerRows(RuntimeError):
    """The rows ran out before the announced number: the download breaks rather than lies."""


def lines(
    headers: Sequence[str], rows: Iterable[Sequence[Any]], *, count: int, bom: bool
) -> Iterator[bytes]:
    """CSV in chunks of UTF-8, the header first. Raises FewerRows if less than `count` come."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BOM if bom else "")
    writer.writerow(headers)
    told = 0
    for row in rows:
        writer.writerow([written(value) for value in row])
        told += 1
        if told % LINES_A_CHUNK == 0:
            yield buffer.getvalue().encode("utf-8", "replace")
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode("utf-8", "replace")
    if told < count:
        raise FewerRows(f"{told} rows instead of {count}: they changed during the export")


def values(queryset: QuerySet, fields: Sequence[Field]) -> Iterator[list[Any]]:
    """Each row's values in the order of the fields, without ever holding all rows."""
    paths = list(dict.fromkeys(field.path for field in fields))
    places = [(paths.index(field.path), field.using) for field in fields]
    rows = queryset.select_related(None).prefetch_related(None).values_list(*paths)
    for row in rows.iterator(chunk_size=ROWS_A_FETCH):
        yield [using(row[place]) if using else row[place] for place, using in places]


def csv_answer(
    request: HttpRequest,
    *,
    grain: str,
    view: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[Any]],
    count: int,
) -> StreamingHttpResponse:
    """The file as a download, its number of rows in name and header; audited.

    `?profile=machine` leaves the byte order mark out. Raises PermissionDenied without the right.
    """
    if request.user.is_anonymous or not request.user.has_perm("resellers.export"):
        raise PermissionDenied("Taking lists away needs the right to export.")
    stamp = timezone.now().astimezone(UTC).strftime("%Y%m%dT%H%MZ")
    name = f"{grain}_{view}_{stamp}_{count}rows.csv"
    audit.record(
        "export.taken",
        by=request.user,
        address=request.META.get("REMOTE_ADDR"),
        body={
            "grain": grain,
            "view": view,
            "query": request.GET.urlencode(),
            "columns": list(headers),
            "rows": count,
            "file": name,
        },
    )
    answer = StreamingHttpResponse(
        lines(headers, rows, count=count, bom=request.GET.get("profile") != "machine"),
        content_type="text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Row-Count"] = str(count)
    return answer
