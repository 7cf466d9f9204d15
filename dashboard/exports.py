"""CSV: rows from the same queryset as the page, safe in a spreadsheet, in constant memory."""

import csv
import io
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Subquery
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header

from resellers import audit
from resellers.mirror.imports.formulas import defuse

logger = logging.getLogger(__name__)

BOM = "\ufeff"
PROFILES = ("excel", "machine")
LINES_A_CHUNK = 200
ROWS_A_FETCH = 2000


@dataclass(frozen=True, slots=True)
class Field:
    """A CSV column: its header, where its value stands, and how it is told if not as it stands."""

    header: str
    path: str | Subquery
    using: Callable[[Any], Any] | None = None
    is_id: bool = False  # goes with every choice of columns, as all `*_id` do


def profile_of(request: HttpRequest) -> str:
    """`excel`, unless the address asks for `machine`."""
    return request.GET.get("profile") or "excel"


def local_fields(fields: Iterable[Field]) -> list[Field]:
    """For each column `…_utc` one `…_local`: the same moment as the site's clocks show it."""
    return [
        Field(field.header.removesuffix("_utc") + "_local", field.path, _local)
        for field in fields
        if field.header.endswith("_utc")
    ]


def _local(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


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


class OtherRows(RuntimeError):
    """There are not as many rows as were announced: the download breaks rather than lies."""


def lines(
    headers: Sequence[str], rows: Iterable[Sequence[Any]], *, count: int, bom: bool
) -> Iterator[bytes]:
    """CSV in chunks of UTF-8, the header first. Raises OtherRows if not exactly `count` come."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BOM if bom else "")
    writer.writerow(headers)
    told = 0
    for row in rows:
        if told == count:
            raise OtherRows(f"more than {count} rows: they changed during the export")
        writer.writerow([written(value) for value in row])
        told += 1
        if told % LINES_A_CHUNK == 0:
            yield buffer.getvalue().encode("utf-8", "replace")
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode("utf-8", "replace")
    if told < count:
        raise OtherRows(f"{told} rows instead of {count}: they changed during the export")


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

    HEAD only asks about the file: it gets none, and nothing was taken. `?profile=machine` leaves
    the byte order mark out. Raises PermissionDenied without the right.
    """
    if request.user.is_anonymous or not request.user.has_perm("resellers.export"):
        raise PermissionDenied("Taking lists away needs the right to export.")
    stamp = timezone.now().astimezone(UTC).strftime("%Y%m%dT%H%MZ")
    name = f"{grain}_{view}_{stamp}_{count}rows.csv"
    is_taken = request.method != "HEAD"
    if is_taken:
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
        lines(headers, rows, count=count, bom=profile_of(request) != "machine") if is_taken else (),
        content_type="text/csv; charset=utf-8",
    )
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Row-Count"] = str(count)
    return answer
