"""Hand over a site: it goes to the customer, its package is ordered there and seen delivered.

Source: Resellers, Sample Flows, Create a site and transfer it. Wix mails nobody about a transfer,
and gives it no number: it is true once the site is found under its new account.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.durations import ago
from resellers.models import Account, Flow, FlowStep, Operation, Site
from resellers.operations.kinds.transfer_site import TransferSiteWish
from resellers.operations.wish import Thing, Wish

from .flow_kind import Fact, FlowKind
from .new_customer import DescribeCustomer, MakeAccount, customer_name
from .new_site import NEW, new_site_steps
from .order_steps import Delivered, Order, WhatToOrder
from .outcomes import Finished, Skipped, Stops, Unanswerable
from .paid_services import AGREE, Agree, cancel_steps, paid_on, paid_services
from .site_choice import CUSTOMER_GONE, customers, is_gone, sites, why_not
from .steps import Many, OperationStep, Question, QuestionStep, Step

TO_NEW = "to_new"  # of the flow's data: it goes to a customer who is to get an account


def _sites(flow: Flow) -> QuerySet[Site]:
    moving = Operation.objects.open().filter(kind="transfer_site", site=OuterRef("pk"))
    return sites(flow).annotate(is_moving=Exists(moving))


def _why_not(site: Any) -> str:
    return why_not(site) or (str(IS_MOVING) if site.is_moving else "")


IS_MOVING = gettext_lazy("It is being transferred already: wait for the end of that.")
HANDED_OVER = Many(
    _sites,
    lambda site: str(site.account),
    _why_not,
    [(NEW, gettext_lazy("A new site, made in your team account"))],
)
RECEIVERS = Many(
    customers,
    lambda account: account.reference or account.short_id,
    is_gone,
    [(NEW, gettext_lazy("A new customer, who gets an account at Wix"))],
)


class ChooseSite(QuestionStep):
    """Which site goes to whom."""

    button = gettext_lazy("Begin")

    def __init__(self) -> None:
        super().__init__("choose", gettext_lazy("Choose the site and its new owner"))

    def questions(self, flow: Flow) -> Sequence[Question]:
        return [
            Question(
                "site",
                gettext_lazy("Site"),
                many=HANDED_OVER,
                required_words=gettext_lazy("Choose the site that is handed over."),
            ),
            Question(
                "account",
                gettext_lazy("Customer"),
                many=RECEIVERS,
                required_words=gettext_lazy("Choose the customer who receives it."),
            ),
        ]

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        account, site, errors = None, None, {}
        data: dict[str, Any] = {}
        if answers["account"] == NEW:
            data[TO_NEW] = True
        else:
            account = Account.objects.get(pk=answers["account"])
            if account.gone_at:
                errors["account"] = str(CUSTOMER_GONE)
        if answers["site"] == NEW:
            data[NEW] = True
        else:
            site = _sites(flow).get(pk=answers["site"])
            data |= {"site": str(site.pk), "from": str(site.account_id), "paid": paid_on(site)}
            if words := _why_not(site):
                errors["site"] = words
            elif site.account == account and not errors:
                errors["account"] = _("The site belongs to this customer already.")
        if errors:
            raise Unanswerable(errors)
        flow.site, flow.account = site, account
        flow.subject = f"site:{site.pk}" if site else ""
        to = account or _("a new customer")
        if site is None:
            return Finished(_("A new site, for %(customer)s.") % {"customer": to}, data)
        words = _("%(site)s of %(owner)s, to %(customer)s.")
        return Finished(words % {"site": site, "owner": site.account, "customer": to}, data)


class Transfer(OperationStep):
    """The site goes to the customer's account; it has gone once Wix shows it there."""

    template = "pages/flows/_locked.html"

    def __init__(self) -> None:
        super().__init__("transfer", gettext_lazy("Transfer the site"))

    def ahead(self, flow: Flow) -> str:
        return _("To %(customer)s. You see the plan before anything is sent.") % {
            "customer": customer_name(flow)
        }

    def wanted(self, flow: Flow) -> tuple[Thing, Wish[Any]] | Skipped | Stops:
        site = Site.objects.select_related("account").get(pk=flow.data["site"])
        if site.account_id == flow.account_id:
            return Skipped(
                _("Wix shows it under %(customer)s already.") % {"customer": flow.account}
            )
        if str(site.account_id) != flow.data["from"]:
            words = _("The site belongs to %(owner)s by now: begin a flow anew.")
            return Stops(words % {"owner": site.account}, "SITE_MOVED")
        return site, TransferSiteWish(UUID(str(flow.account_id)))

    def is_confirmed(self, flow: Flow) -> bool:
        return bool(flow.data.get("agreed"))

    def shows(self, flow: Flow, row: FlowStep) -> Mapping[str, Any]:
        return {"locked_by": paid_services(flow)}

    def renewed(self, flow: Flow) -> dict[str, Any]:
        services = paid_services(flow)
        return {"paid": [str(one.pk) for one in services]} if services else {}

    def begins_again_at(self, flow: Flow, row: FlowStep) -> str:
        return AGREE if paid_services(flow) else self.name

    def stuck(self, flow: Flow, operation: Operation) -> Stops:
        if operation.outcome_code != "too_long":
            return super().stuck(flow, operation)
        words = _(
            "Wix accepted the transfer and still shows the site under %(owner)s after 15 minutes."
            " It mails nobody where a transfer fails. Look at the site at Wix, then decide on the"
            " operation: look again, or send it once more. The site keeps working."
        )
        return Stops(words % {"owner": operation.account}, "too_long")

    def otherwise(self, flow: Flow) -> str:
        return _(
            "If it does not arrive in 15 minutes, the flow stops here and asks you. Wix mails"
            " nobody about a transfer that failed, so we look. The site stays in its account and"
            " keeps working."
        )

    def finished(self, flow: Flow, operation: Operation) -> Finished:
        return Finished(_("Wix shows it under %(customer)s.") % {"customer": flow.account})


