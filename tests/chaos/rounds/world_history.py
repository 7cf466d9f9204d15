"""What each package, service and connected domain was at Wix, and since when."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tests import truth
from tests.truth import Fields

if TYPE_CHECKING:
    from resellers.sandbox import Sandbox
    from resellers.sandbox.world.entities import DomainAssignment, Package

# By `package ID`, `service ID`, `connected DOMAIN` and `assigned DOMAIN`: since which millisecond
# it was what; None while there was none.
History = dict[str, list[tuple[int, Fields | None]]]

ENDED = ("FAILED", "CANCELED")


def history(sandbox: "Sandbox") -> History:
    """The history of everything that the world holds, as far back as it remembers."""
    world = sandbox.world
    with world.lock:
        world.run_due_events()
        versions = world.packages.versions()
        connected, assigned = (
            world.connected_domains.versions(),
            world.domain_assignments.versions(),
        )
    found: History = {}
    for id_, rows in versions.items():
        for since, package in rows:
            found.setdefault(f"package {id_}", []).append((since, _package(package)))
            for record, fields in _services(package, rows[-1][1]):
                versions_of_one = found.setdefault(record, [])
                if not versions_of_one or versions_of_one[-1][1] != fields:
                    versions_of_one.append((since, fields))
    for domain, was in connected.items():
        found[f"connected {domain}"] = [(since, {} if one else None) for since, one in was]
    for domain, on in assigned.items():
        found[f"assigned {domain}"] = [(since, _site_of(one)) for since, one in on]
    return found


def _package(package: "Package | None") -> Fields | None:
    if package is None:
        return None
    living = sorted(one.id for one in package.instances if one.status not in ENDED)
    canceled = sorted(one.id for one in package.instances if one.status == "CANCELED")
    return truth.fields_of_package(package) | {"live": living, "canceled": canceled}


def _site_of(assignment: "DomainAssignment | None") -> Fields | None:
    return {"site": assignment.site_id} if assignment else None


def _services(
    package: "Package | None", last: "Package | None"
) -> Iterator[tuple[str, Fields | None]]:
    if package is not None:
        for one in package.instances:
            yield f"service {one.id}", truth.fields_of_service(one, package)
    elif last is not None:
        # A package is made with all that it holds.
        for one in last.instances:
            yield f"service {one.id}", None


class WorldHistory:
    """Looks into a history."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._since = {record: [since for since, _ in rows] for record, rows in history.items()}

    def at(self, record: str, moment: int) -> Fields | None:
        """What it was at that moment; None where it was not there."""
        place = bisect_right(self._since.get(record, ()), moment)
        return self._history[record][place - 1][1] if place else None

    def changes(self, record: str) -> Iterator[tuple[int, Fields, Fields]]:
        """When it became other than it was, with what it was before and since."""
        rows = self._history.get(record, [])
        for (_, before), (since, after) in pairwise(rows):
            if before is not None and after is not None:
                yield since, before, after

    def values(self, record: str, name: str) -> set[Any]:
        """What that field has ever been."""
        return {fields[name] for _, fields in self._history.get(record, ()) if fields is not None}

    def moments(self, first: int, last: int, *records: str) -> Iterator[int]:
        """The beginning of that time, and each moment within at which one of them changed."""
        yield first
        for record in records:
            yield from (since for since in self._since.get(record, ()) if first < since <= last)

    def packages(self, external_id: str, moment: int) -> list[str]:
        """The ids of the packages that had this external id at that moment."""
        return [
            record.partition(" ")[2]
            for record in self._history
            if record.startswith("package ")
            and (fields := self.at(record, moment))
            and fields["external_id"] == external_id
        ]


def milliseconds(moment: str | None) -> int | None:
    """A moment as evidence keeps it, in milliseconds since 1970."""
    return round(datetime.fromisoformat(moment).timestamp() * 1000) if moment else None
