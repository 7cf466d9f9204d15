"""What the database writes of a list is, byte for byte, what is else written cell by cell: of every
list and dialect, whatever its texts hold and whenever its moments are."""

import itertools
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import DatabaseError, models, transaction
from django.http import QueryDict
from django.urls import get_resolver
from django.utils import timezone

from dashboard.lists import csv_copy, csv_file, csv_sqlite
from dashboard.lists.csv_file import DIALECT, Dialect
from dashboard.lists.csv_rows import QueryRows
from dashboard.lists.declaration import List
from dashboard.lists.keyset import sort
from dashboard.lists.query import ListQuery
from dashboard.pages.accounts.list import ACCOUNTS
from dashboard.pages.instances.list import INSTANCES
from dashboard.pages.packages.list import PACKAGES
from dashboard.pages.sites.list import SITES
from resellers.formulas import BEGINNERS, SKIPPED, TRIGGERS
from resellers.models import BulkRun
from tests import randomness, worlds
from tests.one_of_everything import one_of_everything

pytestmark = pytest.mark.django_db

LISTS = (ACCOUNTS, PACKAGES, INSTANCES, SITES)
# They have a column that Python alone can tell, so that no file of them is the database's.
LEFT_TO_PYTHON = {"domains", "catalog", "operations", "audit"}
ISOLATES = "\u2066\u2067\u2068\u2069"
LETTERS = [*BEGINNERS, *SKIPPED, *ISOLATES, *TRIGGERS, *"'\\ä1a\U0001f600\x01.\x7f\u0301"]
# With whole and with odd hours, of summer times that go back half an hour or on in winter, and one
# that has left a day out.
ZONES = [
    *("Australia/Lord_Howe", "Europe/Berlin", "UTC", "America/St_Johns", "Asia/Kathmandu"),
    *("Africa/Casablanca", "Pacific/Apia", "Europe/Dublin"),
]
if randomness.FULL:
    ZONES += randomness.chances("zones").sample(sorted(available_timezones()), 12)
DIALECTS = [Dialect(*names) for names in itertools.product(*DIALECT.values())]
OF_DIALECTS = len(DIALECTS) if randomness.FULL else 4  # of each list in each zone
WEEK = timedelta(days=7)


@pytest.fixture(scope="module")
def lists() -> list[List]:
    """Loaded before any transaction begins, since all pages are loaded for it."""
    return every_list()


@pytest.mark.parametrize("zone", ZONES)
def test_the_database_writes_the_same_bytes(lists, zone, admin):
    chance = randomness.chances(zone)
    invent = Inventor(chance, ZoneInfo(zone))
    one_of_everything(admin.user)
    ended = dict.fromkeys(("confirmed_at", "finished_at"), timezone.now())
    BulkRun.objects.create(kind="assign", by=admin.user, state="done", reason="=1", **ended)
    invent.services()
    invent.all_that_files_tell(lists)

    left = set()
    with timezone.override(ZoneInfo(zone)):
        for list_, dialect in (
            (one, dialect) for one in lists for dialect in chance.sample(DIALECTS, OF_DIALECTS)
        ):
            fields = list(list_.fields)
            if dialect.profile == "excel":
                fields += csv_file.local_fields(fields)
            query = ListQuery(list_, QueryDict(""), person=admin.user)
            rows = sort(list_.for_list(query.rows()), query.order)
            headers = [field.header for field in fields]
            if not any(way.can_write(rows, fields) for way in (csv_copy, csv_sqlite)):
                left.add(list_.noun)
                continue

            copied = b"".join(QueryRows(rows, fields).lines(headers, count=None, dialect=dialect))

            cells = csv_file.values(rows, fields)
            written = b"".join(csv_file.lines(headers, cells, count=None, dialect=dialect))
            assert _first_other(copied, written) is None, (list_.noun, dialect)
            assert written.count(b"\r\n") > 1, list_.noun
    assert left == LEFT_TO_PYTHON


@pytest.mark.parametrize("list_", LISTS, ids=lambda one: one.noun)
def test_a_file_of_what_words_do_not_find_has_its_head_alone(viewer, list_):
    worlds.instance()

    answer = viewer.get(f"/{list_.noun}/export.csv?q=nowhere-at-all&profile=machine")

    head = ",".join(field.header for field in list_.fields)
    assert b"".join(answer.streaming_content).decode().split("\r\n") == [head, ""]


