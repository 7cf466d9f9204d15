"""The domains of the believable world: those connected to sites, and those registered."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import replace

from ..world.clock import DAY
from ..world.entities import (
    PRIMARY,
    REDIRECT,
    ConnectedDomain,
    DomainAssignment,
    Package,
    Product,
    RegisteredDomain,
    Site,
)
from .context import SeedContext


def connected_domains(
    context: SeedContext, sites: Iterable[Site], with_plan: Container[str]
) -> tuple[list[Site], list[ConnectedDomain], list[DomainAssignment]]:
    """The sites, most of those with a plan on a domain of their own; the domains; what is where.

    Every tenth site has a second domain that redirects to the first.
    """
    finished, domains, assignments = [], [], []

    def connect(site: Site, name: str, connection_type: str, kind: str, created: int) -> None:
        domains.append(ConnectedDomain(name, site.account_id, connection_type, created))
        assignments.append(DomainAssignment(name, site.account_id, site.id, kind, created, created))

    for site in sites:
        domain = f"{site.name}.example"
        connects = site.id in with_plan and site.published and context.random.random() < 0.7
        if connects:
            connection_type = context.random.choice(("NAMESERVERS", "POINTING"))
            created = context.random_past(DAY, 300 * DAY)
            if len(domains) % 10 == 3:
                connect(site, f"{site.name}-web.example", "POINTING", REDIRECT, created)
            connect(site, domain, connection_type, PRIMARY, created)
        finished.append(replace(site, domain=domain) if connects else site)
    return finished, domains, assignments


def registered_domains(
    context: SeedContext, packages: Iterable[Package], product: Product
) -> list[RegisteredDomain]:
    """Domains registered on every other package with a floating instance of that product."""
    floating = [
        (package, instance)
        for package in packages
        if (
            instance := next(
                (
                    one
                    for one in package.instances
                    if one.product_id == product.id and one.site_id is None and one.live
                ),
                None,
            )
        )
    ]
    return [
        RegisteredDomain(
            domain=f"gemeinsam-{number + 1}.example",
            account_id=package.account_id,
            instance_id=instance.id,
            site_id=None,
            status="ACTIVE",
            contacts={"registrant": {"firstName": "Test", "lastName": "Registrant"}},
            term_years=instance.billing.cycle.count if instance.billing.cycle else 1,
            created=instance.created,
            updated=instance.updated,
            expires=instance.expires,
        )
        for number, (package, instance) in enumerate(floating[::2])
    ]
