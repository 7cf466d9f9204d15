"""What a reading does, phase by phase. A phase is a function that makes about one call.

It returns whether the phase has more to do; where it goes on stands in the run's `position`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from resellers.models import Account, InstanceStatus, Package, SyncRun
from resellers.wix import Package as WixPackage
from resellers.wix import Page, WixAnswer, WixClient, WixNotFound
from resellers.wix import Site as WixSite

from . import rows
from .ingest import ingest_packages, ingest_sites, mark_package_gone

PAGE = 100
CHILD_PAGE = 50
# Calls that a run may spend on sites, so that they never keep packages waiting.
SITE_CALLS = {SyncRun.Kind.FULL: 200, SyncRun.Kind.INCREMENTAL: 20}
OLDEST_CALLS = 5
OLDEST_MINUTES = 10
ACCOUNT_CALLS = 200
ACCOUNT_DAYS = 7
UNSETTLED = (InstanceStatus.PENDING, InstanceStatus.AWAITING_ACTION)


@dataclass
class Stretch:
    """What a phase works with."""

    run: SyncRun
    wix: WixClient
    now: Callable[[], datetime]
    save: Callable[[], None]


Phase = Callable[[Stretch], bool]


def child_accounts(s: Stretch) -> bool:
    """Learn the customers' account ids, a page of 50 a call."""
    offset = int(s.run.position.get("offset", 0))
    s.run.calls += 1
    page = s.wix.list_child_accounts(limit=CHILD_PAGE, offset=offset)
    ids = {UUID(id_) for id_ in page.items}
    main = UUID(settings.WIX_ACCOUNT_ID)
    rows.make_missing(Account, ids | {main})
    Account.objects.filter(id=main, is_main=False).update(is_main=True)
    Account.objects.filter(id__in=ids).update(last_confirmed_at=s.now())
    s.run.position = {"offset": offset + len(page.items)}
    return len(page.items) == CHILD_PAGE


def all_packages(s: Stretch) -> bool:
    """Read every package, newest first."""
    before = s.run.position.get("before")
    return _page(s, {"createdDate": {"$lte": before}} if before else {}, "createdDate", "DESC")


def changed_packages(s: Stretch) -> bool:
    """Read what changed since the highest updatedDate of a run that ended, less an overlap."""
    since = s.run.position.get("since") or _since()
    s.run.position |= {"since": since}
    bound = s.run.position.get("before") or since
    return _page(s, {"updatedDate": {"$gte": bound}} if bound else {}, "updatedDate", "ASC")


def unsettled_packages(s: Stretch) -> bool:
    """Read the packages with a service that is pending or waits for somebody."""
    statuses = {"productInstances.status": {"$hasSome": [str(status) for status in UNSETTLED]}}
    return _page(s, statuses, "createdDate", "DESC")


def settled_since(s: Stretch) -> bool:
    """Read those the mirror still holds as unsettled though the last phase did not show them."""
    return _by_id(s, Q(instances__status__in=UNSETTLED, instances__gone_at=None))


def oldest_packages(s: Stretch) -> bool:
    """Read again the hundred packages that were checked longest ago, five times a run at most.

    A reading of what changed says nothing of the rest, which would look older and older.
    """
    spent = int(s.run.position.get("spent", 0))
    old = s.now() - timedelta(minutes=OLDEST_MINUTES)
    ids = list(
        Package.objects.filter(gone_at=None, last_confirmed_at__lt=old)
        .order_by("last_confirmed_at", "id")
        .values_list("id", flat=True)[:PAGE]
    )
    if not ids or spent >= OLDEST_CALLS:
        return False
    _query_ids(s, ids)
    s.run.position = {"spent": spent + 1}
    return True


def packages_of_account(s: Stretch) -> bool:
    """Read one account's packages."""
    return _page(s, {"accountId": {"$eq": str(s.run.account_id)}}, "createdDate", "DESC")


