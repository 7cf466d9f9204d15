"""Packages as Wix gave them in, changed rows out: the only way into the mirror.

A batch costs the same number of statements whether it holds one package or a hundred, and writes
only the rows that differ. Where it waits for another one, and for what, see `locks`.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from resellers import wix
from resellers.models import Confirmation, Operation, Package, ProductInstance
from resellers.wix_ids import as_wix_id

from . import changes, fingerprints, rows
from .accounts import come_back
from .locks import busy, in_turn, locked
from .standing import can_be_read, confirmed_since
from .values import same_moment


@dataclass
class Ingested:
    """What a batch did."""

    rows_changed: int = 0
    rejected: int = 0  # packages with an id that is no GUID
    # Packages whose content differs though Wix's updatedDate did not move on: a Get settles them.
    doubtful: list[Package] = field(default_factory=list)
    # When its packages had been confirmed before; None of one that was new.
    confirmed_before: set[datetime | None] = field(default_factory=set)


def ingest_packages(
    packages: Sequence[wix.Package],
    *,
    fetch_started_at: datetime,
    call: wix.Call | None = None,
    authoritative: bool = False,
    operation: Operation | None = None,
    seen_in: int | None = None,
) -> Ingested:
    """Bring these packages into the mirror.

    Of those that Wix shows as it last did, by their fingerprints, only the time is written. The
    others are compared field by field and written in one transaction.

    A package is left alone where the mirror confirmed it at or after `fetch_started_at` (database
    time), or where a call of an operation other than `operation` may be on its way. `authoritative`
    says that each came by its own Get: then other content wins whatever its updatedDate. `call` is
    the answer they came in, kept for each package that it confirms, and `seen_in` the pass by whose
    list they came.
    """
    usable = [package for package in packages if _is_usable(package)]
    batch = _newest_of_each(usable)
    prints = {id_: fingerprints.of(package) for id_, package in batch.items()}
    known, same = _confirm_same(prints, fetch_started_at, operation, _answer(call, seen_in))
    others = {id_: package for id_, package in batch.items() if id_ not in same}
    result = Ingested()
    if others:
        result = _bring_in(others, known, prints, fetch_started_at, authoritative, operation)
    result.rejected = len(packages) - len(usable)
    result.confirmed_before = {known[id_].confirmed_at if id_ in known else None for id_ in batch}
    return result


@in_turn
def _confirm_same(
    prints: Mapping[UUID, UUID],
    fetch_started_at: datetime,
    operation: Operation | None,
    answer: dict[str, Any] | None,
) -> tuple[dict[UUID, fingerprints.Held], set[UUID]]:
    """Confirm those that the mirror holds as they are, and keep the answer for all.

    Returns what is held, and which packages need not be looked at any further.
    """
    known = fingerprints.held(prints)
    same = {id_ for id_, held in known.items() if held.fingerprint == prints[id_]}
    if same:
        same -= busy(same, operation)
        fingerprints.confirm({id_: prints[id_] for id_ in same}, fetch_started_at)
        can_be_read(Q(package__in=same), fetch_started_at)
    if answer and prints:
        row = Confirmation(at=fetch_started_at, **answer)
        Confirmation.objects.bulk_create([row], ignore_conflicts=True)
    return known, same


@in_turn
def _bring_in(
    batch: Mapping[UUID, wix.Package],
    known: Container[UUID],
    prints: Mapping[UUID, UUID],
    fetch_started_at: datetime,
    authoritative: bool,
    operation: Operation | None,
) -> Ingested:
    """Compare these packages with what the mirror holds, and write what differs."""
    result = Ingested()
    owners = {UUID(package.account_id) for package in batch.values()}
    came_back = come_back(owners, fetch_started_at=fetch_started_at)
    fresh = rows.meet_unknown(batch.values(), known, prints, fetch_started_at)
    others = batch.keys() - fresh.keys()
    held = {package.id: package for package in locked(Package, Q(id__in=others))}
    held_instances = _held_instances(batch, others)
    moving = busy(others, operation)
    differences: list[changes.Difference] = []
    confirmed: dict[UUID, UUID | None] = {}
    named_by = _packages_of_instances(batch)
    for package_id, package in batch.items():
        if met := fresh.get(package_id):
            differences.append(changes.Difference(met, is_new=True, values={}, is_written=True))
            differences += _of_services(package, met, held_instances, named_by, fetch_started_at)
            continue
        old = held[package_id]
        if package_id in moving or confirmed_since(old, fetch_started_at):
            continue
        found = _differences(package, old, held_instances, named_by, fetch_started_at)
        agrees = authoritative or not found or _moved_on(old, package)
        if not agrees:
            if any(d.is_new or d.recorded_fields for d in found):
                result.doubtful.append(old)
                continue
            found = []
        differences += found
        confirmed[package_id] = prints[package_id] if agrees else None
    result.rows_changed = came_back + changes.write(
        differences, confirmed_at=fetch_started_at, operation=operation
    )
    fingerprints.note([held[id_] for id_ in confirmed], confirmed, fetch_started_at)
    can_be_read(Q(package__in=[*confirmed, *fresh]), fetch_started_at)
    return result


@in_turn
def mark_package_gone(
    package: Package, *, fetch_started_at: datetime, call: wix.Call | None = None
) -> int:
    """Note that Wix answered 404 for this package: it and its instances stay, with the date.

    Returns how many rows changed: none where the mirror confirmed it at or after
    `fetch_started_at`, or where a call of an operation may be on its way.
    """
    held = list(locked(Package, Q(pk=package.pk)))
    if busy({package.pk}) or any(confirmed_since(p, fetch_started_at) for p in held):
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
        last_confirmed_at=fetch_started_at, missing_since=None
    )
    if answer := _answer(call):
        Confirmation.objects.bulk_create(
            [Confirmation(at=fetch_started_at, **answer)], ignore_conflicts=True
        )
    can_be_read(Q(package=package), fetch_started_at)
    return changed


def _answer(call: wix.Call | None, seen_in: int | None = None) -> dict[str, Any] | None:
    """What is kept of the answer; of one that nobody knows, nothing, not another one's id."""
    if call is None:
        return None
    return {
        "seen_in": seen_in,
        "wix_request_id": (call.request_id or "")[:200],
        "wix_status": call.status,
        "wix_answered_at": call.sent_at + timedelta(milliseconds=call.duration_ms),
    }


