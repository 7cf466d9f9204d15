"""Ordering once more what failed: the fields to begin with, and what was ordered for it before."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from resellers.models import Account, Operation, ProductInstance
from resellers.operations.namesakes import names_of
from resellers.operations.reorders import (
    NOTHING,
    OrderedAgain,
    how_it_went,
    order_name,
    ordered_again,
    reordered_words,
)
from resellers.operations.retries import order_in_effect
from resellers.wix_ids import as_wix_id


def named_failures(account: Account, named: str) -> list[ProductInstance]:
    """What `?again_of=` names: a failed service of that account, or those of a failed package.

    Of a package, those for which nothing is in effect; all of them where something is for each.
    """
    id_ = as_wix_id(named)
    if id_ is None:
        return []
    failed = account.instances.failed().select_related("product", "account", "package")
    if service := failed.filter(pk=id_).first():
        return [service]
    services = list(failed.present().filter(package=id_).order_by("id"))
    found = ordered_again(services)
    waiting = [one for one in services if not found.get(one.pk, NOTHING).in_effect]
    return waiting or services


class OrderedBefore:
    """What was ordered already for the same services, or by trying the same order again."""

    def __init__(self, failed: Sequence[ProductInstance], retry_of: Operation | None) -> None:
        found = ordered_again(failed)
        names = names_of(failed)
        self._of = [(names[one.pk], found.get(one.pk, NOTHING)) for one in failed]
        self._again = order_in_effect(retry_of) if retry_of else None

    @property
    def newest(self) -> int | None:
        """The number of the newest that is in effect: what stands beside one more."""
        numbers = [order.in_effect.operation_id for _, order in self._of if order.in_effect]
        numbers += [self._again.pk] if self._again else []
        return max(numbers, default=None)

    @property
    def remarks(self) -> list[str]:
        """Each in words."""
        remarks = [self._words(name, ordered) for name, ordered in self._of if ordered.relevant]
        if self._again:
            name, how = order_name(self._again), how_it_went(self._again)
            remarks.append(
                _("This order was tried again as %(name)s: %(how)s.") % {"name": name, "how": how}
            )
        return remarks

    @staticmethod
    def _words(name: str, ordered: OrderedAgain) -> str:
        assert ordered.relevant is not None
        words = _("%(name)s was %(ordered)s.")
        if ordered.in_effect:
            words = _("%(name)s was %(ordered)s. This orders one more.")
        return words % {
            "name": name,
            "ordered": reordered_words(ordered.relevant),
        }
