"""The controls that stand on a thing's page, one for each kind of change that makes sense there."""

from collections.abc import Iterable, Mapping

from django.urls import reverse

from dashboard.components.controls import Control
from resellers.models import Account, Package, ProductInstance
from resellers.operations.preflight import Answer, OrderAgain, Preflight
from resellers.operations.wish import Thing

from .create_package import NewPackageForm
from .wish_form import AnyForm


def controls_of(
    forms: Iterable[type[AnyForm]], thing: Thing, answers: Mapping[str, Answer]
) -> list[Control]:
    """A control for each of these forms, in their order, with the answers by kind."""
    return [Control(answers[form.kind], form.path(thing), form.button, form.tone) for form in forms]


def new_package(preflight: Preflight, account: Account | None = None) -> Control:
    """What leads to an order for that account; without one, to choosing it first."""
    kind = NewPackageForm.kind
    answer = preflight.of(kind, account) if account else preflight.in_general(kind)
    path = NewPackageForm.path(account) if account else reverse(NewPackageForm.url_name)
    return Control(answer, path, NewPackageForm.button, NewPackageForm.tone)


def order_again(again: OrderAgain, thing: ProductInstance | Package) -> list[Control]:
    """What leads to ordering anew what failed of a service or package; empty where nothing did.

    Where all of it was ordered already it is one more, and no longer what the page is for.
    """
    if thing.gone_at or not again.ordered:
        return []
    query = {"account": str(thing.account_id), "again_of": str(thing.pk)}
    path = reverse(NewPackageForm.url_name, query=query)
    if again.is_one_more:
        return [Control(again.answer, path, "Order one more")]
    return [Control(again.answer, path, "Order again", NewPackageForm.tone)]
