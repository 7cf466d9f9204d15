"""A link to a further page that somebody has bent: words about it, and never a fault of ours.

Whatever stands in `after` and `before`, the databases are asked for no value that they cannot hold.
"""

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from dashboard.lists.declaration import List
from dashboard.lists.keyset import rows_after, sort
from dashboard.lists.query import ListQuery
from dashboard.pages.accounts.list import ACCOUNTS
from dashboard.pages.audit.list import AUDIT
from dashboard.pages.catalog.list import CATALOG
from dashboard.pages.failures.services_list import FAILED_SERVICES
from dashboard.pages.instances.list import INSTANCES
from dashboard.pages.mirror.list import RUNS
from dashboard.pages.operations.list import OPERATIONS
from dashboard.pages.packages.list import PACKAGES
from dashboard.pages.sites.list import SITES
from dashboard.records.timeline import timeline
from tests import worlds
from tests.dashboard.listing import asking

pytestmark = [pytest.mark.at_length, pytest.mark.django_db, pytest.mark.every_value]
LISTS = (ACCOUNTS, AUDIT, CATALOG, FAILED_SERVICES, INSTANCES, RUNS, OPERATIONS, PACKAGES, SITES)
SOURCES = ("changes", "ends", "notes", "readings", "failed", "operations")
DAMAGED = "This link is damaged."
ID = "00000000-0000-4000-8000-000000000000"
# What a key may be told as: some fit some fields, and none may do harm.
HOSTILE: tuple[Any, ...] = (
    *("\0", "a\0b", "\ud800", "a\udfff", "", " ", "%", "'", "\u202e", "x" * 3000),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00"),
    *("2026-01-01", "2026-99-99T00:00:00+00:00", "0000-00-00T00:00:00Z", "infinity"),
    *(
        str(10**20),
        str(-(10**20)),
        "9" * 5000,
        "1e400",
        "nan",
        "٣",
        "-0",
        ID,
        f"{{{ID}}}",
        "f" * 32,
    ),
    *(None, True, 0, 10**20, -1, 1.5, float("inf"), [], ["x"], {}, {"a": 1}),
)
NO_TOKENS = (
    *("x", "WzFd", "\0", "\ud800", "ä", "=" * 9, "A" * 5, "A" * 30_000, "bnVsbA", "MQ", "e30"),
    *("2026-01-01T00:00:00+00:00~0~1", "2026-01-01T00:00:00+00:00~4~7"),
)


def token(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def deep(depth: int = 100_000) -> str:
    text = "[" * depth + "]" * depth
    return base64.urlsafe_b64encode(text.encode()).decode()


def sources(list_: List) -> list[str]:
    """What marks of this list may be of: it in each order, both ways."""
    return [f"{list_.noun} {sign}{key}" for key in list_.sorts for sign in ("", "-")]


@pytest.mark.parametrize("list_", LISTS, ids=lambda list_: list_.noun)
def test_a_bent_mark_of_a_list_is_damaged_or_means_a_place(list_):
    worlds.instance()
    for source in sources(list_):
        for hostile in HOSTILE:
            for value, pk in ((hostile, ID), (None, hostile), ("a", hostile), (hostile, "7")):
                after = token(source, 1, 50, value, pk)
                query = {"sort": source.partition(" ")[2], "after": after}
                found = ListQuery(list_, QueryDict(urlencode(query)))

                if found.mark is None:
                    assert found.errors == {"after": f"{DAMAGED} Start from the first page."}
                else:
                    assert not found.errors
                    for order in (found.order, found.order.reversed()):
                        list(rows_after(sort(found.rows(), order), order, found.mark)[:1])


@pytest.mark.parametrize("source", SOURCES)
def test_a_bent_mark_of_a_timeline_is_damaged_or_means_a_place(source):
    service = worlds.instance()
    moment = "2026-01-01T00:00:00+00:00"
    for hostile in HOSTILE:
        for value, pk in ((hostile, "7"), (hostile, ID), (moment, hostile)):
            found = timeline(service, {"before": token(source, 1, 0, value, pk)}, "")

            assert found.error in ("", f"{DAMAGED} Start from the newest.")


@pytest.mark.parametrize("value", ["\0", "\ud800", "0001-01-01T00:00:00+14:00", str(10**20), 7])
def test_a_page_says_that_its_mark_is_bent(admin, value):
    service = worlds.instance()
    for path in ("/instances/", "/accounts/", "/audit/"):
        key = {"/accounts/": "name", "/audit/": "-seq"}.get(path, "-created")
        mark = token(f"{path.strip('/')} {key}", 1, 50, value, str(value))
        answer = admin.get(asking(path, sort=key, after=mark))
        assert answer.status_code == 422
        assert DAMAGED in answer.content.decode()
    mark = token("changes", 1, 0, value, str(value))
    answer = admin.get(asking(service.get_absolute_url(), tab="timeline", before=mark))
    assert answer.status_code == 422
    assert DAMAGED in answer.content.decode()


@pytest.mark.parametrize("text", [*NO_TOKENS, deep(), token("instances -created", 2, 0, None, ID)])
def test_what_is_no_mark_is_said_to_be_damaged(viewer, text):
    service = worlds.instance()
    # As a browser sends it: a half of a surrogate pair comes as the bytes that it never was.
    text = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")

    for path, name in (("/instances/", "after"), (service.get_absolute_url(), "before")):
        answer = viewer.get(asking(path, tab="timeline", **{name: text}))
        assert answer.status_code == 422
        assert DAMAGED in answer.content.decode()


def test_a_mark_of_another_list_or_order_or_source_is_said_to_be_so(viewer):
    service = worlds.instance()
    of_packages = token("packages -created", 1, 0, None, ID)

    for path, name in (
        ("/instances/", "after"),
        (f"{service.get_absolute_url()}?tab=timeline&kind=notes", "before"),
    ):
        for mark in (of_packages, token("changes", 1, 0, "2026-01-01T00:00:00+00:00", "1")):
            sign = "&" if "?" in path else "?"
            answer = viewer.get(f"{path}{sign}{name}={mark}")
            assert answer.status_code == 422
            assert "This link is of another list, or of another order of it." in (
                answer.content.decode()
            )
