"""What a reading does, phase by phase. A phase is a function that makes about one call.

It returns whether the phase has more to do; where it goes on stands in the run's `position`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q, QuerySet

from resellers.mirror.ingest import rows
from resellers.models import Account, Package, ProductInstance, SyncRun
from resellers.models.states import UNSETTLED_STATUSES
from resellers.wix import WixAnswer

from .reading import (
    PAGE,
    SyncContext,
    get_package,
    query_ids,
    read_by_id,
    read_page,
    read_sites,
)

CHILD_PAGE = 50
# Calls that a run may spend on sites, so that they never keep packages waiting.
SITE_CALLS = {SyncRun.Kind.FULL: 200, SyncRun.Kind.INCREMENTAL: 20}
OLDEST_CALLS = 5
OLDEST_MINUTES = 10
ACCOUNT_CALLS = 200
ACCOUNT_DAYS = 7

Phase = Callable[[SyncContext], bool]


def child_accounts(s: SyncContext) -> bool:
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


def all_packages(s: SyncContext) -> bool:
    """Read every package, newest first."""
    before = s.run.position.get("before")
    return read_page(s, {"createdDate": {"$lte": before}} if before else {}, "createdDate", "DESC")


def changed_packages(s: SyncContext) -> bool:
    """Read what changed since the highest updatedDate of a run that ended, less an overlap."""
    since = s.run.position.get("since") or _since()
    s.run.position |= {"since": since}
    bound = s.run.position.get("before") or since
    return read_page(s, {"updatedDate": {"$gte": bound}} if bound else {}, "updatedDate", "ASC")


def unsettled_packages(s: SyncContext) -> bool:
    """Read the packages with a service that is pending or waits for somebody."""
    statuses = {
        "productInstances.status": {"$hasSome": [str(status) for status in UNSETTLED_STATUSES]}
    }
    return read_page(s, statuses, "createdDate", "DESC")


def settled_since(s: SyncContext) -> bool:
    """Read those the mirror still holds as unsettled though the last phase did not show them."""
    unsettled = ProductInstance.objects.present().unsettled()
    return read_by_id(s, Package.objects.present().filter(pk__in=unsettled.values("package")))


def oldest_packages(s: SyncContext) -> bool:
    """Read again the hundred packages that were checked longest ago, five times a run at most.

    A reading of what changed says nothing of the rest, which would look older and older.
    """
    spent = int(s.run.position.get("spent", 0))
    old = s.now() - timedelta(minutes=OLDEST_MINUTES)
    ids = list(
        Package.objects.present()
        .filter(last_confirmed_at__lt=old)
        .order_by("last_confirmed_at", "id")
        .values_list("id", flat=True)[:PAGE]
    )
    if not ids or spent >= OLDEST_CALLS:
        return False
    query_ids(s, ids)
    s.run.position = {"spent": spent + 1}
    return True


def packages_of_account(s: SyncContext) -> bool:
    """Read one account's packages."""
    return read_page(s, {"accountId": {"$eq": str(s.run.account_id)}}, "createdDate", "DESC")


def accounts_in_turn(s: SyncContext) -> bool:
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
    has_more = read_page(s, {"accountId": {"$eq": str(account.pk)}}, "createdDate", "DESC")
    s.run.packages_seen = seen  # the whole list has counted them
    if has_more:
        return True
    Account.objects.filter(pk=account.pk).update(packages_checked_at=s.now())
    s.run.position = {"spent": spent + 1}
    return True


def one_package(s: SyncContext) -> bool:
    """Read one package by Get."""
    package = s.run.package
    assert package is not None
    get_package(s, package)
    s.run.packages_seen += 1
    return False


def chosen_packages(s: SyncContext) -> bool:
    """Read the packages that somebody chose, whose ids the run began with."""
    ids = s.run.position.get("ids", [])
    now, later = ids[:PAGE], ids[PAGE:]
    if now:
        query_ids(s, [UUID(id_) for id_ in now])
    s.run.position = {"ids": later}
    return bool(later)


def missing_packages(s: SyncContext) -> bool:
    """Ask by Get for one package that the complete pass before this phase did not show.

    A 404 marks it gone; nothing is concluded from absence alone.
    """
    asked = s.run.position.get("asked", [])
    package = packages_unseen(s.run).order_by("id").first()
    if package is None:
        return False
    Package.objects.filter(pk=package.pk, missing_since=None).update(missing_since=s.run.started_at)
    get_package(s, package)
    s.run.position = {"asked": [*asked, str(package.pk)]}
    return True


def sites_of_account(s: SyncContext) -> bool:
    """Read one account's sites."""
    account = s.run.account
    assert account is not None
    read_sites(s, account)
    return False


def sites_in_turn(s: SyncContext) -> bool:
    """Read the sites of the account that has waited longest, until the run's share is spent."""
    spent = int(s.run.position.get("spent", 0))
    waiting = sites_waiting(s.run)
    account = waiting.order_by(F("sites_checked_at").asc(nulls_first=True), "id").first()
    if account is None or spent >= SITE_CALLS[SyncRun.Kind(s.run.kind)]:
        return False
    try:
        read_sites(s, account)
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
    return Account.objects.present().filter(old)


def packages_unseen(run: SyncRun) -> QuerySet[Package]:
    """The packages that this run has not shown and not asked for yet."""
    unseen = Package.objects.present().filter(last_confirmed_at__lt=run.started_at)
    if run.kind == SyncRun.Kind.ACCOUNT:
        unseen = unseen.filter(account=run.account_id)
    return unseen.exclude(id__in=run.position.get("asked", []))


def sites_waiting(run: SyncRun) -> QuerySet[Account]:
    """The accounts whose sites were not read since this run began."""
    old = Q(sites_checked_at=None) | Q(sites_checked_at__lt=run.started_at)
    return Account.objects.present().filter(old)


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
