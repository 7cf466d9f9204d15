"""What a reading does, phase by phase. A phase is a function that makes about one call.

It returns whether the phase has more to do; where it goes on stands in the run's `position`.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Least

from resellers.models import Account, Package, ProductInstance, SyncRun, Unreadable
from resellers.models.querysets import AccountQuerySet
from resellers.models.states import UNSETTLED_STATUSES
from resellers.wix import WixError

from . import unreadable
from .children import child_accounts
from .context import Standstill, SyncContext
from .leaving import customers_who_left
from .reading import PAGE, get_package, query_ids, read_by_id, read_page, read_sites
from .rolling import SITE_CALLS, round_of

OLDEST_MINUTES = 10
ACCOUNT_CALLS = 200
ACCOUNT_DAYS = 7
# What Wix does not let us read is asked for again so much later, except by the full pass.
REFUSED_HOURS = 1


Phase = Callable[[SyncContext], bool]
Part = Unreadable.Part


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


def packages_ahead(s: SyncContext) -> bool:
    """Read those whose last change Wix dates ahead of its own clock: no mark ever reaches them."""
    return read_by_id(s, Package.objects.ahead_of(s.wix_now))


def unsettled_packages(s: SyncContext) -> bool:
    """Read the packages with a service that is pending or waits for somebody."""
    statuses = {
        "productInstances.status": {"$hasSome": [str(status) for status in UNSETTLED_STATUSES]}
    }
    return read_page(s, statuses, "createdDate", "DESC")


def settled_since(s: SyncContext) -> bool:
    """Read those the mirror still holds as unsettled though the last phase did not show them."""
    unsettled = ProductInstance.objects.present().unsettled()
    held = Package.objects.filter(instances__in=unsettled)
    return read_by_id(s, held.not_refused_since(_refused_lately(s)))


def oldest_packages(s: SyncContext) -> bool:
    """Read again the hundred packages that were checked longest ago, as often as the round takes.

    A reading of what changed says nothing of the rest, which would look older and older; and what
    Wix's lists show late, or never, is found so.
    """
    spent = int(s.run.position.get("spent", 0))
    held = Package.objects.present()
    old = s.now() - timedelta(minutes=OLDEST_MINUTES)
    ids = list(
        held.filter(last_confirmed_at__lt=old)
        .not_refused_since(_refused_lately(s))
        .order_by("last_confirmed_at", "id")
        .values_list("id", flat=True)[:PAGE]
    )
    if not ids or spent >= round_of(held.count()).calls:
        return False
    s.go_on(spent=spent + query_ids(s, ids))
    return True


def packages_of_account(s: SyncContext) -> bool:
    """Read one account's packages."""
    account = s.run.account
    assert account is not None
    return _read_of_account(s, account)


def accounts_in_turn(s: SyncContext) -> bool:
    """Read the packages of the account that has waited longest, at most once a week each, and
    of those of which the whole list has left something out.

    Wix does not say whether the whole list shows every customer's packages, so each customer is
    asked for by itself too.
    """
    spent = int(s.run.position.get("spent", 0))
    assert s.run.started_at is not None
    waiting = accounts_waiting(s.run, s.now())
    waiting = waiting.not_refused_since(s.run.started_at, Part.PACKAGES)
    account = waiting.order_by(F("packages_checked_at").asc(nulls_first=True), "id").first()
    if account is None or spent >= ACCOUNT_CALLS:
        return False
    seen, refused = s.run.packages_seen, s.run.refused
    has_more = _read_of_account(s, account)
    s.run.packages_seen = seen  # the whole list has counted them
    if has_more:
        return True
    if s.run.refused == refused:
        Account.objects.filter(pk=account.pk).update(packages_checked_at=s.now())
    s.go_on(spent=spent + 1)
    return True


def one_package(s: SyncContext) -> bool:
    """Read one package by Get."""
    package = s.run.package
    assert package is not None
    if get_package(s, package):
        s.run.packages_seen += 1
    return False


def chosen_packages(s: SyncContext) -> bool:
    """Read the packages that somebody chose, whose ids the run began with."""
    ids = s.run.position.get("ids", [])
    now, later = ids[:PAGE], ids[PAGE:]
    if now:
        query_ids(s, [UUID(id_) for id_ in now])
    s.go_on(ids=later)
    return bool(later)


def missing_records(s: SyncContext) -> bool:
    """Ask after the customers and then the packages that no list before this phase has shown."""
    everybody = s.run.kind == SyncRun.Kind.FULL
    if everybody and not s.run.position.get("customers_asked"):
        if customers_who_left(s):
            return True
        s.run.position |= {"customers_asked": True}
    return missing_packages(s)


