"""Packages and sites as Wix gave them in, changed rows out: the only way into the mirror.

A batch costs the same number of statements whether it holds one package or a hundred, and writes
only the rows that differ. Where it waits for another one, and for what, see `locks`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from resellers import wix
from resellers.models import Account, Operation, Package, ProductInstance, Site, Unreadable
from resellers.models.querysets import PRESENT
from resellers.wix_ids import as_wix_id

from . import changes, rows
from .accounts import come_back
from .locks import busy, in_turn, locked
from .values import same_moment


@dataclass
class Ingested:
    """What a batch did."""

    rows_changed: int = 0
    rejected: int = 0  # packages with an id that is no GUID
    # Packages whose content differs though Wix's updatedDate did not move on: a Get settles them.
    doubtful: list[Package] = field(default_factory=list)


@in_turn
def ingest_packages(
    packages: Sequence[wix.Package],
    *,
    fetch_started_at: datetime,
    call: wix.Call | None = None,
    authoritative: bool = False,
    operation: Operation | None = None,
) -> Ingested:
    """Bring these packages into the mirror, in one transaction.

    A package is left alone where the mirror confirmed it at or after `fetch_started_at` (database
    time), or where a call of an operation other than `operation` may be on its way. `authoritative`
    says that each came by its own Get: then other content wins whatever its updatedDate. `call` is
    the answer they came in, kept with each package that it confirms.
    """
    result = Ingested()
    batch = _newest_of_each(package for package in packages if _is_usable(package, result))
    owners = {UUID(package.account_id) for package in batch.values()}
    came_back = come_back(owners, fetch_started_at=fetch_started_at)
    rows.meet_unknown(batch.values())
    held = {package.id: package for package in locked(Package, Q(id__in=batch))}
    held_instances = _held_instances(batch)
    moving = busy(batch, operation)
    differences: list[changes.Difference] = []
    confirmed: list[UUID] = []
    for package_id, package in batch.items():
        old = held[package_id]
        if package_id in moving or _confirmed_since(old, fetch_started_at):
            continue
        found = _differences(package, old, held_instances, fetch_started_at)
        if not authoritative and not _moved_on(old, package):
            if any(d.is_new or d.recorded_fields for d in found):
                result.doubtful.append(old)
                continue
            found = []
        differences += found
        confirmed.append(package_id)
    result.rows_changed = came_back + changes.write(
        differences, confirmed_at=fetch_started_at, operation=operation
    )
    Package.objects.filter(id__in=confirmed).update(
        last_confirmed_at=fetch_started_at, missing_since=None, **_answer(call)
    )
    _can_be_read(Q(package__in=confirmed), fetch_started_at)
    return result


@in_turn
def ingest_sites(account: Account, sites: Sequence[wix.Site], *, fetch_started_at: datetime) -> int:
    """Bring all of an account's sites into the mirror and return how many rows changed.

    Sites the mirror holds for this account that are not among them are marked gone.
    """
    listed = {UUID(site.id) for site in sites}
    _meet_owners(sites)
    came_back = come_back([account.pk] if sites else [], fetch_started_at=fetch_started_at)
    list(locked(Account, Q(pk=account.pk)))
    here = PRESENT & Q(account=account)
    held = list(locked(Site, Q(id__in=listed) | here))
    left = (
        site
        for site in held
        if site.id not in listed
        and site.account_id == account.pk
        and not _confirmed_since(site, fetch_started_at)
    )
    gone = changes.gone(left, fetch_started_at)
    changed = note_sites(sites, fetch_started_at=fetch_started_at, account=account)
    changed += came_back + changes.write(gone, confirmed_at=fetch_started_at)
    _can_be_read(Q(account=account, part=Unreadable.Part.SITES), fetch_started_at)
    checked = {"sites_checked_at": fetch_started_at}
    if sites or account.last_confirmed_at or account.packages.exists():
        # An empty answer alone shows nothing of an account: Wix may not know its id at all.
        checked["last_confirmed_at"] = fetch_started_at
    Account.objects.filter(pk=account.pk).update(**checked)
    return changed


@in_turn
def note_sites(
    sites: Sequence[wix.Site],
    *,
    fetch_started_at: datetime,
    account: Account | None = None,
    operation: Operation | None = None,
) -> int:
    """Bring these sites into the mirror, concluding nothing of others; returns rows changed.

    `account` is whose sites they are where Wix does not say it; such a site is else passed over.
    """
    batch = {UUID(site.id): site for site in sites if site.account_id or account}
    if not batch:
        return 0
    _meet_owners(sites)
    held = {site.id: site for site in locked(Site, Q(id__in=batch))}
    fresh = {
        site_id: site
        for site_id, site in batch.items()
        if not _confirmed_since(held.get(site_id), fetch_started_at)
    }
    compared = (
        changes.compare(
            held.get(site_id),
            rows.site_row(site, account),
            rows.unparsed_columns(Site, site.unparsed),
        )
        for site_id, site in fresh.items()
    )
    differences = [difference for difference in compared if difference]
    changed = changes.write(differences, confirmed_at=fetch_started_at, operation=operation)
    Site.objects.filter(id__in=fresh).update(last_confirmed_at=fetch_started_at)
    return changed


@in_turn
def mark_package_gone(
    package: Package, *, fetch_started_at: datetime, call: wix.Call | None = None
) -> int:
    """Note that Wix answered 404 for this package: it and its instances stay, with the date.

    Returns how many rows changed: none where the mirror confirmed it at or after
    `fetch_started_at`, or where a call of an operation may be on its way.
    """
    held = list(locked(Package, Q(pk=package.pk)))
    if busy({package.pk}) or any(_confirmed_since(p, fetch_started_at) for p in held):
        return 0
    found: list[Package | ProductInstance] = [
        *held,
        *locked(ProductInstance, Q(package=package)),
    ]
    changed = changes.write(
        changes.gone((row for row in found if row.gone_at is None), fetch_started_at),
        confirmed_at=fetch_started_at,
    )
    Package.objects.filter(pk=package.pk).update(
        last_confirmed_at=fetch_started_at, missing_since=None, **_answer(call)
    )
    _can_be_read(Q(package=package), fetch_started_at)
    return changed


def _can_be_read(which: Q, since: datetime) -> None:
    """Wix lets us read this again, or has no more of it."""
    Unreadable.objects.standing().filter(which).update(ended_at=since)


def _meet_owners(sites: Sequence[wix.Site]) -> None:
    rows.make_missing(Account, {UUID(site.account_id) for site in sites if site.account_id})


def _answer(call: wix.Call | None) -> dict[str, Any]:
    """What is kept of the answer; of one that nobody knows, nothing, not another one's id."""
    if call is None:
        return {"wix_request_id": "", "wix_status": None, "wix_answered_at": None}
    return {
        "wix_request_id": (call.request_id or "")[:200],
        "wix_status": call.status,
        "wix_answered_at": call.sent_at + timedelta(milliseconds=call.duration_ms),
    }


