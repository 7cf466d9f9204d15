"""Put a tag before a package's external id. Source: Resellers, Update Package External ID."""

from collections.abc import Sequence
from dataclasses import dataclass

from resellers import wix
from resellers.models import Operation, Package
from resellers.operations.facts import Facts
from resellers.operations.foreseen import Foreseen, own
from resellers.operations.kind import Effect
from resellers.operations.kinds.external_id import ExternalIdWish
from resellers.operations.package_kind import PackageKind, PackageSeen
from resellers.operations.planned import PlanRow
from resellers.operations.steps import Back, Decision, Done, Refused, Send, Sent, Stuck
from resellers.operations.wish import Wish


@dataclass(frozen=True)
class TagPackageWish(Wish[Package]):
    """The package under that external id, which begins with the tag."""

    external_id: str


class TagPackage(PackageKind[TagPackageWish]):
    name = "tag_package"
    label = "Tag package"
    doing = "tagging"
    done = {"tag": "Tagged"}
    wish_class = TagPackageWish
    wants_reason = True
    writes = "Tags packages"
    changes = ("external_id",)

    def obstacles(self, thing: Package, facts: Facts) -> Sequence[Foreseen]:
        if found := super().obstacles(thing, facts):
            return found
        if thing.external_id:
            return ()
        words = "The package has no external id that could be tagged."
        return [own("", "NOTHING_TO_TAG", words, "Give it one first.")]

    def rows(self, thing: Package, wish: TagPackageWish) -> Sequence[PlanRow]:
        return [PlanRow("external_id", "External id", thing.external_id, wish.external_id)]

    def steps(self, thing: Package, wish: TagPackageWish) -> dict[str, str]:
        return {"tag": f"Tag {thing} as {wish.external_id}"}

    def has_moved(self, operation: Operation, seen: PackageSeen) -> bool:
        return not seen.found or seen.external_id != operation.before["external_id"]

    def decide(self, operation: Operation, seen: PackageSeen, refused: Refused | None) -> Decision:
        if not seen.found:
            return Stuck("Wix no longer shows this package.")
        if seen.external_id == self.wish_of(operation).external_id:
            return Done()
        if seen.external_id != operation.before["external_id"]:
            return Stuck("The package has an external id that nobody here asked for.")
        return Back() if refused else Send("tag")

    def effect(self, operation: Operation, step: str) -> Effect:
        return {str(operation.package_id): {"external_id": [self.wish_of(operation).external_id]}}

    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> Sent:
        answer = client.update_package_external_id(
            account_id=str(operation.account_id),
            package_id=str(operation.package_id),
            external_id=self.wish_of(operation).external_id,
        )
        return Sent(answer.call)

    def undo(self, operation: Operation) -> ExternalIdWish:
        return ExternalIdWish(operation.before["external_id"])
