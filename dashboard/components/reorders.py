"""What was ordered in place of a failed service, as pages tell it.

Everything returned is safe HTML.
"""

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.models import ProductInstance, Reorder
from resellers.operations.reorders import Advice, how_it_went, order_name

from . import addresses
from .ages import age
from .markup import format_html
from .wix_b2b import asking_b2b

WHO_ACTS = {
    "we": gettext_lazy("We act"),
    "customer": gettext_lazy("The customer acts"),
    "wix": gettext_lazy("Wix acts"),
    "dashboard": gettext_lazy("The dashboard acts"),
    "nobody": gettext_lazy("Nobody has to act"),
}


def reordered(order: Reorder) -> SafeString:
    """`ordered again as ord-17, 3 min ago, enabled`, leading to what came of it."""
    operation = order.operation
    return format_html(
        _('ordered again as <a href="{}">{}</a>, {}, {}'),
        _address(order),
        order_name(operation),
        age(operation.requested_at),
        how_it_went(operation, order.service),
    )


def reordered_briefly(order: Reorder) -> SafeString:
    """The same in a row: `ordered again, enabled`."""
    how = how_it_went(order.operation, order.service)
    return format_html('<a href="{}">{}</a>, {}', _address(order), _("ordered again"), how)


def next_step(advice: Advice, failed: ProductInstance) -> SafeString:
    """What to do about a failed service, with what was ordered in its place already."""
    step, order = asking_b2b(advice.known.next_step, failed), advice.order
    if order is None:
        return format_html("{}", step)
    result = format_html(_("It was {}."), reordered(order))
    return format_html("{} {}", *((result, step) if order.in_effect else (step, result)))


def _address(order: Reorder) -> str:
    if order.service_id:
        return addresses.INSTANCE(order.service_id)
    return addresses.OPERATION(order.operation_id)
