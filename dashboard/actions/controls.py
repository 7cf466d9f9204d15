"""The controls that stand on a thing's page, one for each kind of change that makes sense there."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from dashboard.components.controls import Control
from resellers.models import Account, InstanceStatus, ProductInstance
from resellers.operations.preflight import Answer, Preflight

from .create_package import NewPackageForm
from .wish_form import AnyForm


def controls_of(
    forms: Iterable[type[AnyForm]], thing: Any, answers: Mapping[str, Answer]
) -> list[Control]:
    """A control for each of these forms, in their order, with the answers by kind."""
    return [Control(answers[form.kind], form.path(thing), form.button, form.tone) for form in forms]


def new_package(preflight: Preflight, account: Account | None = None) -> Control:
    """What leads to an order for that account; without one, to choosing it first."""
    kind = NewPackageForm.kind
    answer = preflight.of(kind, account) if account else preflight.in_general(kind)
    path = NewPackageForm.path(account) if account else reverse(NewPackageForm.url_name)
    return Control(answer, path, NewPackageForm.button, NewPackageForm.tone)


def order_again(preflight: Preflight, service: ProductInstance) -> list[Control]:
    """What leads to ordering a failed service once more; empty for any other."""
    if service.status != InstanceStatus.FAILED or service.gone_at:
        return []
    answer = preflight.of(NewPackageForm.kind, service.account)
    query = {"account": str(service.account_id), "again_of": str(service.pk)}
    path = reverse(NewPackageForm.url_name, query=query)
    return [Control(answer, path, "Order again", NewPackageForm.tone)]
