"""What kinds share whose thing Wix shows inside a package: they read by Get Package."""

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from resellers import wix
from resellers.models import InstanceStatus, Operation, OperationAttempt, Package, SyncRun
from resellers.models.states import has_ended

from .conflicts import Conflicts
from .facts import Facts
from .foreseen import Foreseen, package_refusals
from .kind import Kind, WishT
from .planned import About, Freshness
from .steps import Reading, SeenT
from .wish import JsonObject, Thing, ThingT


def may_have_gone_out(operation: Operation, step: str) -> bool:
    """Whether Wix may have carried that step out, since a person last let the operation go on."""
    sent = operation.attempts.filter(step=step, writes=True, id__gt=operation.resumed_after)
    return sent.filter(state__in=OperationAttempt.MAYBE_CARRIED_OUT).exists()


def what_ending_makes() -> dict[str, list[str]]:
    """What ending a service makes of it: pending on the way there, and on no site if Wix so likes.

    As an effect has it, for one service.
    """
    return {"status": [InstanceStatus.PENDING, InstanceStatus.CANCELED], "site": [""]}


class ReadByPackage(Kind[ThingT, WishT, SeenT]):
    """A kind that one Get Package tells everything."""

    @abstractmethod
    def in_package(self, operation: Operation, package: wix.Package) -> SeenT:
        """The thing as this package shows it."""

    @abstractmethod
    def nothing(self) -> SeenT:
        """What is seen where Wix shows no such package any more."""

    def read(self, operation: Operation, client: wix.WixClient) -> Reading[SeenT]:
        answer = client.get_package(
            account_id=str(operation.account_id), package_id=str(operation.package_id)
        )
        seen = self.in_package(operation, answer.package)
        return Reading(seen, answer.call, (answer.package,), is_get=True)


@dataclass(frozen=True, slots=True)
class PackageSeen:
    """What was seen of a whole package: its external id, and its services' statuses by their ids.

    `live` are the ids, sorted, of those that have not ended, `pending` those of them that Wix is
    still at, `canceled` those of the ended that did not fail.
    """

    found: bool
    external_id: str = ""
    live: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    pending: tuple[str, ...] = ()
    canceled: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, external_id: str | None, services: Iterable[tuple[str, str]], *, found: bool = True
    ) -> "PackageSeen":
        """From its services' ids and statuses; one that is shown twice counts once."""
        services = sorted(dict(services).items())
        return cls(
            found,
            external_id or "",
            tuple(id_ for id_, status in services if not has_ended(status)),
            tuple(id_ for id_, status in services if has_ended(status)),
            tuple(id_ for id_, status in services if status == InstanceStatus.PENDING),
            tuple(id_ for id_, status in services if status == InstanceStatus.CANCELED),
        )

    def as_json(self) -> JsonObject:
        return {
            "found": self.found,
            "external_id": self.external_id,
            "live": list(self.live),
            "ended": list(self.ended),
            "pending": list(self.pending),
            "canceled": list(self.canceled),
        }


class PackageKind(ReadByPackage[Package, WishT, PackageSeen]):
    """A kind whose thing is one whole package."""

    noun = "package"
    seen_as = {
        "external_id": "External id",
        "live": "Services that have not ended",
        "ended": "Services that have ended",
    }

    def load(self, pk: UUID) -> Package:
        return Package.objects.select_related("account").get(pk=pk)

    def guard(self, thing: Package) -> Thing:
        return thing

    def about(self, thing: Package, wish: WishT) -> About:
        return About(f"package:{thing.pk}", thing.account, thing)

    def thing_of(self, operation: Operation) -> Package | None:
        return operation.package

    def conflicts(self, about: About | Operation) -> Conflicts:
        return Conflicts(package_id=about.package_id)

    def holders(self, thing: Package) -> Conflicts:
        return Conflicts(package_id=thing.pk)

    def obstacles(self, thing: Package, facts: Facts) -> Sequence[Foreseen]:
        return package_refusals(thing)

    def freshness(self, thing: Package) -> Freshness:
        return Freshness(thing.last_confirmed_at, SyncRun.Kind.PACKAGE, thing.account, thing)

    def in_mirror(self, thing: Package, wish: WishT) -> PackageSeen:
        services = thing.instances.present().values_list("id", "status")
        return PackageSeen.of(
            thing.external_id,
            ((str(id_), status) for id_, status in services),
            found=thing.gone_at is None,
        )

    def in_package(self, operation: Operation, package: wix.Package) -> PackageSeen:
        return PackageSeen.of(package.external_id, ((i.id, i.status) for i in package.instances))

    def nothing(self) -> PackageSeen:
        return PackageSeen(found=False)

    def describe_reading(self, operation: Operation, seen: dict[str, Any]) -> str:
        if not seen.get("found", True):
            return "no such package"
        living, ended = len(seen.get("live", [])), len(seen.get("ended", []))
        name = seen.get("external_id") or "none"
        return f"external id {name}, {living} living and {ended} ended services"
