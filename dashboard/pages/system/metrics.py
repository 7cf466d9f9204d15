"""For a Prometheus: how the work stands, in numbers and without anybody's name."""

from collections.abc import Iterable, Mapping
from hmac import compare_digest
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.db.models import Count, Max, Min
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from dashboard.frame.client_address import client_address
from resellers import heartbeats, policy
from resellers.mirror import figures
from resellers.models import Case, Delivery, Flow, Operation, SyncRun

PREFIX = "wix_dashboard"


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures in Prometheus's text format, to who has METRICS_TOKEN or, where none is set, asks
    on this machine; 403 to everybody else, 503 where the database does not answer."""
    if not _may_read(request):
        return HttpResponse(
            "not for you: see METRICS_TOKEN\n", status=403, content_type="text/plain"
        )
    registry = CollectorRegistry()
    try:
        registry.register(_Figures())
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    except DatabaseError:
        text = "the database does not answer\n"
        return HttpResponse(text, status=503, content_type="text/plain")


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    # Behind a proxy that is not said to be ours everybody seems to be on this machine.
    is_passed_on = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    address = client_address(request)
    if is_passed_on and not settings.TRUSTED_PROXIES:
        return False
    return address is not None and ip_address(address).is_loopback


class _Figures(Collector):
    """What is counted as it is asked for, a dozen statements however much there is."""

    def collect(self) -> Iterable[Metric]:
        yield from _work()
        yield _readings()
        counts = figures.read().counts
        held = {name: number for name, number in counts.items() if isinstance(number, int)}
        held |= {name: counts.get(name) for name in figures.OF_THE_HOUR}
        yield _gauge("figure", "What every page counts", "name", held)
        waits = {"waiting": Delivery.objects.pending().count()}
        yield _gauge("deliveries", "Mails and calls of webhooks", "state", waits)
        now = timezone.now()
        signs = heartbeats.last_signs()
        ages = {str(role): (now - sign.at).total_seconds() for role, sign in signs.items()}
        yield _gauge("heartbeat_age_seconds", "Since a process last gave a sign", "role", ages)


def _work() -> Iterable[Metric]:
    states = Operation.objects.open().order_by().values_list("state").annotate(Count("pk"))
    yield _gauge("operations", "Operations that are open", "state", dict(states))
    since = Operation.objects.open().aggregate(at=Min("requested_at"))["at"]
    age = (timezone.now() - since).total_seconds() if since else 0
    yield GaugeMetricFamily(
        f"{PREFIX}_oldest_operation_seconds", "Since the oldest open one was asked for", value=age
    )
    flows = Flow.objects.unfinished().order_by().values_list("state").annotate(Count("pk"))
    yield _gauge("flows", "Guided work that is not finished", "state", dict(flows))
    cases = Case.objects.open().with_kind().order_by()
    kinds = cases.values_list("kind").annotate(Count("pk"))  # type: ignore[misc]
    yield _gauge("cases", "Cases that are open", "kind", dict(kinds))
    stopped = {
        "paused": int(policy.writes_are_paused()),
        "read_only": int(policy.current().read_only),
    }
    yield _gauge("writes_stopped", "1 where nothing is written to Wix", "why", stopped)


def _readings() -> Metric:
    ended = SyncRun.objects.filter(state=SyncRun.State.SUCCEEDED).order_by()
    now = timezone.now()
    ages = {
        kind: (now - at).total_seconds()
        for kind, at in ended.values_list("kind").annotate(at=Max("finished_at"))
    }
    return _gauge("reading_age_seconds", "Since a reading of Wix last succeeded", "kind", ages)


def _gauge(name: str, words: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"{PREFIX}_{name}", words, labels=[label])
    for value, number in sorted(values.items()):
        family.add_metric([str(value)], number)
    return family
