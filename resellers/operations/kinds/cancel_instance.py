"""End one service; the others of its package stay. Source: Resellers, Cancel Product Instance.

Wix answers at once and may still show the service as `PENDING`: it is true once a reading shows it
as `CANCELED`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from resellers import wix
from resellers.models import InstanceStatus, Operation, ProductInstance

from ..dependants import Dependant, given_with, leaving_site
from ..foreseen import words_of_ending
from ..instance_kind import InstanceKind, InstanceSeen
from ..package_kind import may_have_gone_out, what_ending_makes
from ..planned import PlanRow
from ..sentences import Sentences, of_ending
from ..steps import Back, Decision, Done, Refused, Send, Sent, Stuck, Wait
from ..wish import Wish


@dataclass(frozen=True)
class CancelInstanceWish(Wish[ProductInstance]):
    """The service canceled."""


class CancelInstance(InstanceKind[CancelInstanceWish]):
    name = "cancel_instance"
    label = gettext_lazy("Cancel instance")
    doing = "canceling"
    done = {"cancel": "Canceled"}
    wish_class = CancelInstanceWish
    permission = "resellers.cancel"
    wants_reason = True

    def rows(self, thing: ProductInstance, wish: CancelInstanceWish) -> Sequence[PlanRow]:
        return [PlanRow("status", "Status", *words_of_ending(thing))]

    def sentences(self, operation: Operation) -> Sentences:
        return of_ending(self.name_of(operation))

    def meant(self, operation: Operation) -> list[str]:
        words = f"The customer has {self.name_of(operation)} no more, and Wix cannot bring it back."
        return [words]

    def steps(self, thing: ProductInstance, wish: CancelInstanceWish) -> dict[str, str]:
        return {"cancel": f"Cancel {thing.product}"}

    def dependants(self, thing: ProductInstance, wish: CancelInstanceWish) -> Sequence[Dependant]:
        return [*leaving_site(thing), *given_with([thing])]

    def judge(self, operation: Operation, seen: InstanceSeen, refused: Refused | None) -> Decision:
        if seen.status == InstanceStatus.CANCELED:
            return Done()
        if seen.status == InstanceStatus.FAILED:
            words = (
                "Its delivery failed in the meantime: it has ended, and Wix cancels no failed one."
            )
            return Stuck(words)
        if refused:
            return Back()
        became_pending = InstanceStatus.PENDING == seen.status != operation.before["status"]
        if became_pending and may_have_gone_out(operation, "cancel"):
            return Wait("Wix has taken it, and shows the service as pending.")
        return Send("cancel")

    def makes(self, operation: Operation, step: str) -> dict[str, list[str]]:
        return what_ending_makes()

    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> Sent:
        answer = client.cancel_product_instance(
            account_id=str(operation.account_id),
            instance_id=str(operation.instance_id),
            idempotency_key=idempotency_key,
        )
        return Sent(answer.call)
