"""The inbox of failures: ten thousand cases in forty causes, beside the page that finds none."""

import random
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from statistics import median
from typing import Any

from tests.bench.figure import Figure, timed
from tests.bench.world import INSTANCES

CASES = min(10_000, INSTANCES)
CODES = 36  # of failed services; with those of what is stuck, refused or to be decided forty causes
TIMES = 9
MOST = 3.0  # times the empty page
EMPTY = "/failures/?q=nothing-has-this-word"
VERB_LIMIT = 20_000.0  # what is done to all of them is one request
NEXT = re.compile(r'id="pager-next" href="([^"]+)"')


def measure() -> Iterator[Figure]:
    """Grouped, filtered and paged; then a verb on all of them, and the plan to order them again."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from resellers.models import Case
    from tests import worlds

    client = Client(headers={"host": "localhost"})
    client.force_login(worlds.user("operator", "bench-operator"))

    def get(address: str) -> Any:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer

    def statements(address: str) -> int:
        get(address)
        with CaptureQueriesContext(connection) as found:
            get(address)
        return len(found)

    _open(100)
    addresses = _addresses()
    few = {what: statements(address) for what, address in addresses.items()}
    _open(CASES)
    addresses["the second page"] = unescape(NEXT.search(get("/failures/").content.decode())[1])  # type: ignore[index]
    few["the second page"] = few["all causes"]
    many = f"{CASES:,} cases"
    for what, address in addresses.items():
        taken, empty = _beside(lambda address=address: get(address), lambda: get(EMPTY))
        yield Figure(f"{many}: {what}", taken, empty, MOST * empty)
    for what, address in addresses.items():
        yield Figure(
            f"{many}: statements of {what}",
            statements(address),
            few[what],
            few[what],
            unit="",
            digits=0,
        )

    def post(address: str, sent: dict[str, str]) -> None:
        answer = client.post(address, {"all": "1", "query": "", **sent})
        assert answer.status_code in (200, 302), (address, answer.status_code)

    bare = timed(lambda: list(Case.objects.open().values_list("pk", flat=True)), times=1)
    half = "&".join(f"failure_code=CODE_{n}" for n in range(CODES // 2))
    ordering = "/bulk/new/?kind=order_again&list=failures"
    for what, address, sent in (
        (f"{many} taken", "/failures/do/take/", {}),
        (f"{many} written on", "/failures/do/note/", {"text": "Seen."}),
        ("half of them planned to be ordered", ordering, {"query": half}),
        (f"{many} closed", "/failures/do/close/", {"end": "not_wanted", "sent": "1"}),
    ):
        taken = _once(lambda address=address, sent=sent: post(address, sent))
        yield Figure(f"{what} at once", taken, bare, VERB_LIMIT)


def _beside(call: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """The medians of both, each called in turn with the other: the machine drifts for both."""
    taken = [(_once(call), _once(other)) for _ in range(TIMES)]
    return median(one for one, _ in taken), median(two for _, two in taken)


def _once(call: Callable[[], object]) -> float:
    """One call in milliseconds, which cannot be made twice."""
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def _addresses() -> dict[str, str]:
    from resellers.models import Case

    case = Case.objects.open().filter(code="CODE_1").order_by("id").first()
    assert case is not None
    cause = "/failures/?kind=failed&failure_code=CODE_1"
    return {
        "all causes": "/failures/",
        "one cause": cause,
        "a product of it": f"{cause}&product={case.product_id}",
        "a word of a customer's name": "/failures/?q=bakery",
        "nobody's": "/failures/?owner=nobody",
        "a case beside the list": f"{cause}&case={case.pk}",
    }


def _open(number: int) -> None:
    """Have so many cases be open, of services that failed or are stuck."""
    from django.db import connection
    from django.utils import timezone

    from resellers.models import Case, CaseEvent, ProductInstance

    chance, now = random.Random(number), timezone.now()
    begun = set(Case.objects.values_list("instance", flat=True))
    services = [
        one
        for one in ProductInstance.objects.order_by("id").only("id", "account", "product")[
            : number + len(begun)
        ]
        if one.pk not in begun
    ]
    rows = []
    for place, one in enumerate(services[: number - Case.objects.open().count()]):
        stuck = place % 20 == 0
        code = chance.choice(("PENDING", "AWAITING_ACTION")) if stuck else f"CODE_{place % CODES}"
        rows.append(
            Case(
                cause="stuck" if stuck else "failed",
                subject=f"instance:{one.pk}",
                account_id=one.account_id,
                product_id=one.product_id,
                instance_id=one.pk,
                code=code,
                since=now - timedelta(minutes=chance.uniform(1, 90_000)),
                announced_at=now,
            )
        )
    made = Case.objects.bulk_create(rows, batch_size=2_000)
    CaseEvent.objects.bulk_create(
        (CaseEvent(case=case, kind=CaseEvent.Kind.OPENED) for case in made), batch_size=2_000
    )
    CaseEvent.objects.bulk_create(
        (CaseEvent(case=case, kind=CaseEvent.Kind.NOTE, words="Seen.") for case in made[::3]),
        batch_size=2_000,
    )
    failed = [case.instance_id for case in made if case.cause == "failed"]
    ProductInstance.objects.filter(pk__in=failed).update(
        status="FAILED", failure_code="DELIVERY_TIMEOUT", status_since=now, site=None
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