def accounts_in_turn(s: Stretch) -> bool:
    """Read the packages of the account that has waited longest, at most once a week each.

    Wix does not say whether the whole list shows every customer's packages, so each customer is
    asked for by itself too.
    """
    spent = int(s.run.position.get("spent", 0))
    waiting = accounts_waiting(s.now())
    account = waiting.order_by(F("packages_checked_at").asc(nulls_first=True), "id").first()
    if account is None or spent >= ACCOUNT_CALLS:
        return False
    seen = s.run.packages_seen
    has_more = _page(s, {"accountId": {"$eq": str(account.pk)}}, "createdDate", "DESC")
    s.run.packages_seen = seen  # the whole list has counted them
    if has_more:
        return True
    Account.objects.filter(pk=account.pk).update(packages_checked_at=s.now())
    s.run.position = {"spent": spent + 1}
    return True


def one_package(s: Stretch) -> bool:
    """Read one package by Get."""
    package = s.run.package
    assert package is not None
    _get(s, package)
    s.run.packages_seen += 1
    return False


def chosen_packages(s: Stretch) -> bool:
    """Read the packages that somebody chose, whose ids the run began with."""
    ids = s.run.position.get("ids", [])
    now, later = ids[:PAGE], ids[PAGE:]
    if now:
        _query_ids(s, [UUID(id_) for id_ in now])
    s.run.position = {"ids": later}
    return bool(later)


def missing_packages(s: Stretch) -> bool:
    """Ask by Get for one package that the complete pass before this phase did not show.

    A 404 marks it gone; nothing is concluded from absence alone.
    """
    asked = s.run.position.get("asked", [])
    package = packages_unseen(s.run).order_by("id").first()
    if package is None:
        return False
    Package.objects.filter(pk=package.pk, missing_since=None).update(missing_since=s.run.started_at)
    _get(s, package)
    s.run.position = {"asked": [*asked, str(package.pk)]}
    return True


def sites_of_account(s: Stretch) -> bool:
    """Read one account's sites."""
    account = s.run.account
    assert account is not None
    _read_sites(s, account)
    return False


def sites_in_turn(s: Stretch) -> bool:
    """Read the sites of the account that has waited longest, until the run's share is spent."""
    spent = int(s.run.position.get("spent", 0))
    waiting = sites_waiting(s.run)
    account = waiting.order_by(F("sites_checked_at").asc(nulls_first=True), "id").first()
    if account is None or spent >= SITE_CALLS[SyncRun.Kind(s.run.kind)]:
        return False
    try:
        _read_sites(s, account)
    except WixAnswer as error:
        if error.status not in (403, 404):
            raise
        # The key may not see this account's sites: that is no reason to skip the others'.
        Account.objects.filter(pk=account.pk).update(sites_checked_at=s.now())
    s.run.position = {"spent": spent + 1}
    return True


# --- what is left of a phase ---------------------------------------------------------------------


def accounts_waiting(now: datetime) -> QuerySet[Account]:
    """The accounts whose packages were not asked for by themselves for a week."""
    before = now - timedelta(days=ACCOUNT_DAYS)
    old = Q(packages_checked_at=None) | Q(packages_checked_at__lt=before)
    return Account.objects.filter(old, gone_at=None)


def packages_unseen(run: SyncRun) -> QuerySet[Package]:
    """The packages that this run has not shown and not asked for yet."""
    unseen = Package.objects.filter(gone_at=None, last_confirmed_at__lt=run.started_at)
    if run.kind == SyncRun.Kind.ACCOUNT:
        unseen = unseen.filter(account=run.account_id)
    return unseen.exclude(id__in=run.position.get("asked", []))


def sites_waiting(run: SyncRun) -> QuerySet[Account]:
    """The accounts whose sites were not read since this run began."""
    old = Q(sites_checked_at=None) | Q(sites_checked_at__lt=run.started_at)
    return Account.objects.filter(old, gone_at=None)


# --- reading -------------------------------------------------------------------------------------


def _page(s: Stretch, filter_: dict[str, Any], field: str, order: str) -> bool:
    """Read one page and keep it. A refused cursor goes on from the last stored row instead."""
    run, cursor = s.run, s.run.position.get("cursor")
    started = s.now()
    run.calls += 1
    try:
        page = s.wix.query_packages(
            filter=filter_, sort=[{"fieldName": field, "order": order}], limit=PAGE, cursor=cursor
        )
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
        _get(s, package)
    return not ended


