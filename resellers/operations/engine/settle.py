"""Success is read once more, twice: what drifts back afterwards is noticed and told."""

import logging

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from resellers import audit
from resellers.clock import database_now, in_seconds
from resellers.connection import wix_client
from resellers.mirror import figures
from resellers.mirror.ingest.batch import ingest_packages
from resellers.models import Operation
from resellers.models.querysets import OPEN, SUCCEEDED
from resellers.operations.kind import Done, Seen
from resellers.operations.kinds import KINDS, kind_of
from resellers.operations.package_kind import ReadByPackage
from resellers.wix import (
    Package,
    WixAuthError,
    WixClient,
    WixError,
    WixNotFound,
    WixRateLimited,
    WixUnreachable,
)

from . import calls

logger = logging.getLogger(__name__)

BATCH = 100
# What Wix does not let us read is tried again so much later, for a day.
PUT_OFF = 15 * 60
PATIENCE = 24 * 60 * 60


def settle_due() -> int:
    """Read the packages of the successes whose time has come, a hundred a call; returns how many.

    By Query, as the sync reads; by Get where the answer leaves a package out. One that Wix does not
    let us read is put off; with Wix away they all wait for the next round.
    """
    # A row may be of a kind that exists no more: nobody can say what would be true of it.
    due = list(
        Operation.objects.succeeded()
        .filter(settle_at__lte=Now(), kind__in=list(KINDS))
        .order_by("settle_at")
        .select_related("account", "package", "instance", "requested_by")[:BATCH]
    )
    looked_at = 0
    if not due:
        return looked_at
    try:
        with wix_client("sync") as client:
            listed = _query(client, due)
            for operation in due:
                _settle(client, operation, listed)
                looked_at += 1
    except WixError as error:
        logger.info("settling waits for the next round: %s", error)
    return looked_at


def _settle(client: WixClient, operation: Operation, listed: dict[str, Package]) -> None:
    """Look how it stands, and note it. Raises WixError where Wix answers nobody just now."""
    kind = kind_of(operation.kind)
    try:
        if isinstance(kind, ReadByPackage):
            package = listed.get(str(operation.package_id)) or _get(client, operation)
            seen: Seen = kind.in_package(operation, package) if package else kind.nothing()
        else:
            seen = _read_alone(client, operation)
    except (WixUnreachable, WixRateLimited, WixAuthError):
        raise
    except WixError as error:
        logger.warning("%s could not be read once more: %s", operation, error)
        later = None if _age(operation) > PATIENCE else in_seconds(PUT_OFF)
        Operation.objects.filter(pk=operation.pk).update(settle_at=later)
        return
    _note(operation, seen)


def _read_alone(client: WixClient, operation: Operation) -> Seen:
    """What a kind sees that no package alone tells, brought into the mirror."""
    started = database_now()
    reading = kind_of(operation.kind).read(operation, client)
    calls.to_mirror(reading, started)
    seen: Seen = reading.seen
    return seen


def _query(client: WixClient, operations: list[Operation]) -> dict[str, Package]:
    """Their packages by id, of those that Wix lists, brought into the mirror."""
    ids = {
        str(operation.package_id)
        for operation in operations
        if isinstance(kind_of(operation.kind), ReadByPackage)
    }
    if not ids:
        return {}
    started = database_now()
    page = client.query_packages(filter={"id": {"$in": sorted(ids)}}, limit=BATCH)
    ingest_packages(page.items, fetch_started_at=started, call=page.call)
    return {package.id: package for package in page.items}


def _get(client: WixClient, operation: Operation) -> Package | None:
    """Its package, brought into the mirror; None where Wix has it no more."""
    started = database_now()
    try:
        answer = client.get_package(
            account_id=str(operation.account_id), package_id=str(operation.package_id)
        )
    except WixNotFound:
        return None
    ingest_packages(
        [answer.package], fetch_started_at=started, call=answer.call, authoritative=True
    )
    return answer.package


def _note(operation: Operation, seen: Seen) -> None:
    kind = kind_of(operation.kind)
    holds = isinstance(kind.decide(operation, seen, None), Done)
    first, second = settings.OPERATIONS["SETTLE_SECONDS"]
    # Two rounds may have read it at once: the first to note it has the word.
    this_one = Operation.objects.filter(pk=operation.pk, settle_at=operation.settle_at)
    with transaction.atomic():
        if holds or _is_changed_by_us(operation):
            is_first = operation.drifted_at is None and _age(operation) < second
            this_one.update(settle_at=in_seconds(second - first) if is_first else None)
        elif this_one.update(settle_at=None, drifted_at=Now()):
            figures.recount()
            audit.record("operation.drifted", operation=operation, body={"seen": seen.as_json()})


def _is_changed_by_us(operation: Operation) -> bool:
    """Whether a later wish of ours explains that it is true no more."""
    changed = OPEN | SUCCEEDED | Q(settled_by__isnull=False)
    conflicts = kind_of(operation.kind).conflicts(operation)
    return Operation.objects.filter(conflicts.q, changed, id__gt=operation.pk).exists()


def _age(operation: Operation) -> float:
    assert operation.finished_at is not None
    return (database_now() - operation.finished_at).total_seconds()
