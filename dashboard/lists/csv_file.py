"""CSV: rows from the same queryset as the page, safe in a spreadsheet, in constant memory."""

import csv
import hashlib
import io
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Case, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.models import DELIMITERS, LINE_BREAKS
from resellers import audit
from resellers.formulas import defuse
from resellers.texts import Text

logger = logging.getLogger(__name__)

BOM = "\ufeff"
PROFILES = {
    "excel": gettext_lazy("for spreadsheets"),
    "machine": gettext_lazy("for machines"),
}
# What an address may say of how its file is written; the first of each is the standard.
DIALECT: dict[str, Mapping[str, Text]] = {
    "profile": PROFILES,
    "delimiter": DELIMITERS,
    "breaks": LINE_BREAKS,
}
# All rows that Excel and LibreOffice can show; what is beyond, they leave out.
SPREADSHEET_ROWS = 1_048_576
LINES_A_CHUNK = 200
ROWS_A_FETCH = 2000


@dataclass(frozen=True, slots=True)
class Field:
    """A CSV column: its header, where its value stands, and how it is told if not as it stands."""

    header: str
    path: str | Case | Coalesce | Subquery
    using: Callable[[Any], Any] | None = None
    is_id: bool = False  # goes with every choice of columns, as all `*_id` do


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written."""

    profile: str
    delimiter: str
    breaks: str


def default_choice(name: str) -> str:
    """What stands for that part of a dialect where nothing is said."""
    return next(iter(DIALECT[name]))


def dialect_of(query: QueryDict) -> Dialect:
    """What the address says of it, in which `dialect_errors` finds nothing; else the standard."""
    return Dialect(**{name: query.get(name) or default_choice(name) for name in DIALECT})


def dialect_errors(query: QueryDict) -> dict[str, str]:
    """What the address says of the file that makes no sense, in words."""
    return {
        name: _("Choose one of: %(choices)s.") % {"choices": ", ".join(choices)}
        for name, choices in DIALECT.items()
        if query.get(name) and query[name] not in choices
    }


def invalid_answer(wrong: Mapping[str, str]) -> HttpResponse:
    """What is wrong with an address, in plain words and instead of a file."""
    words = "".join(f"{name}: {error}\n" for name, error in wrong.items())
    return HttpResponse(words, status=422, content_type="text/plain; charset=utf-8")


def first_of(rows: QuerySet, by: str, path: str) -> Case:
    """What the first of these rows tells of the record that it names in `by`.

    Few records are named: which ones is read once for a whole file, and rows are looked for of
    these alone.
    """
    named = rows.order_by().filter(**{f"{by}__isnull": False}).values(by)
    first = rows.filter(**{by: OuterRef("pk")}).values(path)[:1]
    return Case(When(pk__in=named, then=Subquery(first)))


def local_fields(fields: Iterable[Field]) -> list[Field]:
    """For each column `…_utc` one `…_local`: the same moment as the site's clocks show it."""
    return [
        Field(field.header.removesuffix("_utc") + "_local", field.path, local)
        for field in fields
        if field.header.endswith("_utc")
    ]


