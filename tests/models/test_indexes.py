"""Each index serves a query, and no two serve the same: every one is written with every row."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Index, Q
from django.http import QueryDict

from dashboard.lists.keyset import sort
from dashboard.lists.query import ListQuery
from dashboard.pages.accounts.list import ACCOUNTS
from dashboard.pages.instances.list import INSTANCES
from dashboard.pages.packages.list import PACKAGES
from dashboard.pages.sites.list import SITES
from resellers.models import Account, Change, Package, ProductInstance, Site
from resellers.models.instance_querysets import FLOATING, expiring
from tests.bench.rows import Invented

MIRROR = (Account, Site, Package, ProductInstance, Change)
PAGE = 50


@pytest.mark.django_db
@pytest.mark.once
def test_no_index_begins_with_the_columns_of_another():
    doubled = {
        f"{table}: {name} beside {other}"
        for table, found in _of_tables().items()
        for name, columns in found.items()
        for other, others in found.items()
        if name != other and others[: len(columns)] == columns
    }

    assert doubled == set()


@pytest.mark.postgres
@pytest.mark.django_db
def test_on_postgresql_no_index_begins_with_the_columns_of_another():
    test_no_index_begins_with_the_columns_of_another()


@pytest.mark.postgres
@pytest.mark.django_db
def test_each_page_of_the_mirror_reads_by_the_index_that_is_named_for_it():
    Invented(2000).write()
    services = ProductInstance.objects.order_by("id")
    Change.objects.bulk_create(
        Change(account_id=account, package_id=package, instance_id=pk, field="seen", at=at)
        for pk, account, package, at in services.values_list(
            "pk", "account", "package", "created_at"
        )
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        # Over so few rows the planner would rather read all of them.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off; SET LOCAL enable_hashjoin = off")
    plans = {name: rows.explain() for name, rows in _pages().items()}

    others = {name: plan for name, plan in plans.items() if name not in plan}
    assert not others, "\n".join(f"{name}:\n{plan}" for name, plan in others.items())
    declared = {index.name for model in MIRROR for index in model._meta.indexes}
    assert declared - set(plans) == set(), "say which page it serves"


def _of_tables() -> dict[str, dict[str, list[str]]]:
    """The columns of each index over whole tables, by table and name."""
    tables = {}
    for model in apps.get_app_config("resellers").get_models():
        partial = {index.name for index in model._meta.indexes if index.condition}
        partial |= {c.name for c in model._meta.constraints if getattr(c, "condition", None)}
        with connection.cursor() as cursor:
            found = connection.introspection.get_constraints(cursor, model._meta.db_table)
        tables[model._meta.db_table] = {
            name: one["columns"]
            for name, one in found.items()
            if (one["index"] or one["unique"]) and name not in partial and _is_of_columns(name, one)
        }
    return tables


def _is_of_columns(name, one) -> bool:
    """Whether it orders by columns: not by what is made of them, nor for what texts begin with."""
    is_ordered = one.get("type", "btree") in ("btree", "idx", Index.suffix)
    return is_ordered and not name.endswith("_like") and one["columns"] and all(one["columns"])


def _pages():
    """What pages ask for, by the index that serves it."""
    service = ProductInstance.objects.filter(site__isnull=False).first()
    package, account = service.package, service.account
    site, product = service.site_id, service.product_id
    lists = {
        "instance_newest": (INSTANCES, ""),
        "instance_by_status": (INSTANCES, "status=FAILED"),
        "instance_by_account": (INSTANCES, f"account={account.pk}"),
        "instance_by_product": (INSTANCES, f"product={product}"),
        "instance_by_site": (INSTANCES, f"site={site}"),
        "instance_floating": (INSTANCES, "no_site=1"),
        "package_newest": (PACKAGES, ""),
        "package_by_account": (PACKAGES, f"account={account.pk}"),
        "account_by_sort_name": (ACCOUNTS, ""),
        "account_by_group_and_name": (ACCOUNTS, "group=North"),
        "site_by_sort_name": (SITES, ""),
        "site_by_account_and_name": (SITES, f"account={account.pk}"),
    }
    pages = {name: _page_of(list_, query) for name, (list_, query) in lists.items()}
    services, packages = ProductInstance.objects.order_by(), Package.objects.order_by()
    return pages | {
        # the first rows of these orders are those that have what they are sorted by
        "instance_by_floating_since": _page_of(
            INSTANCES, "sort=floating", floating_since__isnull=False
        ),
        "instance_by_expiry": _page_of(INSTANCES, "sort=expires", expires_at__isnull=False),
        # how many end within a time, and for how long what floats has done so
        "instance_live_by_expiry": services.filter(expiring(30)).values("expires_at", "site"),
        "instance_by_time_afloat": services.filter(
            FLOATING, floating_since__gte=package.updated_at
        ).values("floating_since"),
        # /failures/failed-services/, and how many were changed at Wix within a time
        "instance_by_time_failed": services.present()
        .failed()
        .order_by("-status_since", "-id")[:PAGE],
        "instance_by_updated": services.present().filter(updated_at__gte=package.updated_at),
        # what is free with which service, and a discount code among words
        "instance_by_reference": services.filter(reference_instance_id=service.pk),
        "instance_by_discount_code": services.filter(
            ~Q(discount_code=""), discount_code__istartswith="spring"
        ),
        "package_by_updated": packages.filter(updated_at__gt=package.updated_at),
        "package_of_external_id": packages.filter(external_id__in=["order-0000001", "order-2"]),
        # the overview, and the timelines of a customer, a package, a service and a site
        "change_newest": Change.objects.all()[:PAGE],
        "change_by_account": Change.objects.filter(account=account)[:PAGE],
        "change_by_package": Change.objects.filter(package=package)[:PAGE],
        "change_by_instance": Change.objects.filter(instance=service)[:PAGE],
        "change_by_site": Change.objects.filter(site=site)[:PAGE],
        # whose doing a change was, and how long deliveries take
        "change_by_operation": Change.objects.filter(operation__in=[1, 2]).order_by(),
        "change_delivered": Change.objects.filter(
            field="status", new="ENABLED", at__gt=package.updated_at
        ).order_by("at"),
    }


def _page_of(list_, query, **given):
    asked = ListQuery(list_, QueryDict(query))
    return sort(asked.rows().filter(**given), asked.order)[:PAGE]
