"""Paid services that keep a site from being transferred: canceled, and ordered again for its owner.

Wix transfers no site that carries one. The whole chain is shown, and agreed to, before its first
step; what was agreed to goes on by itself, each operation planned and judged when its turn comes.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.models import Account, Flow, FlowStep, Operation, ProductInstance, Site
from resellers.operations.foreseen import Foreseen, live_on
from resellers.operations.kinds.cancel_instance import CancelInstanceWish
from resellers.operations.namesakes import names_of
from resellers.operations.plan import make_plan
from resellers.operations.wish import Thing, Wish

from .order_steps import AGREED, order_line, order_of, wish_of
from .outcomes import Finished, Skipped, Stops, Unanswerable
from .steps import Choices, OperationStep, Question, QuestionStep

AGREE = "agree"
AGAIN, ENDS = "again", "ends"


def paid_on(site: Site) -> list[str]:
    """The ids of the services that keep this site from being transferred: a Premium plan last."""
    return [str(one.pk) for one in _standing_on(site)]


def paid_services(flow: Flow) -> list[ProductInstance]:
    """What keeps the flow's site from being transferred now; nothing once it is the customer's."""
    site = flow.site
    if site is None or site.account_id == flow.account_id:
        return []
    return _standing_on(site)


class Agree(QuestionStep):
    """The chain, whole: what is canceled, that the site goes, what is ordered again."""

    button = gettext_lazy("Confirm the whole chain")
    lets_happen = "cancel_instance"
    template = "pages/flows/_chain.html"

    def __init__(self) -> None:
        super().__init__(AGREE, gettext_lazy("Agree to what its paid services need"))

    def questions(self, flow: Flow) -> Sequence[Question]:
        services = _services(flow)
        names = names_of(services)
        return [
            Question(
                f"service_{number}",
                names[one.pk],
                choices=_what_becomes,
                initial=AGAIN,
                required_words=gettext_lazy("Choose what becomes of it."),
            )
            for number, one in enumerate(services, 1)
        ]

    def ends_for(self, flow: Flow) -> Account | None:
        site = flow.site
        return site.account if site else None

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        services = _services(flow)
        if paid_on(_site(flow)) != flow.data["paid"]:
            words = _("Other services are on the site by now: give this flow up and begin anew.")
            raise Unanswerable({"": words})
        wanted = [
            one for number, one in enumerate(services, 1) if answers[f"service_{number}"] == AGAIN
        ]
        order = order_of([order_line(o.product_id, o.cycle, o.country_code) for o in wanted])
        if stops := _against(flow, order, services):
            raise Unanswerable({"": " ".join(f"{one.words} {one.next_step}" for one in stops)})
        words = _("%(ended)s canceled, the site transferred, %(again)s ordered again.") % {
            "ended": len(services),
            "again": len(wanted),
        }
        return Finished(words, {"agreed": True, AGREED: True, "order": order})

    def shows(self, flow: Flow, row: FlowStep) -> Mapping[str, Any]:
        services = _services(flow)
        lines = [order_line(o.product_id, o.cycle, o.country_code) for o in services]
        return {
            "services": services,
            "site": flow.site,
            "customer": flow.account,
            "domains": [one for one in services if one.product.is_domain],
            "refusals": _against(flow, order_of(lines), services),
        }


class CancelService(OperationStep):
    """One of the paid services ends, as was agreed."""

    def __init__(self, instance_id: str, label: str) -> None:
        super().__init__(f"cancel:{instance_id}", _("Cancel %(service)s") % {"service": label})
        self._id = UUID(instance_id)

    def ahead(self, flow: Flow) -> str:
        return _("It has to end before Wix transfers the site.")

    def wanted(self, flow: Flow) -> tuple[Thing, Wish[Any]] | Skipped | Stops:
        related = ("package", "account", "product", "site__account")
        service = ProductInstance.objects.select_related(*related).get(pk=self._id)
        if service.is_ended or service.gone_at:
            return Skipped(_("It has ended already."))
        if service.site_id != flow.site_id:
            return Skipped(_("It is on this site no more."))
        return service, CancelInstanceWish()

    def is_confirmed(self, flow: Flow) -> bool:
        return bool(flow.data.get("agreed"))

    def finished(self, flow: Flow, operation: Operation) -> Finished:
        return Finished(_("Canceled."))


def cancel_steps(flow: Flow) -> list[CancelService]:
    """A step for each of the services that have to end first."""
    names = {str(pk): name for pk, name in names_of(_services(flow)).items()}
    return [CancelService(id_, names.get(id_, id_[:8])) for id_ in flow.data.get("paid", [])]


def _standing_on(site: Site) -> list[ProductInstance]:
    return sorted(live_on([site])[site.pk], key=lambda one: one.product.is_premium_plan)


def _services(flow: Flow) -> list[ProductInstance]:
    ids = [UUID(id_) for id_ in flow.data.get("paid", [])]
    related = ("product", "package__account", "account", "site__account")
    found = ProductInstance.objects.select_related(*related).in_bulk(ids)
    return [found[id_] for id_ in ids if id_ in found]


def _site(flow: Flow) -> Site:
    return Site.objects.select_related("account").get(pk=flow.data["site"])


def _what_becomes(flow: Flow) -> Choices:
    return [
        (AGAIN, gettext_lazy("Canceled, and ordered again for the new owner")),
        (ENDS, gettext_lazy("Canceled, and not ordered again")),
    ]


def _against(
    flow: Flow, order: dict[str, Any], services: Sequence[ProductInstance]
) -> list[Foreseen]:
    """What Wix would refuse of the chain, as far as it can be told before its first step."""
    found = [
        refusal
        for one in services
        if not one.is_ended
        for refusal in make_plan(one, CancelInstanceWish()).refusals
    ]
    if order["lines"] and flow.account:
        # As if floating: the site is not the customer's yet.
        found += make_plan(flow.account, wish_of(order, None)).refusals
    return found
