"""What the database writes of a list is, byte for byte, what is else written cell by cell."""

import itertools
import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.utils import timezone

from dashboard.lists import csv_copy, csv_file, csv_sqlite
from dashboard.lists.csv_file import DIALECT, Dialect
from dashboard.lists.csv_rows import QueryRows
from dashboard.lists.keyset import sort
from dashboard.lists.query import ListQuery
from dashboard.pages.accounts.list import ACCOUNTS
from dashboard.pages.instances.list import INSTANCES
from dashboard.pages.packages.list import PACKAGES
from dashboard.pages.sites.list import SITES
from resellers.mirror.imports.formulas import BEGINNERS, SKIPPED, TRIGGERS
from tests import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.every_value]

LISTS = (ACCOUNTS, PACKAGES, INSTANCES, SITES)
LETTERS = [*BEGINNERS, *SKIPPED, *TRIGGERS, "'", "\\", "ä", "1", "a", "\U0001f600", "\x01", "."]
# On both sides of each change of clocks, in zones with whole and with odd hours, and long ago.
ZONES = ("Europe/Berlin", "UTC", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu")
CHANGES = ("2026-03-29 01:00", "2026-10-25 01:00", "2026-11-01 04:31", "2027-04-03 15:00")


@pytest.mark.parametrize("zone", ZONES)
def test_the_database_writes_the_same_bytes(zone):
    chance = random.Random(zone)
    _invent(chance)

    with timezone.override(ZoneInfo(zone)):
        for list_, names in itertools.product(LISTS, itertools.product(*DIALECT.values())):
            dialect = Dialect(*names)
            fields = list(list_.fields)
            if dialect.profile == "excel":
                fields += csv_file.local_fields(fields)
            query = ListQuery(list_, QueryDict(""))
            rows = sort(list_.for_list(query.rows()), query.order)
            headers = [field.header for field in fields]
            ways = (csv_copy, csv_sqlite)
            assert any(way.can_write(rows, fields) for way in ways), list_.noun

            copied = b"".join(QueryRows(rows, fields).lines(headers, count=None, dialect=dialect))

            cells = csv_file.values(rows, fields)
            written = b"".join(csv_file.lines(headers, cells, count=None, dialect=dialect))
            assert _first_other(copied, written) is None, (list_.noun, dialect)


@pytest.mark.parametrize("list_", LISTS, ids=lambda one: one.noun)
def test_a_file_of_what_words_do_not_find_has_its_head_alone(viewer, list_):
    worlds.instance()

    answer = viewer.get(f"/{list_.noun}/export.csv?q=nowhere-at-all&profile=machine")

    head = ",".join(field.header for field in list_.fields)
    assert b"".join(answer.streaming_content).decode().split("\r\n") == [head, ""]


def _first_other(one: bytes, other: bytes) -> tuple[bytes, bytes] | None:
    """Where they begin to differ: of all of it, no comparison could be read."""
    if one == other:
        return None
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    return one[max(0, at - 30) : at + 30], other[max(0, at - 30) : at + 30]


def _invent(chance: random.Random) -> None:
    def text() -> str:
        return "".join(chance.choice(LETTERS) for _ in range(chance.randrange(9)))

    def moment() -> datetime:
        change = datetime.fromisoformat(chance.choice(CHANGES)).replace(tzinfo=UTC)
        old = datetime(1000 + chance.randrange(1000), 1, 2, 3, 4, 5, 999_999, tzinfo=UTC)
        near = change + timedelta(seconds=chance.choice((-1, 0, 1, 1800)), microseconds=999_999)
        return chance.choice((near, near, old))

    for number in range(12):
        account = worlds.account(text(), group=text(), reference=text(), email=text())
        site = worlds.site(account, f"site-{number}", display_name=text(), url=text())
        package = worlds.package(account, external_id=text(), created_at=moment())
        worlds.instance(
            package,
            site=chance.choice((site, None)),
            failure_message=text(),
            discount_code=text(),
            expires_at=chance.choice((moment(), None)),
            created_at=moment(),
        )
