"""Changes of packages and instances, their dates, and what falls with a Premium plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .domain_assignments import DomainAssignments
from .entities import ENABLED, Instance, Package


class InstanceChanges(DomainAssignments):
    """Packages and instances as they change."""

    def change_instance(self, instance_id: str, at: int | None = None, **changes: Any) -> Instance:
        """Change an instance, its package's and its own updatedDate as switched.

        A Premium plan that leaves its site takes along what hangs on it. What is enabled for the
        first time and ends with its cycle gets the date of its end.
        """
        at = self.clock.now() if at is None else at
        before = self.packages.instance(instance_id)
        assert before is not None
        if changes.get("status") == ENABLED and before.expires is None:
            changes.setdefault("expires", self._end_of_cycle(before, at))
        if changes.get("expires") is not None:
            self.schedule_at(changes["expires"], "expire", before.id)
        moves = self.switches.updated_date
        if moves != "none":
            changes.setdefault("updated", max(at, before.updated + 1))
        after = replace(before, **changes)
        package = self.packages.rows[before.package_id]
        self.put_package(
            replace(
                package,
                instances=tuple(after if one.id == after.id else one for one in package.instances),
                updated=max(at, package.updated + 1) if moves == "both" else package.updated,
            ),
            at,
        )
        stays = after.live and not after.ending and after.site_id == before.site_id
        if before.site_id and not stays and self.is_plan(before.product_id):
            self._plan_left(before.site_id, at)
        return after

    def change_package(self, package: Package, **changes: Any) -> Package:
        """Change a package, its updatedDate as given, else as switched where Wix shows the change.

        What only decides where it is seen moves no date.
        """
        at = self.clock.now()
        visible = changes.keys() & {"external_id", "created"}
        if visible and self.switches.updated_date == "both":
            changes.setdefault("updated", max(at, package.updated + 1))
        return self.put_package(replace(package, **changes), at)

    def _end_of_cycle(self, instance: Instance, begins: int) -> int | None:
        """When what begins now ends by itself, if it does."""
        product, cycle = self.products.get(instance.product_id), instance.billing.cycle
        if product is None or not product.expires or cycle is None:
            return None
        return begins + cycle.length

    def _plan_left(self, site_id: str, at: int) -> None:
        if self.has_premium(site_id):
            return
        others = self.packages.on_site(site_id)
        self.unassign_all_domains(site_id, at)
        if self.switches.dependents == "float":
            for one in others:
                product = self.products.get(one.product_id)
                if product is not None and product.needs_premium and one.live:
                    self.change_instance(one.id, at, site_id=None)
