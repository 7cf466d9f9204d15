"""The controls that stand on a thing's page, one for each kind of change that makes sense there."""

from collections.abc import Iterable, Mapping
from functools import cache

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashboard.components.controls import Control
from dashboard.lists.row_actions import RowAction, action_of
from resellers.flows.site_handover import SiteHandover
from resellers.models import Account, Package, ProductInstance, Site
from resellers.operations.kinds.transfer_site import TransferSite
from resellers.operations.preflight import Answer, OrderAgain, Preflight
from resellers.operations.wish import Thing

from .create_package import NewPackageForm
from .wish_form import AnyForm


def controls_of(
    forms: Iterable[type[AnyForm]], thing: Thing, answers: Mapping[str, Answer]
) -> list[Control]:
    """A control for each of these forms, in their order, with the answers by kind."""
    return [control_of(form, thing, answers[form.kind]) for form in forms]


def control_of(form: type[AnyForm], thing: Thing, answer: Answer, about: str = "") -> Control:
    """What leads to that form for the thing; `about` names it where others stand around."""
    path, look = form.path(thing), (form.tone, about, form.icon, form.caption)
    return Control(answer, path, form.button, *look)


def row_action(
    form: type[AnyForm], address: str, answer: Answer, *, lead: bool = False, brief: bool = False
) -> list[RowAction]:
    """What leads to that form from a row of a list; none where the role never may."""
    label, caption = _words(form, get_language())
    action = RowAction(
        label,
        form.icon,
        address,
        caption,
        lead=lead,
        brief=brief,
        final=form.is_final,
        is_change=True,
    )
    return action_of(answer, action)


@cache
def _words(form: type[AnyForm], language: str | None) -> tuple[str, str]:
    """What the form's action is called and what it means, looked up once for all rows."""
    return str(form.button), str(form.caption)


def new_package(preflight: Preflight, account: Account | None = None) -> Control:
    """What leads to an order for that account; without one, to choosing it first."""
    kind = NewPackageForm.kind
    answer = preflight.of(kind, account) if account else preflight.in_general(kind)
    path = NewPackageForm.path(account) if account else reverse(NewPackageForm.url_name)
    return Control(
        answer, path, NewPackageForm.button, NewPackageForm.tone, icon=NewPackageForm.icon
    )


def hand_over_site(preflight: Preflight, about: Account | Site) -> Control:
    """What begins handing over that site, or a site to that customer."""
    query = {"site" if isinstance(about, Site) else "account": str(about.pk)}
    path = reverse("flow_new", args=[SiteHandover.name], query=query)
    answer = preflight.in_general(TransferSite.name)
    return Control(answer, path, SiteHandover.label, icon=SiteHandover.icon)


def order_again(
    again: OrderAgain, thing: ProductInstance | Package, about: str = ""
) -> list[Control]:
    """What leads to ordering anew what failed of a service or package; empty where nothing did.

    `about` names it for who hears the page, where several such controls stand on it.
    Where all of it was ordered already it is one more, and no longer what the page is for.
    """
    if thing.gone_at or not again.ordered:
        return []
    query = {"account": str(thing.account_id), "again_of": str(thing.pk)}
    path = reverse(NewPackageForm.url_name, query=query)
    if again.is_one_more:
        return [Control(again.answer, path, _("Order one more"), about=about, icon="cart")]
    return [Control(again.answer, path, _("Order again"), NewPackageForm.tone, about, "cart")]
