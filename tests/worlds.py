"""Rows for tests that need a mirror and no Wix: small, invented, consistent.

Each builder saves one row, takes any of its fields by name, and makes what the row cannot stand
without. Every id is new; names and addresses are invented.
"""

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib.auth.models import Group, User
from django.db.models.functions import Now
from django.utils import timezone

from resellers.clock import database_now
from resellers.models import (
    Account,
    CatalogProduct,
    Confirmation,
    Flow,
    FlowStep,
    InstanceStatus,
    NewCustomer,
    Operation,
    Package,
    ProductInstance,
    RegistrantContact,
    Site,
)

if TYPE_CHECKING:
    from resellers.operations.wish import Wish

PASSWORD = "invented-for-tests"
_numbers = count(1)


def new_id() -> UUID:
    """An id that no other call of this process has given."""
    return uuid5(NAMESPACE_URL, f"https://worlds.example/{next(_numbers)}")


def user(role: str = "operator", username: str = "", **fields: Any) -> User:
    """A member of staff with that role's rights; the username is the role unless one is given."""
    person = User(username=username or role, **fields)
    person.set_password(PASSWORD)
    person.save()
    group_id = Group.objects.values_list("pk", flat=True).get(name=role)
    User.groups.through.objects.create(user=person, group_id=group_id)
    return person


def manager_of(person: User, kind: str) -> User:
    """That person, or a manager where this kind of operation is not for that person's role."""
    from resellers.operations.kinds import kind_of

    if person.has_perm(kind_of(kind).permission):
        return person
    return User.objects.filter(username="manager").first() or user("manager")


def account(name: str = "North Bakery", **fields: Any) -> Account:
    """A customer."""
    now = timezone.now()
    defaults = {"id": new_id(), "last_confirmed_at": now, "sites_checked_at": now}
    return Account.objects.create(**(defaults | {"name": name} | fields))


def site(of: Account | None = None, name: str = "", **fields: Any) -> Site:
    """A published site of that account, with `<name>.example` for an address."""
    site_id = fields.pop("id", None) or new_id()
    name = name or f"site-{str(site_id)[:8]}"
    defaults = {
        "name": name,
        "display_name": name.replace("-", " ").title(),
        "url": f"https://{name}.example",
        "published": True,
        "premium": True,
        "last_confirmed_at": timezone.now(),
        "created_at": timezone.now() - timedelta(days=300),
    }
    return Site.objects.create(id=site_id, account=of or account(), **(defaults | fields))


def product(name: str = "Business Plan", **fields: Any) -> CatalogProduct:
    """A product of the catalogue, sold by the month and by the year."""
    defaults = {
        "id": new_id(),
        "service_type": "PREMIUM_PLAN",
        "cycles": ["1 MONTH", "1 YEAR"],
        "imported_at": timezone.now(),
    }
    return CatalogProduct.objects.create(**(defaults | {"name": name} | fields))


def package(of: Account | None = None, **fields: Any) -> Package:
    """An order of that account without lines, read from Wix just now."""
    now = timezone.now()
    package_id = fields.pop("id", None) or new_id()
    defaults = {
        "external_id": f"order-{str(package_id)[:8]}",
        "created_at": now - timedelta(days=40),
        "updated_at": now - timedelta(days=2),
        "last_confirmed_at": now,
    }
    return Package.objects.create(id=package_id, account=of or account(), **(defaults | fields))


def answered(package: Package, request_id: str, **answer: Any) -> Package:
    """That package, confirmed last by an answer of that id."""
    Confirmation.objects.create(at=package.last_confirmed_at, wix_request_id=request_id, **answer)
    return package


def instance(
    of: Package | None = None, on: Site | None = None, *, floating: bool = False, **fields: Any
) -> ProductInstance:
    """An enabled service of that package, on a site of its account unless it shall float."""
    of = of or package()
    now = timezone.now()
    defaults = {
        "id": new_id(),
        "site": None if floating else on or site(of.account),
        "status": InstanceStatus.ENABLED,
        "status_since": now - timedelta(days=30),
        "billing_type": "RESELLER",
        "cycle_unit": "YEAR",
        "cycle_count": 1,
        "country_code": "LT",
        "created_at": of.created_at,
        "updated_at": of.updated_at,
        "floating_since": of.created_at if floating else None,
    }
    if "product" not in fields:
        fields["product"] = product()
    return ProductInstance.objects.create(package=of, account=of.account, **(defaults | fields))


def wish(kind: str, **stored: Any) -> "Wish[Any]":
    """The wish of that kind that an operation's row stores so."""
    from resellers.operations.kinds import kind_of

    return kind_of(kind).wish_class.from_json(stored)