def missing_packages(s: SyncContext) -> bool:
    """Ask for packages that the complete pass before this phase did not show, a hundred a call.

    Those that are not shown so either are asked for by Get: a 404 marks one gone, nothing is
    concluded from absence alone.
    """
    run = s.run
    if run.kind == SyncRun.Kind.ACCOUNT and run.shortfall:
        return False  # its packages could not be listed, so none of them is missing
    ids = list(packages_unseen(run).order_by("id").values_list("id", flat=True)[:PAGE])
    if not ids:
        return False
    Package.objects.filter(pk__in=ids, missing_since=None).update(missing_since=run.started_at)
    asked, seen = run.position.get("asked", []), run.packages_seen
    query_ids(s, ids)
    run.packages_seen = seen
    run.position |= {"asked": [*asked, *map(str, ids)]}
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
    # The key may not see this account's sites: that is no reason to skip the others'.
    read_sites(s, account)
    s.go_on(spent=spent + 1)
    return True


def _read_of_account(s: SyncContext, account: Account) -> bool:
    """Read a page of one account's packages; what Wix does not let us read is noted on it."""
    try:
        of_account = {"accountId": {"$eq": str(account.pk)}}
        has_more = read_page(s, of_account, "createdDate", "DESC", of=account)
    except (WixError, Standstill) as error:
        unreadable.note(s, error, Part.PACKAGES, account=account)
        return False
    if not has_more:
        unreadable.end(Part.PACKAGES, account, s.now())
    return has_more


# --- what is left of a phase ---------------------------------------------------------------------


def accounts_waiting(run: SyncRun, now: datetime) -> AccountQuerySet[Account]:
    """The accounts whose packages were not asked for by themselves for a week, or not since this
    run's whole list left one of them out: then it may not show that account's new ones either."""
    before = now - timedelta(days=ACCOUNT_DAYS)
    old = Q(packages_checked_at=None) | Q(packages_checked_at__lt=before)
    unlisted = Q(last_confirmed_at=None) | Q(last_confirmed_at__lt=run.started_at)
    left_out = Package.objects.present().filter(unlisted, account=OuterRef("pk"))
    not_yet = Q(packages_checked_at__lt=run.started_at)
    return Account.objects.present().filter(old | (not_yet & Exists(left_out)))


def packages_unseen(run: SyncRun) -> QuerySet[Package]:
    """The packages that this run has not shown and not asked for yet."""
    unseen = Package.objects.present().filter(last_confirmed_at__lt=run.started_at)
    if run.kind == SyncRun.Kind.ACCOUNT:
        unseen = unseen.filter(account=run.account_id)
    return unseen.exclude(id__in=run.position.get("asked", []))


def sites_waiting(run: SyncRun) -> AccountQuerySet[Account]:
    """The accounts whose sites were not read since this run began."""
    assert run.started_at is not None
    old = Q(sites_checked_at=None) | Q(sites_checked_at__lt=run.started_at)
    # The short readings would come to the same few again and again.
    hours = 0 if run.kind == SyncRun.Kind.FULL else REFUSED_HOURS
    refused = run.started_at - timedelta(hours=hours)
    return Account.objects.present().filter(old).not_refused_since(refused, Part.SITES)


def _refused_lately(s: SyncContext) -> datetime:
    return s.now() - timedelta(hours=REFUSED_HOURS)


def _since() -> str | None:
    """Where an incremental run begins; None before any run has ended: then everything is new.

    A mark ahead of the end of its own run is none: Wix dates some changes ahead of its clock.
    """
    ended = SyncRun.objects.filter(
        kind__in=[SyncRun.Kind.FULL, SyncRun.Kind.INCREMENTAL],
        state=SyncRun.State.SUCCEEDED,
        high_water__isnull=False,
    )
    highest = ended.aggregate(mark=Max(Least("high_water", "finished_at")))["mark"]
    if highest is None:
        return None
    bound = highest - timedelta(seconds=settings.MIRROR["OVERLAP_SECONDS"])
    text: str = bound.isoformat().replace("+00:00", "Z")
    return text


PHASES: Mapping[SyncRun.Kind, dict[str, Phase]] = {
    SyncRun.Kind.FULL: {
        "accounts": child_accounts,
        "packages": all_packages,
        "by account": accounts_in_turn,
        "missing": missing_records,
        "sites": sites_in_turn,
    },
    SyncRun.Kind.INCREMENTAL: {
        "packages": changed_packages,
        "ahead": packages_ahead,
        "oldest": oldest_packages,
        "sites": sites_in_turn,
    },
    SyncRun.Kind.UNSETTLED: {"packages": unsettled_packages, "settled": settled_since},
    SyncRun.Kind.ACCOUNT: {
        "packages": packages_of_account,
        "missing": missing_records,
        "sites": sites_of_account,
    },
    SyncRun.Kind.PACKAGE: {"package": one_package},
    SyncRun.Kind.CHOSEN: {"packages": chosen_packages},
}