def _is_usable(package: wix.Package, result: Ingested) -> bool:
    if all(as_wix_id(instance.catalog_product_id) for instance in package.instances):
        return True
    result.rejected += 1
    return False


def _newest_of_each(packages: Iterable[wix.Package]) -> dict[UUID, wix.Package]:
    """The packages by id; of one that a moving list showed twice, the later version."""
    batch: dict[UUID, wix.Package] = {}
    for package in packages:
        other = batch.get(UUID(package.id))
        if other and other.updated_at and package.updated_at:
            later = package if package.updated_at >= other.updated_at else other
        else:
            later = package
        batch[UUID(package.id)] = later
    return batch


def _held_instances(batch: dict[UUID, wix.Package]) -> dict[UUID, ProductInstance]:
    named = [UUID(instance.id) for package in batch.values() for instance in package.instances]
    held = locked(ProductInstance, Q(package_id__in=batch) | Q(id__in=named))
    return {instance.id: instance for instance in held}


def _differences(
    package: wix.Package,
    old: Package,
    held_instances: dict[UUID, ProductInstance],
    fetch_started_at: datetime,
) -> list[changes.Difference]:
    new = rows.package_row(package)
    compared = [changes.compare(old, new, rows.unparsed_columns(Package, package.unparsed))]
    listed = set()
    for number, instance in enumerate(package.instances):
        row = rows.instance_row(instance, new)
        place = f"productInstances[{number}]."
        unparsed = rows.unparsed_columns(ProductInstance, package.unparsed, place)
        compared.append(changes.compare(held_instances.get(row.id), row, unparsed))
        listed.add(row.id)
    left = (
        row
        for row in held_instances.values()
        if row.package_id == new.id and row.id not in listed and row.gone_at is None
    )
    return [d for d in compared if d] + changes.gone(left, fetch_started_at)


def _confirmed_since(row: Package | Site | None, fetch_started_at: datetime) -> bool:
    return bool(row and row.last_confirmed_at and row.last_confirmed_at >= fetch_started_at)


def _moved_on(old: Package, package: wix.Package) -> bool:
    """Whether Wix's updatedDate says that this answer is later than what the mirror holds."""
    if old.updated_at is None or package.updated_at is None:
        return True
    later = package.updated_at > old.updated_at
    return later and not same_moment(package.updated_at, old.updated_at)
