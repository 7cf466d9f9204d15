"""Give a package another external id. Source: Resellers, Update Package External ID.

It travels in the address, percent-encoded, cannot be emptied, and Wix takes no idempotency key:
sent twice it does the same.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import wix
from resellers.models import Operation, Package, scope

from ..foreseen import Foreseen, own
from ..kind import Effect
from ..package_kind import PackageKind, PackageSeen
from ..planned import About, PlanRow
from ..sentences import Sentences
from ..steps import Back, Decision, Done, Refused, Send, Sent, Stuck
from ..wish import Wish

FIELD = "external_id"
LONGEST = 100
LEAD_ELSEWHERE = (".", "..")  # in an address, however they are written


@dataclass(frozen=True)
class ExternalIdWish(Wish[Package]):
    external_id: str


class ExternalId(PackageKind[ExternalIdWish]):
    name = "external_id"
    label = gettext_lazy("Change external id")
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

    def sentences(self, operation: Operation) -> Sentences:
        old, new = self.sides(operation, FIELD)
        return Sentences(
            waits=_("The package waits to be called %(new)s") % {"new": new},
            under_way=_("The package is being given the external id %(new)s") % {"new": new},
            done=_("The package is now known as %(new)s") % {"new": new},
            was_done=_("The package was given the external id %(new)s") % {"new": new},
            no_more=_("The package is no longer known as %(new)s") % {"new": new},
            not_done=_("The package was not given the external id %(new)s") % {"new": new},
            as_before=_("The package keeps its external id: %(old)s") % {"old": old},
            in_doubt=_("We cannot say which external id the package has"),
            neither=_("The package is known neither as %(new)s nor as %(old)s")
            % {"new": new, "old": old},
        )

    def steps(self, thing: Package, wish: ExternalIdWish) -> dict[str, str]:
        return {"rename": f"Change the external id to {wish.external_id}"}

    def foresee(self, thing: Package, wish: ExternalIdWish) -> Sequence[Foreseen]:
        if found := form_refusals(wish.external_id):
            return found
        if wish.external_id == thing.external_id:
            words = "That is its external id already."
            return [own(FIELD, "NO_CHANGE", words, _("Choose another one."))]
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
    return TakenIds.of([external_id]).refusals(external_id, about.subject)


@dataclass(frozen=True)
class TakenIds:
    """Which packages have some external ids by now, and which open operations want them."""

    packages: Mapping[str, Sequence[Package]]
    wishes: Sequence[Operation]

    @classmethod
    @scope.everything()
    def of(cls, external_ids: Collection[str]) -> Self:
        """Read for all of these in two queries."""
        packages: dict[str, list[Package]] = defaultdict(list)
        held = Package.objects.present().filter(external_id__in=external_ids)
        for package in held.select_related("account").defer("raw", "account__raw"):
            packages[package.external_id].append(package)
        wishes = Operation.objects.open().filter(wish__external_id__in=external_ids)
        return cls(packages, list(wishes.select_related("requested_by", "account").order_by("id")))

    def refusals(self, external_id: str, subject: str) -> list[Foreseen]:
        """A refusal where another package has it, or an operation on another thing wants it."""
        wished = next((one for one in self.wishes if self._wants(one, external_id, subject)), None)
        if others := self.packages.get(external_id):
            account = others[0].account
            whose = str(account) if scope.may_see(account) else _("a customer you may not see")
            words = f"A package of {whose} has this external id already."
        elif wished and not scope.may_see(wished.account):
            words = _("Somebody asked for this external id, which has not ended yet.")
        elif wished:
            words = (
                f"{wished.requested_by} asked for this external id with operation #{wished.pk},"
                " which has not ended yet."
            )
        else:
            return []
        return [own(FIELD, "EXTERNAL_ID_TAKEN", words, _("Choose one that no other package has."))]

    def package_ids(self, external_id: str) -> tuple[str, ...]:
        """The ids of the packages that have it, sorted."""
        return tuple(sorted(str(package.pk) for package in self.packages.get(external_id, ())))

    @staticmethod
    def _wants(operation: Operation, external_id: str, subject: str) -> bool:
        return operation.subject != subject and operation.wish.get("external_id") == external_id
