"""What may be done with a case from its row: the one verb that fits, and its menu."""

from collections.abc import Sequence
from functools import lru_cache

from django.urls import get_script_prefix, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from dashboard.actions.create_package import NewPackageForm
from dashboard.components import addresses
from dashboard.components.icons import icon
from dashboard.lists.row_actions import RowAction
from resellers.cases import causes
from resellers.models import Case, CaseKind
from resellers.operations.reorders import NOTHING, OrderedAgain, attach_orders

FORM = "case-verbs"


def work_path(verb: str) -> str:
    """Where that verb is sent."""
    return _path("case_work", verb, get_script_prefix())


@lru_cache(maxsize=64)
def _path(name: str, of: str, script_prefix: str) -> str:
    """That address where the site is served under that prefix; rows have hundreds of them."""
    return reverse(name, args=[of] if of else [])


def prepare(cases: Sequence[Case]) -> None:
    """Give each of them as `ordered` what was ordered in its service's place; one query at most."""
    services = [case.instance for case in cases if case.instance]
    attach_orders(services)
    for case in cases:
        case.ordered = getattr(case.instance, "ordered", NOTHING)  # type: ignore[attr-defined]


def order_path(case: Case) -> str:
    """Where what failed is ordered again; empty where nothing is to be."""
    if case.kind != CaseKind.FAILED or case.instance is None:  # type: ignore[attr-defined]
        return ""
    path = _path(NewPackageForm.url_name, "", get_script_prefix())
    return f"{path}?account={case.account_id}&again_of={case.instance_id}"


def why_not_ordered(case: Case) -> str:
    """Why its service is not to be ordered again; empty where it may be, if there is one."""
    ordered: OrderedAgain = case.ordered  # type: ignore[attr-defined]
    if ordered.in_effect:
        return gettext("It is ordered again already: wait for it.")
    return causes.no_use_ordering(case)


def fitting(case: Case) -> SafeString:
    """The one verb that goes on with the case, as a button or link."""
    if case.is_closed:
        return _button(case, "reopen", gettext("Reopen"), "undo")
    if case.owner_id is None:
        return _button(case, "take", gettext("Take"), "userplus")
    if path := order_path(case):
        ordered: OrderedAgain = case.ordered  # type: ignore[attr-defined]
        if order := ordered.in_effect:
            return _link(case, addresses.OPERATION(order.operation_id), gettext("Watch"), "eye")
        if why_not_ordered(case):
            return _button(case, "report", gettext("Report"), "copy")
        return _link(case, path, gettext("Order again"), "cart")
    return elsewhere(case)


def elsewhere(case: Case) -> SafeString:
    """The way to where a case is settled that is not about a failed service."""
    kind = case.kind  # type: ignore[attr-defined]
    if kind == CaseKind.READING:
        return _link(case, reverse("mirror_list"), gettext("Open"), "sync")
    if case.flow_id:
        return _link(case, addresses.FLOW(case.flow_id), gettext("Decide"), "flow")
    if case.operation_id:
        word = gettext("Decide") if kind == CaseKind.ATTENTION else gettext("Review")
        return _link(case, addresses.OPERATION(case.operation_id), word, "ops")
    if case.instance_id:
        return _link(case, addresses.INSTANCE(case.instance_id), gettext("Look"), "eye")
    return _link(case, addresses.CASE(case.pk), gettext("Open"), "arrow")


def open_case(case: Case) -> SafeString:
    """The way to the case, for who may only look."""
    return _link(case, addresses.CASE(case.pk), gettext("Open"), "arrow")


def _button(case: Case, verb: str, word: str, shape: str) -> SafeString:
    return format_html(
        '<button class="button small" form="{}" formaction="{}" name="id" value="{}"'
        ' aria-label="{}: {}">{} {}</button>',
        FORM,
        work_path(verb),
        case.pk,
        word,
        case,
        icon(shape),
        word,
    )


def _link(case: Case, address: str, word: str, shape: str) -> SafeString:
    return format_html(
        '<a class="button small" href="{}" aria-label="{}: {}">{} {}</a>',
        address,
        word,
        case,
        icon(shape),
        word,
    )


def menu(case: Case) -> list[RowAction]:
    """All that may be done with it."""
    if case.is_closed:
        return [_verb("reopen", gettext("Reopen"), "undo")]
    found = [_verb("take", gettext("Take"), "userplus", "1")]
    if path := order_path(case):
        label, why = gettext("Order again"), why_not_ordered(case)
        found.append(RowAction(label, "cart", path, why=why, is_change=True, key="2"))
    found += [
        _verb("assign", gettext("Assign to…"), "person"),
        _verb("snooze", gettext("Snooze…"), "moon", "h"),
        _verb("note", gettext("Note…"), "msg", "m"),
        _verb("report", gettext("Copy report for Wix B2B"), "copy"),
        _verb("close", gettext("Close…"), "check", "3"),
    ]
    if case.owner_id is not None:
        found.append(_verb("release", gettext("Give back"), "back"))
    return found


def _verb(verb: str, label: str, shape: str, key: str = "") -> RowAction:
    return RowAction(label, shape, work_path(verb), is_change=True, form=FORM, key=key)


def ids(case: Case) -> list[tuple[str, object]]:
    """Every id that the case is about."""
    service = case.instance
    return [
        ("case", case.pk),
        ("instance", case.instance_id),
        ("package", service.package_id if service else None),
        ("account", case.account_id),
        ("product", case.product_id),
        ("operation", case.operation_id),
        ("flow", case.flow_id),
    ]
