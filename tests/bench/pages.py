"""Pages over a large mirror, beside the same page without rows and beside its bare SQL."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from tests import servers
from tests.bench.figure import Figure, timed
from tests.bench.world import INSTANCES, large_mirror

TIMES = 15
LIST_LIMIT = 300.0  # row 1 of what is expected: any page of a list
# No page waits for these: the figures come after it, and a report counts everything.
LIMITS = {"figures of every filter": 1000.0, "reports": 1500.0}
SEARCH_LIMIT = 200.0  # row 24: three letters of a customer
ROWS_A_SECOND = 10_000
DEEP = 200  # pages
NEXT = re.compile(r'id="pager-next" href="([^"]+)"')


def measure() -> Iterator[Figure]:
    """Each kind of question that staff ask of a list, by its median; nothing without PostgreSQL."""
    if not servers.found()["PostgreSQL"]:
        return
    with large_mirror():
        yield from _pages()


def _pages() -> Iterator[Figure]:
    from django.test import Client

    from resellers.models import Account, CatalogProduct
    from tests import worlds

    client = Client(headers={"host": "localhost"})
    client.force_login(worlds.user("viewer"))

    def get(address: str, **headers: str) -> Any:
        answer = client.get(address, headers=headers)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer

    floor = timed(lambda: get("/instances/?q=nothing-has-this-word"), times=TIMES)
    account = Account.objects.order_by("id").first()
    product = CatalogProduct.objects.order_by("id").first()
    assert account is not None
    assert product is not None
    for what, address in (
        ("newest first", "/instances/"),
        ("failed", "/instances/?status=FAILED"),
        ("floating", "/instances/?floating=1"),
        ("one account", f"/instances/?account={account.pk}"),
        ("a common product", f"/instances/?product={product.pk}"),
        ("a word of a customer's name", "/instances/?q=bakery"),
        (f"page {DEEP}, by key", _deep(get)),
        ("figures of every filter", "/instances/facets/"),
        ("packages, newest first", "/packages/"),
        ("accounts by name", "/accounts/"),
        ("one customer", f"/accounts/{account.pk}/"),
        ("reports", "/reports/"),
    ):
        taken = timed(lambda address=address: get(address), times=TIMES)
        yield Figure(f"{INSTANCES:,} services: {what}", taken, floor, LIMITS.get(what, LIST_LIMIT))
    part = {"HX-Request": "true", "HX-Target": "found"}
    for what, text in (
        ("three letters of a customer", "bak"),
        ("an external id", "order-0012345"),
        ("the start of an id", str(account.pk)[:8]),
        ("two words of a service", "bakery product"),
        ("nothing at all", "zzzzzz"),
    ):
        taken = timed(lambda text=text: get(f"/search/?q={text}", **part), times=TIMES)
        yield Figure(f"search: {what}", taken, floor, SEARCH_LIMIT)
    yield _file(get)


def _deep(get: Any) -> str:
    """The address of a page far down the list, reached as people reach it: link by link."""
    address = "/instances/"
    for _ in range(DEEP):
        found = NEXT.search(get(address).content.decode())
        assert found is not None, address
        address = unescape(found[1])
    return address


def _file(get: Any) -> Figure:
    """All services as CSV, through the page's own export, by the time that it takes."""
    from resellers.models import ProductInstance

    def read() -> int:
        answer = get("/instances/export.csv?profile=machine")
        return sum(chunk.count(b"\r\n") for chunk in answer.streaming_content)

    def bare() -> int:
        return sum(1 for _ in ProductInstance.objects.values_list("id").iterator(2000))

    yardstick, taken = timed(bare, times=1), timed(read, times=1)
    return Figure(
        f"CSV of {INSTANCES:,} services", taken, yardstick, INSTANCES / ROWS_A_SECOND * 1000
    )
