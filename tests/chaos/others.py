"""What chaos asks of packages, orders, sites and domains, and how it looks at them."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef

from resellers.models import (
    Account,
    CatalogProduct,
    InstanceStatus,
    NewCustomer,
    Operation,
    Package,
    ProductInstance,
    Site,
)
from tests import worlds

from .ground import Ground
from .services import Look, Stored, Taken, Touched

ENDED = (InstanceStatus.FAILED, InstanceStatus.CANCELED)
MAILBOX = "Mailbox Starter"
DOMAIN = "Domain .example"
ACCOUNT_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


# --- packages ------------------------------------------------------------------------------------


def packages() -> Iterable[UUID]:
    """Every package with a service that has not ended."""
    living = ProductInstance.objects.filter(package=OuterRef("pk")).exclude(status__in=ENDED)
    held = Package.objects.filter(Exists(living), gone_at=None)
    return held.order_by("id").values_list("id", flat=True)


def package(id_: UUID) -> Package:
    return Package.objects.select_related("account").get(pk=id_)


def touched_by_package(package: Package) -> Touched:
    return Touched(package.pk, None)


def package_at_wix(ground: Ground, operation: Operation) -> Any:
    with ground.sandbox.world.lock:
        return ground.sandbox.world.packages.rows[str(operation.package_id)]


def living_at_wix(ground: Ground, operation: Operation) -> Look:
    services = package_at_wix(ground, operation).instances
    return tuple(sorted(one.id for one in services if one.status not in ENDED))


def living_as_read(seen: dict[str, Any]) -> Look:
    return tuple(seen.get("live", ()))


def living_in_mirror(operation: Operation) -> Look:
    services = ProductInstance.objects.filter(package=operation.package_id)
    return tuple(sorted(str(one.pk) for one in services.exclude(status__in=ENDED)))


def none_lives(wish: Stored, now: Look) -> bool:
    return now == ()


def names(package: Package, taken: Taken) -> Iterator[Stored]:
    yield {"external_id": f"chaos-{uuid4()}"}


def name_at_wix(ground: Ground, operation: Operation) -> Look:
    return (package_at_wix(ground, operation).external_id or "",)


def name_as_read(seen: dict[str, Any]) -> Look:
    return (seen.get("external_id"),)


def name_in_mirror(operation: Operation) -> Look:
    return (Package.objects.get(pk=operation.package_id).external_id,)


def has_its_name(wish: Stored, now: Look) -> bool:
    return now == (wish["external_id"],)


# --- orders --------------------------------------------------------------------------------------


def accounts() -> Iterable[UUID]:
    """Customers who have bought something: the others' sites are to stay free."""
    held = Account.objects.exclude(instances=None).distinct()
    return held.order_by("id").values_list("id", flat=True)


def account(id_: UUID) -> Account:
    return Account.objects.get(pk=id_)


def touched_by_order(account: Account) -> Touched:
    return Touched(None, None)


def orders(account: Account, taken: Taken) -> Iterator[Stored]:
    product = CatalogProduct.objects.get(name=MAILBOX)
    line = {"product_id": str(product.pk), "site_id": "", "cycle": "1 YEAR", "country": "DE"}
    line |= {"discount_code": "", "reference_id": ""}
    yield {"external_id": f"chaos-{uuid4()}", "lines": [line, line], "again_of": ""}


def orders_at_wix(ground: Ground, operation: Operation) -> Look:
    """How many packages there are under the order's name."""
    world, name = ground.sandbox.world, operation.wish["external_id"]
    with world.lock:
        return (sum(one.external_id == name for one in world.packages.rows.values()),)


def orders_as_read(seen: dict[str, Any]) -> Look:
    return (len(seen.get("packages", ())),)


def orders_in_mirror(operation: Operation) -> Look:
    return (Package.objects.filter(external_id=operation.wish["external_id"]).count(),)


def is_one(wish: Stored, now: Look) -> bool:
    return now == (1,)


# --- sites ---------------------------------------------------------------------------------------


def main_account() -> Iterable[UUID]:
    return Account.objects.filter(is_main=True).values_list("id", flat=True)


def new_sites(account: Account, taken: Taken) -> Iterator[Stored]:
    yield {"site_name": f"chaos {uuid4()}", "template_id": "", "copy_of": ""}


def sites_at_wix(ground: Ground, operation: Operation) -> Look:
    """How many sites of that name there are."""
    world, name = ground.sandbox.world, operation.wish["site_name"]
    with world.lock:
        return (sum(one.display_name == name for one in world.sites.rows.values()),)


def sites_as_read(seen: dict[str, Any]) -> Look:
    return (len(seen.get("sites", ())),)


