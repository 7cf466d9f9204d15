"""The calls that the phases of a reading make, each kept in the mirror as it comes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from resellers import leases
from resellers.mirror.ingest.batch import ingest_packages, ingest_sites, mark_package_gone
from resellers.models import Account, Package, SyncRun
from resellers.wix import Package as WixPackage
from resellers.wix import Page, WixAnswer, WixClient, WixNotFound
from resellers.wix import Site as WixSite

PAGE = 100


@dataclass
class SyncContext:
    """What a phase works with."""

    run: SyncRun
    wix: WixClient
    now: Callable[[], datetime]
    save: Callable[[], None]


def read_page(s: SyncContext, filter_: dict[str, Any], field: str, order: str) -> bool:
    """Read one page and keep it. A refused cursor goes on from the last stored row instead."""
    run, cursor = s.run, s.run.position.get("cursor")
    started = s.now()
    run.calls += 1
    try:
        if cursor:
            page = s.wix.query_packages(limit=PAGE, cursor=cursor)
        else:
            sort = [{"fieldName": field, "order": order}]
            page = s.wix.query_packages(filter=filter_, sort=sort, limit=PAGE)
    except WixAnswer as error:
        # Wix does not say how it refuses a cursor: any 400 on a call that carried one is read so.
        if not cursor or error.status != 400 or run.restarts > run.pages:
            raise
        run.restarts += 1
        run.position = {k: v for k, v in run.position.items() if k != "cursor"}
        return True
    with transaction.atomic():
        doubtful = _keep(s, page, started)
        ended = not page.next_cursor or page.next_cursor == cursor
        last = _last(page, field)
        run.position = run.position | {"cursor": page.next_cursor}
        if last:
            run.position |= {"before": last.isoformat().replace("+00:00", "Z")}
        s.save()
    for package in doubtful:
        get_package(s, package)
    return not ended


def _keep(s: SyncContext, page: Page[WixPackage], started: datetime) -> list[Package]:
    """Bring a page into the mirror and return the packages that only a Get can settle."""
    run = s.run
    result = ingest_packages(page.items, fetch_started_at=started, call=page.call)
    run.pages += 1
    run.packages_seen += len(page.items)
    run.rejected += len(page.rejected) + result.rejected
    run.rows_changed += result.rows_changed
    if run.packages_expected is None and run.kind == SyncRun.Kind.FULL:
        run.packages_expected = Package.objects.present().count() or None
    updated = [package.updated_at for package in page.items if package.updated_at]
    run.high_water = max([*updated, *([run.high_water] if run.high_water else [])], default=None)
    return result.doubtful


def _last(page: Page[WixPackage], field: str) -> datetime | None:
    if not page.items:
        return None
    return page.items[-1].created_at if field == "createdDate" else page.items[-1].updated_at


def get_package(s: SyncContext, package: Package) -> None:
    # A page may leave a hundred packages to be read one by one, far longer than a lease lasts.
    leases.renew(s.run)
    started = s.now()
    s.run.calls += 1
    try:
        answer = s.wix.get_package(account_id=str(package.account_id), package_id=str(package.pk))
    except WixNotFound as error:
        s.run.rows_changed += mark_package_gone(package, fetch_started_at=started, call=error.call)
        return
    result = ingest_packages(
        [answer.package], fetch_started_at=started, call=answer.call, authoritative=True
    )
    s.run.rows_changed += result.rows_changed


def read_by_id(s: SyncContext, wanted: QuerySet[Package]) -> bool:
    """Query by id, a hundred a call, those of these packages that this run has not confirmed."""
    asked = s.run.position.get("asked", "")
    stale = wanted.filter(last_confirmed_at__lt=s.run.started_at)
    if asked:
        stale = stale.filter(id__gt=UUID(asked))
    ids = list(stale.order_by("id").values_list("id", flat=True)[:PAGE])
    if not ids:
        return False
    query_ids(s, ids)
    s.run.position = {"asked": str(ids[-1])}
    return len(ids) == PAGE


def query_ids(s: SyncContext, ids: list[UUID]) -> None:
    """Read these packages, a hundred at most, by one call.

    Those that the answer leaves out or leaves in doubt are read by Get.
    """
    started = s.now()
    s.run.calls += 1
    page = s.wix.query_packages(filter={"id": {"$in": [str(id_) for id_ in ids]}}, limit=PAGE)
    doubtful = _keep(s, page, started)
    shown = {UUID(package.id) for package in page.items}
    for package in [*doubtful, *Package.objects.filter(id__in=set(ids) - shown)]:
        get_package(s, package)


def read_sites(s: SyncContext, account: Account) -> None:
    """Read all sites of an account, page by page, and keep them together."""
    started = s.now()
    sites: list[WixSite] = []
    cursor: str | None = None
    while True:
        s.run.calls += 1
        page = s.wix.query_sites(account_id=str(account.pk), cursor=cursor)
        sites += page.items
        s.run.rejected += len(page.rejected)
        if not page.next_cursor or page.next_cursor == cursor:
            break
        cursor = page.next_cursor
        s.save()
    s.run.sites_seen += len(sites)
    s.run.rows_changed += ingest_sites(account, sites, fetch_started_at=started)