class SiteHandover(FlowKind):
    name = "site_handover"
    label = gettext_lazy("Hand over a site")
    caption = gettext_lazy("Transfer it to the customer, order its services, see them delivered")
    icon = "send"

    def first(self) -> QuestionStep:
        return ChooseSite()

    def steps(self, flow: Flow) -> Sequence[Step]:
        steps: list[Step] = [ChooseSite()]
        if flow.data.get(TO_NEW):
            steps.append(DescribeCustomer())
        if flow.data.get(NEW):
            steps += new_site_steps()
        if flow.data.get(TO_NEW):
            steps.append(MakeAccount())
        if flow.data.get("paid"):
            steps += [Agree(), *cancel_steps(flow)]
        return [*steps, Transfer(), WhatToOrder(), Order(WhatToOrder().name), Delivered()]

    def title(self, flow: Flow) -> str:
        if flow.site is None:
            name = flow.data.get("new_site", {}).get("site_name") or _("a new site")
            return _("Hand over %(site)s") % {"site": name}
        return _("Hand over %(site)s") % {"site": flow.site}

    def under(self, flow: Flow) -> str:
        return _("To %(customer)s.") % {"customer": customer_name(flow)}

    def facts(self, flow: Flow) -> Sequence[Fact]:
        site = flow.site
        to = Fact(_("Shall go to"), customer_name(flow), flow.account)
        if site is None:
            return [to]
        paid = paid_services(flow)
        checked = ago(site.last_confirmed_at) if site.last_confirmed_at else _("never")
        return [
            Fact(_("Address"), str(site), site),
            Fact(_("Name"), site.display_name or _("none")),
            Fact(_("State"), _("Published") if site.published else _("Not published")),
            Fact(_("Now with"), str(site.account), site.account),
            to,
            *(Fact(_("Paid service"), str(one.product), one) for one in paid),
            *([] if paid else [Fact(_("Paid services"), _("none"))]),
            Fact(_("Checked"), checked),
        ]

    def left_words(self, flow: Flow) -> str:
        if not flow.data.get("agreed"):
            return ""
        return _("Services that were canceled stay canceled: order them again where they are due.")

    def done_words(self, flow: Flow) -> str:
        return _("%(site)s belongs to %(customer)s, and what was ordered is delivered.") % {
            "site": flow.site,
            "customer": flow.account,
        }