def sites_in_mirror(operation: Operation) -> Look:
    return (Site.objects.filter(display_name=operation.wish["site_name"]).count(),)


# --- accounts ------------------------------------------------------------------------------------


def new_customers(account: Account, taken: Taken) -> Iterator[Stored]:
    customer = worlds.new_customer(email=f"{uuid4()}@customer.example")
    yield {"customer_id": str(customer.pk), "name": customer.name}


def accounts_at_wix(ground: Ground, operation: Operation) -> Look:
    """How many accounts there are under the customer's address, or with what came of it."""
    world = ground.sandbox.world
    customer = NewCustomer.objects.get(pk=operation.wish["customer_id"])
    email = customer.account.email if customer.account else customer.email
    with world.lock:
        return (sum(one.email == email for one in world.accounts.rows.values()),)


def accounts_as_read(seen: dict[str, Any]) -> Look:
    return (len(seen.get("accounts", ())) + len(seen.get("more", ())),)


def tells_each_account(operation: Operation, now: Look) -> bool:
    """Whether its outcome names each account that it made beside the first."""
    return 0 < len(set(ACCOUNT_ID.findall(operation.outcome))) == now[0] - 1


def accounts_in_mirror(operation: Operation) -> Look:
    return (Account.objects.filter(new_customer=operation.wish["customer_id"]).count(),)


def free_sites() -> Iterable[UUID]:
    """The sites of customers who have bought nothing, so that nobody puts a service on them."""
    found = Site.objects.filter(account__instances=None, trashed_at=None, blocked=False)
    return found.order_by("id").values_list("id", flat=True)


def site(id_: UUID) -> Site:
    return Site.objects.select_related("account").get(pk=id_)


def touched_by_site(site: Site) -> Touched:
    return Touched(None, site.pk)


def other_accounts(site: Site, taken: Taken) -> Iterator[Stored]:
    for other in Account.objects.filter(instances=None).exclude(pk=site.account_id):
        yield {"account_id": str(other.pk)}


def owner_at_wix(ground: Ground, operation: Operation) -> Look:
    with ground.sandbox.world.lock:
        return (ground.sandbox.world.sites.rows[str(operation.site_id)].account_id,)


def owner_as_read(seen: dict[str, Any]) -> Look:
    return (seen.get("account_id"),)


def owner_in_mirror(operation: Operation) -> Look:
    return (str(Site.objects.get(pk=operation.site_id).account_id),)


def is_handed_over(wish: Stored, now: Look) -> bool:
    return now == (wish["account_id"],)


# --- domains -------------------------------------------------------------------------------------


def domain_services() -> Iterable[UUID]:
    """The floating services for domains that no domain was registered with."""
    used = Operation.objects.filter(kind="register_domain").values("instance_id")
    services = ProductInstance.objects.filter(product__name=DOMAIN, site=None, status="ENABLED")
    ordered = services.filter(package__external_id__startswith="domain-").exclude(pk__in=used)
    return ordered.order_by("id").values_list("id", flat=True)


def domain_names(service: ProductInstance, taken: Taken) -> Iterator[Stored]:
    spent = Operation.objects.filter(kind="register_domain", instance=service)
    if not spent.exists():
        name = f"chaos-{uuid4().hex[:12]}.example"
        contact = service.account.contacts.first() or worlds.contact(service.account)
        yield {"domain": name, "contact_id": str(contact.pk), "site_id": ""}


def domain_at_wix(ground: Ground, operation: Operation) -> Look:
    world = ground.sandbox.world
    with world.lock:
        return (operation.wish["domain"] in world.registered_domains,)


def domain_as_read(seen: dict[str, Any]) -> Look:
    return (bool(seen.get("found")),)


def domain_as_last_read(operation: Operation) -> Look:
    """The mirror holds no registered domains: what was read last stands for it."""
    last = operation.attempts.filter(seen__isnull=False).order_by("id").last()
    return domain_as_read((last and last.seen) or {})


def is_registered(wish: Stored, now: Look) -> bool:
    return now == (True,)


def sites_with_plan() -> Iterable[UUID]:
    """The customers' sites that may have a domain of their own."""
    sites = Site.objects.usable().premium().filter(account__is_main=False)
    return sites.order_by("id").values_list("id", flat=True)


def names_to_connect(_site: Site, taken: Taken) -> Iterator[Stored]:
    yield {"domain": f"chaos-{uuid4().hex[:12]}.example", "way": "POINTING"}


def connection_at_wix(ground: Ground, operation: Operation) -> Look:
    world = ground.sandbox.world
    with world.lock:
        return (operation.wish["domain"] in world.connected_domains,)
