"""Success is read once more, twice: what comes of it stands in `drift`."""

import logging
from datetime import datetime

from celery.exceptions import SoftTimeLimitExceeded
from django.db.models.functions import Now

from resellers import leases, throttling
from resellers.clock import database_now
from resellers.connection import wix_client
from resellers.mirror.ingest import ingest_packages
from resellers.models import Operation
from resellers.operations.kinds import KINDS, kind_of
from resellers.operations.package_kind import ReadByPackage
from resellers.operations.steps import Seen
from resellers.throttling import Meaning
from resellers.wix import (
    NextMove,
    Package,
    WixAuthError,
    WixClient,
    WixError,
    WixNotFound,
    WixRateLimited,
    WixUnreachable,
)

from . import calls, drift

logger = logging.getLogger(__name__)

BATCH = 100
# Wix answers nobody just now: all wait for the next round.
OF_EVERYBODY = (WixUnreachable, WixRateLimited, WixAuthError)
Listed = dict[str, Package]


def settle_due() -> int:
    """Read the packages of the successes whose time has come, a hundred a call; returns how many.

    By Query, as the sync reads; by Get where the answer leaves a package out, and where a reading
    before has raised a doubt. What Wix does not let us read, and what a fault of ours stops, is put
    off and stands in nobody's way; with Wix away they all wait for the next round.
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
            listed, listed_at = _query(client, due)
            for operation in due:
                _settle(client, operation, listed, listed_at)
                looked_at += 1
    except WixError as error:
        logger.info("settling waits for the next round: %s", error)
    return looked_at


def _settle(client: WixClient, operation: Operation, listed: Listed, listed_at: datetime) -> None:
    """Look how it stands, and note it. Raises WixError where Wix answers nobody just now."""
    try:
        seen, read_at = _read(client, operation, listed, listed_at)
        drift.note(operation, seen, read_at)
    except (*OF_EVERYBODY, SoftTimeLimitExceeded, *leases.TRANSIENT):
        raise
    except WixError as error:
        logger.warning("%s could not be read once more: %s", operation, error)
        _put_off(operation)
    except Exception:
        logger.exception("%s could not be settled", operation)
        _put_off(operation)


def _put_off(operation: Operation) -> None:
    later = drift.look_later(operation.finished_at or operation.requested_at)
    Operation.objects.filter(pk=operation.pk).update(settle_at=later)


def _read(
    client: WixClient, operation: Operation, listed: Listed, listed_at: datetime
) -> tuple[Seen, datetime]:
    """What Wix shows of it, brought into the mirror, and when that reading began."""
    kind, started = kind_of(operation.kind), database_now()
    if not isinstance(kind, ReadByPackage):
        reading = kind.read(operation, client)
        calls.to_mirror(reading, started)
        return reading.seen, started
    package = listed.get(str(operation.package_id))
    if package is None or operation.doubted_at:
        try:
            package = _get(client, operation)
        except WixError as error:
            if package is None or error.next_move is not NextMove.STOP:
                raise
            started = listed_at  # a doubt is then settled by what the list shows
    else:
        started = listed_at
    return kind.in_package(operation, package) if package else kind.nothing(), started


def _query(client: WixClient, operations: list[Operation]) -> tuple[Listed, datetime]:
    """Their packages by id, of those that Wix lists, brought into the mirror; and when that began.

    Where Wix does not take the question, each is left to be asked for by itself.
    """
    ids = {
        str(operation.package_id)
        for operation in operations
        if operation.package_id and isinstance(kind_of(operation.kind), ReadByPackage)
    }
    started = database_now()
    if not ids:
        return {}, started
    try:
        page = client.query_packages(filter={"id": {"$in": sorted(ids)}}, limit=BATCH)
    except WixError as error:
        if isinstance(error, OF_EVERYBODY) or error.next_move is not NextMove.STOP:
            raise
        if throttling.judge(error, client).meaning is not Meaning.THING:
            raise
        return {}, started
    ingest_packages(page.items, fetch_started_at=started, call=page.call)
    return {package.id: package for package in page.items}, started


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
