"""Tables of the world: rows by id, what finds them quickly, and what they were before.

The packages' dates are kept in sorted lists, so that a page of a hundred costs the same in a
world of four hundred and of a hundred thousand.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Generic, Protocol, TypeVar

from .entities import DomainAssignment, Instance, Package, Site

HISTORY = 20_000


class Identified(Protocol):
    """What a table holds: anything with an id."""

    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=Identified)


class Table(Generic[Row]):
    """Rows by id, with the replaced and removed ones kept for looks into the past."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.rows: dict[str, Row] = {}
        self._history: deque[tuple[int, str, Row | None]] = deque(maxlen=HISTORY)
        for row in rows:
            self.rows[row.id] = row

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows.values())

    def __getitem__(self, row_id: str) -> Row:
        return self.rows[row_id]

    def __contains__(self, row_id: object) -> bool:
        return row_id in self.rows

    def get(self, wanted: object) -> Row | None:
        """The row of that id in whatever case, or None."""
        return self.rows.get(wanted.lower()) if isinstance(wanted, str) else None

    def put(self, row: Row, at: int) -> None:
        """Set the row in the place of the one with its id."""
        self._history.append((at, row.id, self.rows.get(row.id)))
        self.rows[row.id] = row

    def remove(self, row_id: str, at: int) -> None:
        """Take the row of that id out."""
        self._history.append((at, row_id, self.rows.pop(row_id)))

    def versions(self) -> dict[str, list[tuple[int, Row | None]]]:
        """By id, what each row was and since which moment, as far back as is remembered."""
        found: dict[str, list[tuple[int, Row | None]]] = {}
        for at, row_id, before in self._history:
            versions = found.setdefault(row_id, [(0, before)])
            versions[-1] = versions[-1][0], before
            versions.append((at, None))
        for row_id, row in self.rows.items():
            versions = found.setdefault(row_id, [(0, row)])
            versions[-1] = versions[-1][0], row
        return found

    def rows_at(self, moment: int) -> list[Row]:
        """The rows as they were at that moment, as far back as is remembered."""
        since = {row_id: before for at, row_id, before in reversed(self._history) if at > moment}
        rows: dict[str, Row | None] = {**self.rows, **since}
        return [row for row in rows.values() if row is not None]


class Packages(Table[Package]):
    """Packages, found by account, reference, instance, site, product and status."""

    def __init__(self, rows: Iterable[Package] = ()) -> None:
        super().__init__(rows)
        self.by_account: dict[str, set[str]] = {}
        self.by_external_id: dict[str | None, set[str]] = {}
        self.by_instance: dict[str, str] = {}
        self.by_site: dict[str, set[str]] = {}
        self.by_product: dict[str, set[str]] = {}
        self.by_status: dict[str, set[str]] = {}
        self.used_references: set[str] = set()
        self.live_of_product: dict[str, int] = {}
        for package in self:
            self._index(package)
        self.by_created = sorted((package.created, package.id) for package in self)
        self.by_updated = sorted((package.updated, package.id) for package in self)

    def put(self, row: Package, at: int) -> None:
        before = self.rows.get(row.id)
        super().put(row, at)
        if before is not None:
            self._unindex(before)
            _remove(self.by_created, (before.created, before.id))
            _remove(self.by_updated, (before.updated, before.id))
        self._index(row)
        insort(self.by_created, (row.created, row.id))
        insort(self.by_updated, (row.updated, row.id))

    def instance(self, wanted: object) -> Instance | None:
        """The instance of that id in whatever case, or None."""
        if not isinstance(wanted, str):
            return None
        instance_id = wanted.lower()
        package_id = self.by_instance.get(instance_id)
        if package_id is None:
            return None
        return next(one for one in self.rows[package_id].instances if one.id == instance_id)

    def on_site(self, site_id: str) -> list[Instance]:
        """The instances that stand on that site, whatever their status."""
        return [
            instance
            for package_id in self.by_site.get(site_id, ())
            for instance in self.rows[package_id].instances
            if instance.site_id == site_id
        ]

    def _index(self, package: Package) -> None:
        self.by_account.setdefault(package.account_id, set()).add(package.id)
        self.by_external_id.setdefault(package.external_id, set()).add(package.id)
        for instance in package.instances:
            self.by_instance[instance.id] = package.id
            self.by_product.setdefault(instance.product_id, set()).add(package.id)
            self.by_status.setdefault(instance.status.upper(), set()).add(package.id)
            if instance.site_id:
                self.by_site.setdefault(instance.site_id, set()).add(package.id)
            if instance.reference_id:
                self.used_references.add(instance.reference_id)
            if instance.live:
                count = self.live_of_product.get(instance.product_id, 0)
                self.live_of_product[instance.product_id] = count + 1

    def _unindex(self, package: Package) -> None:
        self.by_account[package.account_id].discard(package.id)
        self.by_external_id[package.external_id].discard(package.id)
        for instance in package.instances:
            self.by_product[instance.product_id].discard(package.id)
            self.by_status[instance.status.upper()].discard(package.id)
            if instance.site_id:
                self.by_site[instance.site_id].discard(package.id)
            if instance.live:
                self.live_of_product[instance.product_id] -= 1


class Sites(Table[Site]):
    """Sites, found by the account that owns them."""

    def __init__(self, rows: Iterable[Site] = ()) -> None:
        super().__init__(rows)
        self.by_account: dict[str, set[str]] = {}
        self.names: set[str] = set()
        for site in self:
            self._index(site)

    def put(self, row: Site, at: int) -> None:
        before = self.rows.get(row.id)
        super().put(row, at)
        if before is not None:
            self.by_account[before.account_id].discard(before.id)
        self._index(row)

    def of_account(self, account_id: str) -> list[Site]:
        """The account's sites, those in the trash included."""
        return [self.rows[site_id] for site_id in sorted(self.by_account.get(account_id, ()))]

    def _index(self, site: Site) -> None:
        self.by_account.setdefault(site.account_id, set()).add(site.id)
        self.names.add(site.name)


class DomainAssignmentTable(Table[DomainAssignment]):
    """Domain assignments by domain, found by the site they are on."""

    def of_site(self, site_id: str) -> list[DomainAssignment]:
        """The site's assignments."""
        return [one for one in self if one.site_id == site_id]

    def primary_of(self, site_id: str) -> DomainAssignment | None:
        """The site's primary domain, if it has any domain."""
        return next((one for one in self.of_site(site_id) if one.is_primary), None)


def _remove(ordered: list[tuple[int, str]], key: tuple[int, str]) -> None:
    place = bisect_left(ordered, key)
    if place < len(ordered) and ordered[place] == key:
        del ordered[place]
