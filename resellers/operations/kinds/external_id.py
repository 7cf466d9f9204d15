"""Give a package another external id. Source: Resellers, Update Package External ID.

It travels in the address, percent-encoded, cannot be emptied, and Wix takes no idempotency key:
sent twice it does the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from resellers import wix
from resellers.models import Operation, Package

from ..foreseen import Foreseen, own
from ..kind import About, Back, Decision, Done, Effect, PlanRow, Refused, Send, Sent, Stuck
from ..package_kind import PackageKind, PackageSeen
from ..wish import Wish

FIELD = "external_id"
LONGEST = 100
LEAD_ELSEWHERE = (".", "..")  # in an address, however they are written


@dataclass(frozen=True)
class ExternalIdWish(Wish[Package]):
    external_id: str


class ExternalId(PackageKind[ExternalIdWish]):
    name = "external_id"
    label = "Change external id"
    doing = "renaming"
    done = {"rename": "Changed"}
    wish_class = ExternalIdWish
    writes = "Changes external ids"
    changes = (FIELD,)
    cannot_be_undone = "It had no external id before, and Wix cannot take one away."

    def heading(self, thing: Package) -> str:
        return f"{self.label} of {thing}"

    def rows(self, thing: Package, wish: ExternalIdWish) -> Sequence[PlanRow]:
        return [PlanRow(FIELD, "External id", thing.external_id or "none", wish.external_id)]

    def steps(self, thing: Package, wish: ExternalIdWish) -> dict[str, str]:
        return {"rename": f"Change the external id to {wish.external_id}"}

    def foresee(self, thing: Package, wish: ExternalIdWish) -> Sequence[Foreseen]:
        if found := form_refusals(wish.external_id):
            return found
        if wish.external_id == thing.external_id:
            words = "That is its external id already."
            return [own(FIELD, "NO_CHANGE", words, "Choose another one.")]
        return external_id_taken(wish.external_id, self.about(thing, wish))

    def has_moved(self, operation: Operation, seen: PackageSeen) -> bool:
        return not seen.found or seen.external_id != operation.before[FIELD]

    def decide(self, operation: Operation, seen: PackageSeen, refused: Refused | None) -> Decision:
        if not seen.found:
            return Stuck("Wix no longer shows this package.")
        if seen.external_id == self.wish_of(operation).external_id:
            return Done()
        if seen.external_id != operation.before[FIELD]:
            return Stuck("The package has an external id that nobody here asked for.")
        return Back() if refused else Send("rename")

    def effect(self, operation: Operation, step: str) -> Effect:
        wished = self.wish_of(operation).external_id
        return {str(operation.package_id): {FIELD: [wished]}}

    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> Sent:
        answer = client.update_package_external_id(
            account_id=str(operation.account_id),
            package_id=str(operation.package_id),
            external_id=self.wish_of(operation).external_id,
        )
        return Sent(answer.call)

    def undo(self, operation: Operation) -> ExternalIdWish | None:
        before = operation.before[FIELD]
        return None if form_refusals(before) else ExternalIdWish(before)


def form_refusals(external_id: str) -> list[Foreseen]:
    """Why Wix would not take this for an external id, which may be almost any text."""
    if not external_id:
        words, step = "Wix cannot take an external id away.", "Type the new one."
    elif len(external_id) > LONGEST:
        words = f"An external id has {LONGEST} characters at most, and this has {len(external_id)}."
        step = "Shorten it."
    elif external_id in LEAD_ELSEWHERE:
        words = "Wix takes it in an address, where . and .. alone lead elsewhere."
        step = "Add another character."
    else:
        return []
    return [own(FIELD, "EXTERNAL_ID_FORM", words, step)]


def external_id_taken(external_id: str, about: About) -> list[Foreseen]:
    """A refusal where another package has it, or is wished to: Wix does not mind, but then it
    names neither.
    """
    if other := Package.objects.present().filter(external_id=external_id).first():
        words = f"A package of {other.account} has this external id already."
    elif wished := _wished_elsewhere(external_id, about):
        words = (
            f"{wished.requested_by} asked for this external id with operation #{wished.pk}, which"
            " has not ended yet."
        )
    else:
        return []
    return [own(FIELD, "EXTERNAL_ID_TAKEN", words, "Choose one that no other package has.")]


def _wished_elsewhere(external_id: str, about: About) -> Operation | None:
    """The open operation on another thing that wants this external id."""
    wishes = Operation.objects.open().filter(wish__external_id=external_id)
    return wishes.exclude(subject=about.subject).select_related("requested_by").first()
