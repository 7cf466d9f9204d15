"""Steps that make an account at Wix for a customer who has none yet, for a flow that goes there."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.models import Flow, FlowStep, NewCustomer, Operation, OperationState, scope
from resellers.operations.kinds.create_account import CreateAccountWish, account_of
from resellers.operations.plan import make_plan
from resellers.operations.wish import Thing, Wish

from .new_site import main_account
from .outcomes import Finished, Outcome, Skipped, Stops, Unanswerable
from .steps import OperationStep, Question, QuestionStep, latest

NEW_CUSTOMER = "new_customer"  # of the flow's data: the id of whom was written down


class DescribeCustomer(QuestionStep):
    """Who the new customer is, and whose the account is to be."""

    def __init__(self) -> None:
        super().__init__("customer", gettext_lazy("Write the new customer down"))

    def questions(self, flow: Flow) -> Sequence[Question]:
        return [
            Question(
                "name",
                gettext_lazy("Name"),
                longest=500,
                required_words=gettext_lazy("Give the customer a name."),
            ),
            Question(
                "email",
                gettext_lazy("E-mail of the account's owner"),
                is_email=True,
                longest=254,
                required_words=gettext_lazy("Wix wants the owner's e-mail address."),
                help_text=gettext_lazy("Wix makes its owner a Wix user with this address."),
            ),
            Question("group", gettext_lazy("Group"), required=False, longest=100),
            Question("reference", gettext_lazy("Reference"), required=False, longest=100),
        ]

    def take(self, flow: Flow, answers: dict[str, Any]) -> Finished:
        texts = {name: text.strip() for name, text in answers.items()}
        if not texts["name"]:
            raise Unanswerable({"name": _("Give the customer a name.")})
        customer = NewCustomer.objects.create(**texts, added_by=flow.owner)
        if refusals := make_plan(main_account(), _wish(customer)).refusals:
            first = refusals[0]
            raise Unanswerable({first.field: f"{first.words} {first.next_step}"})
        return Finished(customer.name, {NEW_CUSTOMER: str(customer.pk)})


class MakeAccount(OperationStep):
    """The customer gets a child account of the agency's own; it is there once Wix lists it."""

    def __init__(self) -> None:
        super().__init__("account", gettext_lazy("Make the customer's account"))

    def ahead(self, flow: Flow) -> str:
        return _("A child account of yours. You see the plan before anything is sent.")

    def wanted(self, flow: Flow) -> tuple[Thing, Wish[Any]] | Skipped | Stops:
        customer = _customer(flow)
        if (account := account_of(customer)) is not None:
            flow.account = account
            return Skipped(_("%(customer)s has an account already.") % {"customer": account})
        return main_account(), _wish(customer)

    def otherwise(self, flow: Flow) -> str:
        return _(
            "If Wix does not list it in 15 minutes, the flow stops here and asks you."
            " No second account is made."
        )

    def look(self, flow: Flow, row: FlowStep) -> Outcome:
        operation = latest(row)
        is_done = operation is not None and operation.state == OperationState.SUCCEEDED
        if is_done and account_of(_customer(flow)) is None:
            words = _(
                "Nobody can say which account of Wix it is. Write this customer's name and address"
                " on the page of the right account, then try this step again."
            )
            return Stops(words, "ACCOUNT_UNKNOWN")
        return super().look(flow, row)

    def finished(self, flow: Flow, operation: Operation) -> Finished:
        flow.account = account_of(_customer(flow))
        return Finished(_("%(customer)s has an account.") % {"customer": flow.account})


def customer_name(flow: Flow) -> str:
    """What the customer is called to whom the flow goes, with or without an account."""
    if flow.account is not None:
        return str(flow.account)
    return str(_customer(flow)) if NEW_CUSTOMER in flow.data else _("a new customer")


@scope.everything()
def _customer(flow: Flow) -> NewCustomer:
    customers = NewCustomer.objects.select_related("account")
    return customers.get(pk=UUID(flow.data[NEW_CUSTOMER]))


def _wish(customer: NewCustomer) -> CreateAccountWish:
    return CreateAccountWish(customer.pk, customer.name)