def planned(thing: Any, wish: "Wish[Any]", **fields: Any) -> Operation:
    """That wish about that thing as confirming its plan records it, waiting to be carried out."""
    from resellers.operations.kinds import kind_of
    from resellers.operations.plan import make_plan

    plan = make_plan(thing, wish)
    defaults = {
        "kind": plan.kind,
        "subject": plan.about.subject,
        "account": plan.about.account,
        "package": plan.about.package,
        "instance": plan.about.instance,
        "site_id": plan.about.site_id,
        "strategy": plan.strategy,
        "wish": wish.as_json(),
        "before": plan.before,
        "plan": plan.as_json(),
        "fingerprint": plan.fingerprint,
        "request_id": new_id(),
    }
    if "requested_by" not in fields:
        fields["requested_by"] = User.objects.filter(username="operator").first() or user()
    operation = Operation.objects.create(**(defaults | fields))
    kind_of(operation.kind).recorded(operation, wish)
    return operation


def contact(of: Account | None = None, **fields: Any) -> RegistrantContact:
    """In whose name domains of that account are registered."""
    defaults = {
        "first_name": "Ada",
        "last_name": "Example",
        "email": "ada@bakery.example",
        "phone": "+4989123456",
        "address": "Main Street 1",
        "city": "Muenchen",
        "postal_code": "80331",
        "country_code": "DE",
        "subdivision_code": "BY",
        "added_by": User.objects.first() or user(),
    }
    return RegistrantContact.objects.create(account=of or account(), **(defaults | fields))


def new_customer(name: str = "New Bakery", **fields: Any) -> NewCustomer:
    """A customer who is to get an account at Wix."""
    defaults = {"email": "owner@new-bakery.example", "added_by": User.objects.first() or user()}
    return NewCustomer.objects.create(name=name, **(defaults | fields))


def operation(
    of: ProductInstance | None = None, by: User | None = None, **fields: Any
) -> Operation:
    """A wish to move that service to another site of its account, waiting to be carried out."""
    of = of or instance()
    target = fields.pop("site", None) or site(of.account)
    defaults = {
        "kind": "reassign",
        "subject": f"instance:{of.pk}",
        "wish": {"site_id": str(target.pk)},
        "before": {"site_id": str(of.site_id or "")},
        "fingerprint": "f" * 64,
        "request_id": new_id(),
        "requested_by": by or User.objects.filter(username="operator").first() or user(),
    }
    return Operation.objects.create(
        account=of.account,
        package=of.package,
        instance=of,
        site=target,
        **(defaults | fields),
    )


def flow(by: User, at: str = "package", **fields: Any) -> Flow:
    """A site that is being handed over, which stands at that step and waits for a person."""
    from resellers.flows.kinds import FLOW_KINDS

    of = fields.pop("site", None) or site()
    to = fields.pop("account", None) or account("Harbour Yoga")
    row = Flow.objects.create(
        kind="site_handover",
        owner=by,
        begun_by=by,
        site=of,
        account=to,
        **{"state": Flow.State.OPEN, "data": {"from": str(of.account_id), "site": str(of.pk)}}
        | fields,
    )
    for step in FLOW_KINDS[row.kind].steps(row):
        if step.name == at:
            break
        done = {"state": FlowStep.State.DONE, "ended_at": Now(), "by": by}
        FlowStep.objects.create(flow=row, name=step.name, **done)
    FlowStep.objects.create(flow=row, name=at)
    return row


def end(operation: Operation) -> Operation:
    """That operation as its row now says it ended."""
    operation.refresh_from_db()
    return operation


def go_on_now(operation: Operation) -> Operation:
    """That operation carried out at once, whatever it waits for; as its row then is."""
    from resellers.operations import engine

    Operation.objects.filter(pk=operation.pk).update(next_run_at=Now(), lease_until=None)
    engine.run(operation.pk)
    return end(operation)


def time_goes_by(operation: Operation, *, seconds: float) -> None:
    """As if the operation had ended so long ago."""
    ended = database_now() - timedelta(seconds=seconds + 1)
    by = operation.finished_at - ended
    Operation.objects.filter(pk=operation.pk).update(
        finished_at=ended, settle_at=operation.settle_at - by
    )


def settle_twice() -> None:
    """A round of settling and, as if half a minute had gone by, the one that a doubt waits for."""
    from resellers.operations.engine import settle

    settle.settle_due()
    a_doubt_is_due()
    settle.settle_due()


def a_doubt_is_due() -> None:
    """As if each doubt had been raised a minute ago."""
    minute_ago = database_now() - timedelta(minutes=1)
    doubted = Operation.objects.filter(doubted_at__isnull=False)
    doubted.update(doubted_at=minute_ago, settle_at=minute_ago)
