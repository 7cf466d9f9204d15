"""What a flow orders, chosen by the form of a new package."""

from typing import Any, Self

from django.urls import reverse

from dashboard.actions.create_package import NewPackageForm
from dashboard.actions.order_initial import named_template, order_on_initial, template_initial
from dashboard.frame.staff import StaffRequest
from resellers.flows.outcomes import Unanswerable
from resellers.models import Flow

NOTHING = "order_nothing"  # the button that goes on without an order


class FlowOrderForm(NewPackageForm):
    """The order of a flow, less what its operation is to know beside it: that is the flow's.

    `answers` are those of the step that asks.
    """

    redraws = ("add_line", "remove_line", "redraw")
    essential_first = None  # what needs a plan first is told by the plan

    def __init__(self, *args: Any, flow: Flow, **kwargs: Any) -> None:
        assert flow.account is not None, "an order is for a customer"
        self.flow = flow
        super().__init__(*args, thing=flow.account, **kwargs)

    @property
    def template_path(self) -> str:
        return f"{reverse('flow_page', args=[self.flow.pk])}?template="

    @property
    def answers(self) -> dict[str, Any]:
        return {"order": None if NOTHING in self.data else self.wish().as_json()}

    def is_valid(self) -> bool:
        return NOTHING in self.data or super().is_valid()

    def refuse(self, given: Any) -> None:
        """Put what cannot be taken beside the field of its line."""
        if not isinstance(given, Unanswerable):
            super().refuse(given)
            return
        for field, words in given.errors.items():
            line, name = self.line_of(field)
            if line is None:
                self.add_error(field if field in self.fields else None, words)
            else:
                line.add_error(name, words)

    def _unchecked(self, initial: dict[str, str]) -> Self:
        return type(self)(initial=initial, flow=self.flow, by=self.by)


def order_form(request: StaffRequest, flow: Flow, data: Any = None) -> FlowOrderForm:
    """The form as it was sent, or as it begins: on the flow's site, or by the template that the
    address names."""
    assert flow.account is not None
    if data is not None:
        return FlowOrderForm(data, flow=flow, by=request.user)
    template = named_template(request)
    if template is not None:
        initial = template_initial(template, flow.account, flow.site)
    else:
        initial = order_on_initial(flow.site)
    return FlowOrderForm(initial=initial, flow=flow, by=request.user)
