"""Success is read once more, twice: what drifts back afterwards is noticed and told."""

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from resellers import audit
from resellers.clock import database_now, in_seconds
from resellers.connection import wix_client
from resellers.mirror import figures
from resellers.mirror.ingest import ingest_packages
from resellers.models import Operation, OperationState
from resellers.wix import Package, WixClient, WixError, WixNotFound

from .kind import Done, Seen
from .kinds import kind_of

BATCH = 100


def settle_due() -> int:
    """Read the packages of the successes whose time has come, a hundred a call; returns how many.

    By Query, as the sync reads; by Get where the answer leaves a package out. With Wix away they
    wait for the next round.
    """
    due = list(
        Operation.objects.filter(state=OperationState.SUCCEEDED, settle_at__lte=Now())
        .order_by("settle_at")
        .select_related("account", "package", "instance", "requested_by")[:BATCH]
    )
    if not due:
        return 0
    owners = {str(operation.package_id): str(operation.account_id) for operation in due}
    try:
        with wix_client("sync") as client:
            shown = _read(client, owners)
    except WixError:
        return 0
    for operation in due:
        package = shown.get(str(operation.package_id))
        seen = Seen.in_package(package, str(operation.instance_id)) if package else Seen(False)
        _note(operation, seen)
    return len(due)


def _read(client: WixClient, owners: dict[str, str]) -> dict[str, Package]:
    """The packages by id as Wix shows them now, brought into the mirror; gone ones are left out."""
    started = database_now()
    page = client.query_packages(filter={"id": {"$in": sorted(owners)}}, limit=BATCH)
    ingest_packages(page.items, fetch_started_at=started)
    shown = {package.id: package for package in page.items}
    for package_id in owners.keys() - shown.keys():
        started = database_now()
        try:
            answer = client.get_package(account_id=owners[package_id], package_id=package_id)
        except WixNotFound:
            continue
        ingest_packages([answer.package], fetch_started_at=started, authoritative=True)
        shown[package_id] = answer.package
    return shown


def _note(operation: Operation, seen: Seen) -> None:
    decision = kind_of(operation.kind).decide(operation, seen, None) if seen.found else None
    holds = isinstance(decision, Done)
    first, second = settings.OPERATIONS["SETTLE_SECONDS"]
    with transaction.atomic():
        later = Operation.objects.filter(instance_id=operation.instance_id, id__gt=operation.pk)
        if holds or later.exists():
            # A later wish of ours explains the difference.
            is_first = operation.drifted_at is None and _age(operation) < second
            again = in_seconds(second - first) if is_first else None
            Operation.objects.filter(pk=operation.pk).update(settle_at=again)
            return
        Operation.objects.filter(pk=operation.pk).update(settle_at=None, drifted_at=Now())
        audit.record("operation.drifted", operation=operation, body={"seen": seen.as_json()})
        figures.recount()


def _age(operation: Operation) -> float:
    assert operation.finished_at is not None
    return (database_now() - operation.finished_at).total_seconds()