def every_list() -> list[List]:
    """Each list of the site, once."""
    found = {
        one.default_args["list_"].noun: one.default_args["list_"]
        for one in _patterns(get_resolver())
        if (one.name or "").endswith("_export") and "list_" in one.default_args
    }
    assert len(found) > 10
    return list(found.values())


def _patterns(resolver: Any) -> Iterator[Any]:
    for one in resolver.url_patterns:
        yield from _patterns(one) if hasattr(one, "url_patterns") else [one]


def _first_other(one: bytes, other: bytes) -> tuple[bytes, bytes] | None:
    """Where they begin to differ: of all of it, no comparison could be read."""
    if one == other:
        return None
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return one[max(0, at - 30) : at + 30], other[max(0, at - 30) : at + 30]


class Inventor:
    """Texts that files have trouble with, and moments on both sides of each change of clocks."""

    def __init__(self, chance: random.Random, zone: ZoneInfo) -> None:
        self._chance = chance
        self._changes = list(_changes(zone)) or [datetime(1970, 1, 1, tzinfo=UTC)]

    def text(self) -> str:
        letters = (self._chance.choice(LETTERS) for _ in range(self._chance.randrange(9)))
        return "".join(letters)

    def moment(self) -> datetime:
        chance = self._chance
        seconds = chance.choice((-3601, -1800, -1, 0, 1, 1800, 3600))
        near = chance.choice(self._changes) + timedelta(seconds=seconds, microseconds=999_999)
        old = datetime(1000 + chance.randrange(1000), 1, 2, 3, 4, 5, 999_999, tzinfo=UTC)
        return chance.choice((near, near, near, old))

    def services(self) -> None:
        """Some, and what belongs to them."""
        for number in range(12):
            names = {name: self.text() for name in ("group", "reference", "email")}
            account = worlds.account(self.text(), **names)
            urls = {"display_name": self.text(), "url": self.text()}
            site = worlds.site(account, f"site-{number}", **urls)
            package = worlds.package(account, external_id=self.text(), created_at=self.moment())
            worlds.instance(
                package,
                site=self._chance.choice((site, None)),
                failure_message=self.text(),
                discount_code=self.text(),
                expires_at=self._chance.choice((self.moment(), None)),
                created_at=self.moment(),
            )

    def all_that_files_tell(self, lists: Sequence[List]) -> None:
        """Have it in every column that a file tells, so far as the database takes it there."""
        told = [_column(list_, one.path) for list_ in lists for one in list_.fields]
        for field in dict.fromkeys(told):
            types = models.CharField | models.TextField | models.DateTimeField
            if not isinstance(field, types) or field.name == "status":
                continue  # without a status that is known, some lists have no rows
            is_moment = isinstance(field, models.DateTimeField)
            records = field.model._default_manager.filter(**{f"{field.name}__isnull": False})
            for row in list(records.order_by("pk").values_list("pk", flat=True)):
                value = self.moment() if is_moment else self.text()[: field.max_length]
                try:
                    with transaction.atomic():
                        records.filter(pk=row).update(**{field.name: value})
                except DatabaseError:
                    continue  # it takes words of its own alone, or is kept as it was written


def _column(list_: List, path: Any) -> Any:
    """The column of a table that this path leads to; None where it is told otherwise."""
    model: Any = list_.rows().model
    field = None
    for name in path.split("__") if isinstance(path, str) else ():
        try:
            field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
        model = field.related_model or model
    return field if field is not None and field.concrete and not field.is_relation else None


def _changes(zone: ZoneInfo) -> Iterator[datetime]:
    """Each second at which this zone's clocks were, or will be, put on or back."""
    at, end = datetime(1880, 1, 1, tzinfo=UTC), datetime(2037, 12, 31, tzinfo=UTC)
    while at < end:
        after = at + WEEK
        if _offset(at, zone) != _offset(after, zone):
            first, last = at, after
            while last - first > timedelta(seconds=1):
                middle = first + timedelta(seconds=(last - first) // timedelta(seconds=2))
                is_before = _offset(middle, zone) == _offset(at, zone)
                first, last = (middle, last) if is_before else (first, middle)
            yield last
        at = after


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return moment.astimezone(zone).utcoffset()