def _keep(s: Stretch, page: Page[WixPackage], started: datetime) -> list[Package]:
    """Bring a page into the mirror and return the packages that only a Get can settle."""
    run = s.run
    result = ingest_packages(page.items, fetch_started_at=started, call=page.call)
    run.pages += 1
    run.packages_seen += len(page.items)
    run.rejected += len(page.rejected) + result.rejected
    run.rows_changed += result.rows_changed
    if run.packages_expected is None and run.kind == SyncRun.Kind.FULL:
        run.packages_expected = Package.objects.filter(gone_at=None).count() or None
    updated = [package.updated_at for package in page.items if package.updated_at]
    run.high_water = max([*updated, *([run.high_water] if run.high_water else [])], default=None)
    return result.doubtful


def _last(page: Page[WixPackage], field: str) -> datetime | None:
    if not page.items:
        return None
    return page.items[-1].created_at if field == "createdDate" else page.items[-1].updated_at


def _get(s: Stretch, package: Package) -> None:
    started = s.now()
    s.run.calls += 1
    try:
        answer = s.wix.get_package(account_id=str(package.account_id), package_id=str(package.pk))
    except WixNotFound as error:
        mark_package_gone(package, fetch_started_at=started, call=error.call)
        s.run.rows_changed += 1
        return
    result = ingest_packages(
        [answer.package], fetch_started_at=started, call=answer.call, authoritative=True
    )
    s.run.rows_changed += result.rows_changed


def _by_id(s: Stretch, wanted: Q) -> bool:
    """Query by id, a hundred a call, the packages so wanted that this run has not confirmed."""
    asked = s.run.position.get("asked", "")
    stale = Package.objects.filter(wanted, gone_at=None, last_confirmed_at__lt=s.run.started_at)
    if asked:
        stale = stale.filter(id__gt=UUID(asked))
    ids = list(stale.order_by("id").distinct().values_list("id", flat=True)[:PAGE])
    if not ids:
        return False
    _query_ids(s, ids)
    s.run.position = {"asked": str(ids[-1])}
    return len(ids) == PAGE


def _query_ids(s: Stretch, ids: list[UUID]) -> None:
    """Read these packages, a hundred at most, by one call.

    Those that the answer leaves out or leaves in doubt are read by Get.
    """
    started = s.now()
    s.run.calls += 1
    page = s.wix.query_packages(filter={"id": {"$in": [str(id_) for id_ in ids]}}, limit=PAGE)
    doubtful = _keep(s, page, started)
    shown = {UUID(package.id) for package in page.items}
    for package in [*doubtful, *Package.objects.filter(id__in=set(ids) - shown)]:
        _get(s, package)


def _read_sites(s: Stretch, account: Account) -> None:
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


def _since() -> str | None:
    """Where an incremental run begins; None before any run has ended: then everything is new."""
    ended = SyncRun.objects.filter(
        kind__in=[SyncRun.Kind.FULL, SyncRun.Kind.INCREMENTAL],
        state=SyncRun.State.SUCCEEDED,
        high_water__isnull=False,
    )
    highest = ended.order_by("-high_water").values_list("high_water", flat=True).first()
    if highest is None:
        return None
    bound = highest - timedelta(seconds=settings.MIRROR["OVERLAP_SECONDS"])
    return bound.isoformat().replace("+00:00", "Z")


PHASES: Mapping[SyncRun.Kind, dict[str, Phase]] = {
    SyncRun.Kind.FULL: {
        "accounts": child_accounts,
        "packages": all_packages,
        "by account": accounts_in_turn,
        "missing": missing_packages,
        "sites": sites_in_turn,
    },
    SyncRun.Kind.INCREMENTAL: {
        "packages": changed_packages,
        "oldest": oldest_packages,
        "sites": sites_in_turn,
    },
    SyncRun.Kind.UNSETTLED: {"packages": unsettled_packages, "settled": settled_since},
    SyncRun.Kind.ACCOUNT: {
        "packages": packages_of_account,
        "missing": missing_packages,
        "sites": sites_of_account,
    },
    SyncRun.Kind.PACKAGE: {"package": one_package},
    SyncRun.Kind.CHOSEN: {"packages": chosen_packages},
}
