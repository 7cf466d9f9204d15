"""The calls that the phases of a reading make, each kept in the mirror as it comes."""

from datetime import datetime
from typing import Any
from uuid import UUID

from resellers import leases, throttling
from resellers.mirror.ingest import (
    Ingested,
    ingest_packages,
    ingest_sites,
    mark_package_gone,
)
from resellers.models import Account, Confirmation, Package, SyncRun, Unreadable
from resellers.models.querysets import PackageQuerySet
from resellers.throttling import Meaning
from resellers.wix import NextMove, Page, WixAnswer, WixError, WixNotFound
from resellers.wix import Package as WixPackage
from resellers.wix import Site as WixSite

from . import unreadable
from .context import Standstill, SyncContext

PAGE = 100
# So many pages one after another without anything new, and the list does not go on.
IDLE_PAGES = 5
BAD_REQUEST = 400


def read_page(
    s: SyncContext, filter_: dict[str, Any], field: str, order: str, *, of: Account | None = None
) -> bool:
    """Read one page and keep it. A refused cursor goes on from the last stored row instead.

    `of` is the account in whose name Wix is asked, where that is not the main account.
    Raises Standstill where page after page holds nothing that this phase had not read before.
    """
    run, cursor = s.run, s.run.position.get("cursor")
    started = s.now()
    run.calls += 1
    asking = str(of.pk) if of else None
    try:
        if cursor:
            page = s.wix.query_packages(limit=PAGE, cursor=cursor, account_id=asking)
        else:
            sort = [{"fieldName": field, "order": order}]
            page = s.wix.query_packages(filter=filter_, sort=sort, limit=PAGE, account_id=asking)
    except WixAnswer as error:
        # Wix does not say how it refuses a cursor: any 400 on a call that carried one is read so.
        if not cursor or error.status != BAD_REQUEST:
            raise
        run.restarts += 1
        run.position = {k: v for k, v in run.position.items() if k != "cursor"}
        return True
    ingested = _keep(s, page, started, seen_in=s.pass_number)
    last = _last(page, field)
    idle = 0 if _shows_new(s, ingested) else int(run.position.get("idle", 0)) + 1
    run.position = run.position | {"cursor": page.next_cursor, "idle": idle}
    if last:
        run.position |= {"before": last.isoformat().replace("+00:00", "Z")}
    s.read_alone(package.pk for package in ingested.doubtful)
    if page.next_cursor and idle >= IDLE_PAGES:
        raise Standstill("packages", idle)
    return bool(page.next_cursor)


def _shows_new(s: SyncContext, ingested: Ingested) -> bool:
    """Whether the page showed a package that this phase had not been shown."""
    times = {at for at in ingested.confirmed_before if at}
    pages = Confirmation.objects.filter(at__in=times, seen_in=s.pass_number)
    return bool(ingested.confirmed_before - set(pages.values_list("at", flat=True)))


def _keep(
    s: SyncContext, page: Page[WixPackage], started: datetime, seen_in: int | None = None
) -> Ingested:
    """Bring a page into the mirror; `seen_in` is the pass by whose list it came."""
    run = s.run
    s.hear(page.call)
    result = ingest_packages(page.items, fetch_started_at=started, call=page.call, seen_in=seen_in)
    run.pages += 1
    run.packages_seen += len(page.items)
    run.rejected += len(page.rejected) + result.rejected
    run.rows_changed += result.rows_changed
    if run.kind == SyncRun.Kind.CHOSEN and page.items:
        run.shortfall = None  # some of them could be read
    if run.packages_expected is None and run.kind == SyncRun.Kind.FULL:
        run.packages_expected = Package.objects.present().count() or None
    # What lies ahead of Wix's own clock is no mark: everything later would be passed over.
    updated = [p.updated_at for p in page.items if p.updated_at and p.updated_at <= s.wix_now]
    run.high_water = max([*updated, *([run.high_water] if run.high_water else [])], default=None)
    return result


def _last(page: Page[WixPackage], field: str) -> datetime | None:
    if not page.items:
        return None
    return page.items[-1].created_at if field == "createdDate" else page.items[-1].updated_at


def read_next_alone(s: SyncContext) -> None:
    """Read the first of the packages that are to be read by a Get each."""
    first, *rest = s.run.position["alone"]
    package = Package.objects.filter(pk=first).first()
    if package is not None:
        get_package(s, package)
    position = {k: v for k, v in s.run.position.items() if k not in ("alone", "stumbled_at")}
    s.run.position = position | ({"alone": rest} if rest else {})


