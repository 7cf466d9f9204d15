"""What every kind of operation says: its wish, what it reads, its steps, what may go wrong.

A kind is stateless. What it knows of an operation's past is the `History` of its attempts.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from resellers import wix
from resellers.models import Operation, OperationKind, ProductInstance

Wish = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reading showed of one instance. Ids are lower-case GUIDs, a cycle is `1 YEAR`."""

    found: bool
    site_id: str | None = None
    product_id: str = ""
    cycle: str = ""
    status: str = ""

    @classmethod
    def in_package(cls, package: wix.Package, instance_id: str) -> "Seen":
        """The instance as this package shows it."""
        for instance in package.instances:
            if instance.id == instance_id:
                billing = instance.billing
                return cls(
                    found=True,
                    site_id=instance.site_id or None,
                    product_id=instance.catalog_product_id,
                    cycle=f"{billing.count or 1} {billing.unit}"
                    if billing and billing.unit
                    else "",
                    status=instance.status,
                )
        return cls(found=False)

    @classmethod
    def in_mirror(cls, instance: ProductInstance) -> "Seen":
        """The instance as the mirror holds it."""
        return cls(
            found=instance.gone_at is None,
            site_id=str(instance.site_id) if instance.site_id else None,
            product_id=str(instance.product_id),
            cycle=instance.cycle,
            status=instance.status,
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "found": self.found,
            "site_id": self.site_id,
            "product_id": self.product_id,
            "cycle": self.cycle,
            "status": self.status,
        }


@dataclass(frozen=True, slots=True)
class Refused:
    """What Wix answered to the step that it refused."""

    step: str
    status: int | None
    code: str
    message: str
    wix_request_id: str


@dataclass(frozen=True, slots=True)
class Done:
    """The wish is true."""


@dataclass(frozen=True, slots=True)
class Send:
    """This step has to be sent."""

    step: str
    is_way_back: bool = False


@dataclass(frozen=True, slots=True)
class Back:
    """Wix refused, and the thing is as it was before."""


@dataclass(frozen=True, slots=True)
class Stuck:
    """Neither wished nor as before: a person must decide. `words` say what is known."""

    words: str


Decision = Done | Send | Back | Stuck


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One field before and after, in words."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Dependant:
    """Something that rests on the service and may stop working."""

    words: str
    instance: ProductInstance | None = None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A refusal that can be told without asking Wix."""

    field: str
    code: str
    words: str
    next_step: str


class InstanceKind(ABC):
    """A kind whose subject is one product instance."""

    name: ClassVar[OperationKind]
    permission: ClassVar[str] = "resellers.operate"

    def subject(self, instance: ProductInstance) -> str:
        return f"instance:{instance.pk}"

    @abstractmethod
    def rows(self, instance: ProductInstance, wish: Wish) -> Sequence[PlanRow]:
        """What will change, field by field."""

    @abstractmethod
    def calls(self, instance: ProductInstance, wish: Wish, strategy: str) -> Sequence[str]:
        """The writes to come, in words and in order."""

    @abstractmethod
    def foresee(self, instance: ProductInstance, wish: Wish) -> Sequence[Foreseen]:
        """The refusals that mirror and catalogue can tell."""

    @abstractmethod
    def dependants(self, instance: ProductInstance, wish: Wish) -> Sequence[Dependant]:
        """What rests on the service as it is now."""

    def strategy(self) -> str:
        """How it is carried out, where there is a choice."""
        return ""

    def step_words(self, operation: Operation, step: str) -> str:
        """The step as a person would tell it, such as `Unassign from bakery.example`."""
        words: dict[str, str] = operation.plan.get("steps", {})
        return words.get(step, step.replace("_", " ").capitalize())

    @abstractmethod
    def steps(self, instance: ProductInstance, wish: Wish) -> dict[str, str]:
        """Every step that may be sent, with its words."""

    @abstractmethod
    def decide(self, operation: Operation, seen: Seen, refused: Refused | None) -> Decision:
        """What comes next, from what was read and what was refused before."""

    @abstractmethod
    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> wix.PackageAnswer:
        """Send the step. Raises WixError."""

    @abstractmethod
    def undo(self, operation: Operation) -> tuple[OperationKind, Wish] | None:
        """The kind and wish that put back what this one did; None where that is impossible."""
