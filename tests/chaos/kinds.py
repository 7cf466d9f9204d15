"""What chaos knows of each kind of operation: a line of the table, made of small functions.

A new kind is a new line. One whose subject is no service names its own subjects and looks: all that
it does not name is a service's.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from resellers.models import Operation

from . import others, services
from .ground import Ground
from .services import Look, Stored, Taken, Touched


@dataclass(frozen=True, slots=True)
class Kind:
    """How chaos asks for a kind and judges its ends."""

    # By strategy, the writes where all goes well.
    steps: dict[str, tuple[str, ...]]
    # What may be asked of a subject; `taken` are the sites that are spoken for.
    wishes: Callable[[Any, Taken], Iterator[Stored]]
    is_true: Callable[[Stored, Look], bool]
    # What a fault rule calls the write: its step, where nothing else is said.
    match: str = ""
    # Whether Wix takes an idempotency key for it.
    has_key: bool = True
    # Whether of two whose answers are lost at once nobody can say which has come of which.
    is_alone: bool = False
    # Ids of all that may be asked about, and the record of one of them.
    subjects: Callable[[], Iterable[UUID]] = services.services
    subject: Callable[[UUID], Any] = services.service
    touches: Callable[[Any], Touched] = services.touched_by_service
    # The subject of an operation as Wix has it, as a reading showed it, as the mirror shows it.
    at_wix: Callable[[Ground, Operation], Look] = services.service_of_operation_at_wix
    as_read: Callable[[dict[str, Any]], Look] = services.service_as_read
    in_mirror: Callable[[Operation], Look] = services.service_in_mirror
    # Whether a success says that Wix has more than was asked for, where that cannot be prevented:
    # without a key a call that lands late has an effect of its own.
    tells: Callable[[Operation, Look], bool] = services.tells_nothing


# Unassign comes before assign: it leaves behind the floating services that assign needs. What ends
# services comes last, and leaves enough for everything before it.
KINDS = {
    "reassign": Kind(
        {"two_step": ("unassign", "assign"), "direct": ("move",)},
        services.other_sites,
        services.is_on_its_site,
    ),
    "unassign": Kind({"": ("unassign",)}, services.nothing_more, services.is_on_its_site),
    "assign": Kind({"": ("assign",)}, services.other_sites, services.is_on_its_site),
    "adjust": Kind({"": ("adjust",)}, services.other_terms, services.has_its_terms),
    "create_package": Kind(
        {"": ("create",)},
        others.orders,
        others.is_one,
        subjects=others.accounts,
        subject=others.account,
        touches=others.touched_by_order,
        at_wix=others.orders_at_wix,
        as_read=others.orders_as_read,
        in_mirror=others.orders_in_mirror,
    ),
    "external_id": Kind(
        {"": ("rename",)},
        others.names,
        others.has_its_name,
        match="external_id",
        has_key=False,
        subjects=others.packages,
        subject=others.package,
        touches=others.touched_by_package,
        at_wix=others.name_at_wix,
        as_read=others.name_as_read,
        in_mirror=others.name_in_mirror,
    ),
    "create_site": Kind(
        {"": ("make",)},
        others.new_sites,
        others.is_one,
        match="projects",
        has_key=False,
        subjects=others.main_account,
        subject=others.account,
        touches=others.touched_by_order,
        at_wix=others.sites_at_wix,
        as_read=others.sites_as_read,
        in_mirror=others.sites_in_mirror,
    ),
    "create_account": Kind(
        {"": ("create",)},
        others.new_customers,
        others.is_one,
        match="new_account",
        has_key=False,
        is_alone=True,
        subjects=others.main_account,
        subject=others.account,
        touches=others.touched_by_order,
        at_wix=others.accounts_at_wix,
        as_read=others.accounts_as_read,
        in_mirror=others.accounts_in_mirror,
        tells=others.tells_each_account,
    ),
    "transfer_site": Kind(
        {"": ("transfer",)},
        others.other_accounts,
        others.is_handed_over,
        has_key=False,
        subjects=others.free_sites,
        subject=others.site,
        touches=others.touched_by_site,
        at_wix=others.owner_at_wix,
        as_read=others.owner_as_read,
        in_mirror=others.owner_in_mirror,
    ),
    "register_domain": Kind(
        {"": ("register",)},
        others.domain_names,
        others.is_registered,
        match="domains",
        has_key=False,
        subjects=others.domain_services,
        at_wix=others.domain_at_wix,
        as_read=others.domain_as_read,
        in_mirror=others.domain_as_last_read,
    ),
    "connect_domain": Kind(
        {"": ("connect",)},
        others.names_to_connect,
        others.is_registered,
        match="domains",
        has_key=False,
        subjects=others.sites_with_plan,
        subject=others.site,
        touches=others.touched_by_site,
        at_wix=others.connection_at_wix,
        as_read=others.domain_as_read,
        in_mirror=others.domain_as_last_read,
    ),
    "cancel_instance": Kind(
        {"": ("cancel",)},
        services.nothing_more,
        services.is_over,
        match="cancel_instance",
        at_wix=services.status_at_wix,
        as_read=services.status_as_read,
        in_mirror=services.status_in_mirror,
    ),
    "cancel_package": Kind(
        {"": ("cancel",)},
        services.nothing_more,
        others.none_lives,
        match="cancel_package",
        subjects=others.packages,
        subject=others.package,
        touches=others.touched_by_package,
        at_wix=others.living_at_wix,
        as_read=others.living_as_read,
        in_mirror=others.living_in_mirror,
    ),
}
STEPS = {
    (name, strategy): steps
    for name, kind in KINDS.items()
    for strategy, steps in kind.steps.items()
}