def get_package(s: SyncContext, package: Package) -> bool:
    """Read one package by Get, and return whether Wix let us.

    A 404 marks it gone. One that names no code may be of anything, so it takes two full passes.
    """
    leases.renew(s.run)  # whose lease ran out asks Wix for nothing more
    started = s.now()
    s.run.calls += 1
    try:
        answer = s.wix.get_package(account_id=str(package.account_id), package_id=str(package.pk))
    except WixNotFound as error:
        if not _says_that_it_is_gone(s, error, package):
            unreadable.note(s, error, Unreadable.Part.PACKAGE, package=package)
            return False
        s.run.rows_changed += mark_package_gone(package, fetch_started_at=started, call=error.call)
        return True
    except WixError as error:
        unreadable.note(s, error, Unreadable.Part.PACKAGE, package=package)
        return False
    s.hear(answer.call)
    result = ingest_packages(
        [answer.package], fetch_started_at=started, call=answer.call, authoritative=True
    )
    s.run.rows_changed += result.rows_changed
    return True


def _says_that_it_is_gone(s: SyncContext, error: WixNotFound, package: Package) -> bool:
    if error.code:
        return error.code != "ACCOUNT_NOT_FOUND"
    if s.run.kind != SyncRun.Kind.FULL or s.run.started_at is None:
        return False
    before = Unreadable.objects.standing().filter(package=package, status=error.status)
    return before.filter(since__lt=s.run.started_at).exists()


def read_by_id(s: SyncContext, wanted: "PackageQuerySet[Package]") -> bool:
    """Query by id, a hundred a call, those of these packages that this run has not confirmed."""
    asked = s.run.position.get("asked", "")
    stale = wanted.present().filter(last_confirmed_at__lt=s.run.started_at)
    if asked:
        stale = stale.filter(id__gt=UUID(asked))
    ids = list(stale.order_by("id").distinct().values_list("id", flat=True)[:PAGE])
    if not ids:
        return False
    query_ids(s, ids)
    s.go_on(asked=str(ids[-1]))
    return len(ids) == PAGE


def query_ids(s: SyncContext, ids: list[UUID]) -> int:
    """Read these packages, a hundred at most, and return how many calls that takes.

    Those that the answer leaves out or leaves in doubt are read alone.
    """
    answered: set[UUID] = set()
    cursor: str | None = None
    calls = 0
    while calls < IDLE_PAGES:
        started = s.now()
        calls += 1
        s.run.calls += 1
        try:
            page = s.wix.query_packages(
                filter={"id": {"$in": [str(id_) for id_ in ids]}}, limit=PAGE, cursor=cursor
            )
        except WixError as error:
            if error.next_move is not NextMove.STOP:
                raise
            if throttling.judge(error, s.wix).meaning is not Meaning.THING:
                raise
            break  # Wix does not take the question: each is asked for by itself
        s.read_alone(package.pk for package in _keep(s, page, started).doubtful)
        answered |= {UUID(package.id) for package in page.items}
        cursor = page.next_cursor
        if not cursor or answered >= set(ids):
            break
    left_out = [id_ for id_ in ids if id_ not in answered]
    s.read_alone(left_out)
    return calls + len(left_out)


def read_sites(s: SyncContext, account: Account) -> bool:
    """Read all sites of an account, keep them together, and return whether Wix let us."""
    try:
        sites, started = _sites(s, account)
    except (WixError, Standstill) as error:
        unreadable.note(s, error, Unreadable.Part.SITES, account=account)
        return False
    s.run.sites_seen += len(sites)
    s.run.rows_changed += ingest_sites(account, sites, fetch_started_at=started)
    return True


def _sites(s: SyncContext, account: Account) -> tuple[list[WixSite], datetime]:
    started = s.now()
    sites: dict[str, WixSite] = {}
    cursor: str | None = None
    idle = 0
    while True:
        s.run.calls += 1
        page = s.wix.query_sites(account_id=str(account.pk), limit=PAGE, cursor=cursor)
        s.hear(page.call)
        s.run.rejected += len(page.rejected)
        known = len(sites)
        sites |= {site.id: site for site in page.items}
        idle = 0 if len(sites) > known else idle + 1
        cursor = page.next_cursor
        if not cursor:
            return list(sites.values()), started
        if idle >= IDLE_PAGES:
            raise Standstill("sites", idle)
        s.save()
