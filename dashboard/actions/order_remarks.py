"""What people should know of an order beside the warnings of its plan."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from dashboard.components.expiry import end_words
from dashboard.components.products import voucher_words
from resellers.durations import ago
from resellers.models import Operation, ProductInstance
from resellers.operations.reorders import how_it_went, order_name

from .order_line import MOST_LINES, LineForm


def order_remarks(
    lines: Sequence[LineForm], second: Any, again: Sequence[str], *, left_over: int
) -> list[str]:
    """What was ordered before, what was free then and is paid for this time, vouchers, ends.

    `again` is said of what was ordered for the same; `left_over` failed services have no room.
    """
    remarks = [_asked_before(second.made)] if second and second.made else []
    remarks += [*again, *filter(None, map(_paid_this_time, lines))]
    remarks += filter(None, map(_voucher, lines))
    products = [line.product for line in lines if line.product]
    remarks += dict.fromkeys(filter(None, map(end_words, products)))
    if left_over > 0:
        remarks.append(
            _(
                "This form takes %(most_lines)s products: %(left_over)s more that failed in"
                " this package are left. Come back for them once these are ordered."
            )
            % {"most_lines": MOST_LINES, "left_over": left_over}
        )
    return remarks


def _asked_before(order: Operation) -> str:
    """That what was to be ordered second was asked for already."""
    asked, how = ago(order.requested_at), how_it_went(order)
    return _("This was asked for already as %(order_name)s, %(asked)s, %(how)s.") % {
        "order_name": order_name(order),
        "asked": asked,
        "how": how,
    }


def _voucher(line: LineForm) -> str:
    """The voucher that comes with what is ordered, and where it can be claimed; else nothing."""
    if line.product is None:
        return ""
    return voucher_words(line.product, str(line["country"].value() or "").upper())


def _paid_this_time(line: LineForm) -> str:
    """That what failed was free, where what is ordered in its place is paid for; else nothing."""
    failed = line.failed
    if failed is None or failed.reference_instance_id is None or not line.is_paid_for:
        return ""
    if str(failed.product_id) != str(line["target_product"].value()):
        return ""
    services = ProductInstance.objects.select_related("product", "site")
    reference = services.filter(pk=failed.reference_instance_id).first()
    with_what = str(reference.product) if reference else _("a service that is not known here")
    if reference and reference.site:
        with_what += _(" on %(site)s") % {"site": reference.site}
    return _("%(product)s was free with %(with_what)s; this one is paid.") % {
        "product": failed.product,
        "with_what": with_what,
    }