def _is_usable(package: wix.Package) -> bool:
    return all(as_wix_id(instance.catalog_product_id) for instance in package.instances)


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


def _packages_of_instances(batch: Mapping[UUID, wix.Package]) -> dict[UUID, UUID]:
    """Which package each service counts for that they name: where several do, the last of them."""
    return {UUID(one.id): id_ for id_, package in batch.items() for one in package.instances}


def _held_instances(
    batch: Mapping[UUID, wix.Package], package_ids: Iterable[UUID]
) -> dict[UUID, ProductInstance]:
    """Those that the mirror holds of these packages, and all that the batch names."""
    named = [UUID(instance.id) for package in batch.values() for instance in package.instances]
    held = locked(ProductInstance, Q(package_id__in=package_ids) | Q(id__in=named))
    return {instance.id: instance for instance in held}


def _differences(
    package: wix.Package,
    old: Package,
    held_instances: dict[UUID, ProductInstance],
    named_by: Mapping[UUID, UUID],
    fetch_started_at: datetime,
) -> list[changes.Difference]:
    new = rows.package_row(package)
    found = changes.compare(old, new, rows.unparsed_columns(Package, package.unparsed))
    if found is None and old.last_confirmed_at is None:
        found = changes.Difference(old, is_new=False, values={})  # it was only met so far
    of_services = _of_services(package, new, held_instances, named_by, fetch_started_at)
    return [found, *of_services] if found else of_services


def _of_services(
    package: wix.Package,
    new: Package,
    held_instances: dict[UUID, ProductInstance],
    named_by: Mapping[UUID, UUID],
    fetch_started_at: datetime,
) -> list[changes.Difference]:
    compared = []
    for number, instance in enumerate(package.instances):
        row = rows.instance_row(instance, new)
        if named_by[row.id] != new.id:
            continue
        place = f"productInstances[{number}]."
        unparsed = rows.unparsed_columns(ProductInstance, package.unparsed, place)
        compared.append(changes.compare(held_instances.get(row.id), row, unparsed))
    left = (
        row
        for row in held_instances.values()
        if row.package_id == new.id and row.id not in named_by and row.gone_at is None
    )
    return [d for d in compared if d] + changes.gone(left, fetch_started_at)


def _moved_on(old: Package, package: wix.Package) -> bool:
    """Whether Wix's updatedDate says that this answer is later than what the mirror holds."""
    if old.last_confirmed_at is None or old.updated_at is None or package.updated_at is None:
        return True
    later = package.updated_at > old.updated_at
    return later and not same_moment(package.updated_at, old.updated_at)