def local(moment: datetime | None) -> str:
    """The moment as the site's clocks show it."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def cell_value(value: Any) -> str | int | float:
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


def single_line(value: Any) -> str | int | float:
    """The same, each line break within it a space."""
    cell = cell_value(value)
    return " ".join(cell.splitlines()) if isinstance(cell, str) else cell


class RowCountChanged(RuntimeError):
    """There are not as many rows as were announced: the download breaks rather than lies."""


def lines(
    headers: Sequence[str], rows: Iterable[Sequence[Any]], *, count: int | None, dialect: Dialect
) -> Iterator[bytes]:
    """CSV in chunks of UTF-8; the header is the first one, before any row was asked for.

    Raises RowCountChanged if not exactly `count` rows come, where that is known.
    """

    def chunks() -> Generator[tuple[bytes, int]]:
        yield head(headers, dialect), 0
        yield from written(rows, dialect)

    return counted(chunks(), count)


def counted(chunks: Generator[tuple[bytes, int]], count: int | None) -> Iterator[bytes]:
    """The chunks, which come each with how many rows it has.

    Raises RowCountChanged if not exactly `count` rows come, where that is known.
    """
    so_far = 0
    # Closed at once where the file breaks: the database may be in the midst of it.
    with closing(chunks):
        for chunk, rows in chunks:
            so_far += rows
            if count is not None and so_far > count:
                raise RowCountChanged(f"more than {count} rows: they changed during the export")
            yield chunk
    if count is not None and so_far < count:
        raise RowCountChanged(f"{so_far} rows instead of {count}: they changed during the export")


def head(headers: Sequence[str], dialect: Dialect) -> bytes:
    """What a file begins with."""
    buffer = io.StringIO()
    buffer.write("" if dialect.profile == "machine" else BOM)
    _writer(buffer, dialect).writerow(headers)
    return buffer.getvalue().encode()


def _writer(buffer: io.StringIO, dialect: Dialect) -> Any:
    return csv.writer(buffer, delimiter=DELIMITERS[dialect.delimiter], lineterminator="\r\n")


def written(rows: Iterable[Sequence[Any]], dialect: Dialect) -> Generator[tuple[bytes, int]]:
    """These rows as CSV in chunks, each with how many rows it is; without the headers."""
    buffer = io.StringIO()
    writer = _writer(buffer, dialect)
    write = cell_value if dialect.breaks == "kept" else single_line
    held = 0
    for row in rows:
        writer.writerow([write(value) for value in row])
        held += 1
        if held == LINES_A_CHUNK:
            yield buffer.getvalue().encode(), held
            buffer.seek(0)
            buffer.truncate()
            held = 0
    yield buffer.getvalue().encode(), held


def values(queryset: QuerySet, fields: Sequence[Field]) -> Iterator[list[Any]]:
    """Each row's values in the order of the fields, without ever holding all rows."""
    paths = list(dict.fromkeys(field.path for field in fields))
    places = [(paths.index(field.path), field.using) for field in fields]
    rows = queryset.select_related(None).prefetch_related(None).values_list(*paths)
    for row in rows.iterator(chunk_size=ROWS_A_FETCH):
        yield [using(row[place]) if using else row[place] for place, using in places]


class Rows(ABC):
    """Rows that write themselves, headers and all."""

    @abstractmethod
    def lines(
        self, headers: Sequence[str], *, count: int | None, dialect: Dialect
    ) -> Iterator[bytes]:
        """The file in chunks. Raises RowCountChanged if not exactly `count` rows come."""


def file_name(grain: str, view: str, count: int | None, at: datetime) -> str:
    """What a file of so many rows is called that has them as they were then."""
    stamp = at.astimezone(UTC).strftime("%Y%m%dT%H%MZ")
    number = "" if count is None else f"_{count}rows"
    return f"{grain}_{view}_{stamp}{number}.csv"


def csv_answer(
    request: HttpRequest,
    *,
    grain: str,
    view: str,
    headers: Sequence[str],
    rows: "Iterable[Sequence[Any]] | Rows",
    count: int | None,
    query: str = "",
) -> HttpResponseBase:
    """The file as a download, its number of rows in name and header where it is known; audited.

    `query` is what the trail says was asked for, where that is not the address.

    That it was asked for is recorded before its first byte, and what was written, with its hash,
    after its last: a download that broke has the first alone. HEAD only asks about the file: it
    gets none, and nothing was taken. Raises PermissionDenied without the right; 422 in plain words
    where the address says nonsense of how the file is to be written.
    """
    if request.user.is_anonymous or not request.user.has_perm("resellers.export"):
        raise PermissionDenied(_("Taking lists away needs the right to export."))
    if wrong := dialect_errors(request.GET):
        return invalid_answer(wrong)
    dialect = dialect_of(request.GET)
    name = file_name(grain, view, count, timezone.now())
    chunks: Iterable[bytes] = ()
    if request.method != "HEAD":
        _record(
            request,
            "export.taken",
            grain=grain,
            view=view,
            query=query or request.GET.urlencode(),
            columns=list(headers),
            rows=count,
            file=name,
        )
        if isinstance(rows, Rows):
            file = rows.lines(headers, count=count, dialect=dialect)
        else:
            file = lines(headers, rows, count=count, dialect=dialect)
        chunks = _hashed(request, name, count, file)
    answer = StreamingHttpResponse(chunks, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["X-Content-Type-Options"] = "nosniff"
    if count is not None:
        answer["X-Row-Count"] = str(count)
    return answer


def _hashed(
    request: HttpRequest, name: str, count: int | None, chunks: Iterable[bytes]
) -> Iterator[bytes]:
    """The same chunks; behind the last one, what was written is in the audit trail."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
    _record(request, "export.written", file=name, rows=count, sha256=digest.hexdigest())


def _record(request: HttpRequest, event: str, **body: Any) -> None:
    person = request.user if request.user.is_authenticated else None
    audit.record(event, by=person, body=body)
