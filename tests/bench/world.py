"""A large mirror on a private PostgreSQL, for measuring pages: invented rows, no sandbox."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from tests import environment, servers

INSTANCES = 200_000
PACKAGES = INSTANCES * 2 // 5
ACCOUNTS = INSTANCES // 10
SITES = ACCOUNTS * 2
PRODUCTS = 40
# As a healthy reseller has them, in percent.
STATUSES = ("ENABLED",) * 93 + ("CANCELED",) * 3 + ("FAILED",) * 2 + ("PENDING", "AWAITING_ACTION")
WORDS = ("Bakery", "Garage", "Dental", "Florist", "School", "Hotel", "Studio", "Cycles", "Books")
BATCH = 5000


@contextmanager
def large_mirror() -> Iterator[None]:
    """This process's Django on such a mirror; once a process. RuntimeError without PostgreSQL."""
    database = servers.start_postgresql()
    for name in environment.TESTS:
        os.environ.pop(f"{name}_FILE", None)
    os.environ.update(
        environment.of_process(
            environment.TESTS,
            DJANGO_SETTINGS_MODULE="dashboard.settings",
            DATABASE_URL=database.url,
        )
    )
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    _fill()
    try:
        yield
    finally:
        from django.db import connections

        connections.close_all()
        database.stop()


def _fill() -> None:
    from django.db import connection
    from django.utils import timezone

    from resellers.mirror import figures
    from resellers.models import Account, CatalogProduct, Package, ProductInstance, Site

    chance, now = random.Random(1), timezone.now()

    def id_(kind: int, number: int) -> UUID:
        return UUID(int=(chance.getrandbits(64) << 64) | (kind << 56) | number)

    def ago(days: float) -> Any:
        return now - timedelta(days=days)

    products = [
        CatalogProduct(id=id_(1, n), name=f"Product {n}", service_type=f"TYPE_{n % 8}")
        for n in range(PRODUCTS)
    ]
    accounts = [
        Account(id=id_(2, n), name=f"{chance.choice(WORDS)} {n}", email=f"a{n}@shop.example")
        for n in range(ACCOUNTS)
    ]
    sites = [
        Site(
            id=id_(3, n),
            account=chance.choice(accounts),
            display_name=f"{chance.choice(WORDS)} site {n}",
            url=f"https://site-{n}.example",
        )
        for n in range(SITES)
    ]
    packages = [
        Package(
            id=id_(4, n),
            account=chance.choice(accounts),
            external_id=f"order-{n:07}",
            created_at=ago(chance.uniform(0, 1000)),
            updated_at=ago(chance.uniform(0, 100)),
            last_confirmed_at=now,
        )
        for n in range(PACKAGES)
    ]

    def services() -> Iterator[ProductInstance]:
        for n in range(INSTANCES):
            package = chance.choice(packages)
            yield ProductInstance(
                id=id_(5, n),
                package=package,
                account_id=package.account_id,
                product=chance.choice(products),
                site=chance.choice(sites) if chance.random() < 0.9 else None,
                status=chance.choice(STATUSES),
                cycle_unit="YEAR",
                cycle_count=1,
                created_at=package.created_at,
                updated_at=package.updated_at,
            )

    for rows in (products, accounts, sites, packages):
        type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)
    coming = services()
    while batch := list(islice(coming, BATCH)):
        ProductInstance.objects.bulk_create(batch)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    figures.count()
