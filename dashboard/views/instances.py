"""Instances: the services customers have bought, each on a site or floating."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard import cells, lists
from dashboard.exports import Field
from dashboard.filters import AGES, Choice, Flag, Id, Word, Words, aged, within_days
from dashboard.lists import Chip, Column, List, Sort
from dashboard.raw import as_text
from dashboard.timeline import timeline, wanted_run
from resellers.models import (
    OPEN_STATES,
    Account,
    CatalogProduct,
    InstanceStatus,
    Operation,
    Package,
    ProductInstance,
    Site,
)
from resellers.refusals import FAILURES, explain_failure, explain_status

FIELDS = (
    Field("package_id", "package_id"),
    Field("account_id", "account_id"),
    Field("account_name", "account__name"),
    Field("external_id", "package__external_id"),
    Field("instance_id", "id"),
    Field("catalog_product_id", "product_id"),
    Field("product_name", "product__name"),
    Field("service_type", "product__service_type"),
    Field("site_id", "site_id"),
    Field("site_name", "site__display_name"),
    Field("site_url", "site__url"),
    Field("status", "status"),
    Field("failure_code", "failure_code"),
    Field("failure_message", "failure_message"),
    Field("country_code", "country_code"),
    Field("discount_code", "discount_code"),
    Field("reference_instance_id", "reference_instance_id"),
    Field("expires_at_utc", "expires_at"),
    Field("created_at_utc", "created_at"),
    Field("updated_at_utc", "updated_at"),
    Field("checked_at_utc", "package__last_confirmed_at"),
    Field("billing_type", "billing_type"),
    Field("cycle_unit", "cycle_unit"),
    Field("cycle_count", "cycle_count"),
    Field("gone_at_utc", "gone_at"),
)


ACTIONS = ("assign", "unassign", "reassign", "adjust")


# What the table's cells need: reading whole records would be most of a page's time.
SHOWN = (
    *("status", "failure_code", "cycle_unit", "cycle_count", "created_at", "expires_at", "gone_at"),
    *("product__name", "product__service_type", "account__name"),
    *("site__name", "site__display_name", "site__url", "package__last_confirmed_at"),
)


def _has_word(word: str) -> Q:
    # By ids from each table: an OR over joined columns would use no index of any of them.
    sites = Q(display_name__icontains=word) | Q(url__icontains=word)
    return (
        Q(product__in=CatalogProduct.objects.filter(name__icontains=word))
        | Q(account__in=Account.objects.filter(name__icontains=word))
        | Q(site__in=Site.objects.filter(sites))
        | Q(package__in=Package.objects.filter(external_id__icontains=word))
    )


def _present(rows: QuerySet[ProductInstance]) -> QuerySet[ProductInstance]:
    return rows.filter(gone_at=None)


def _number_of(status: str) -> Any:
    return lambda counts: counts.get("status", {}).get(status, 0) if counts else None


def _summary(words: str, counts: Mapping[str, Any]) -> str:
    packages, accounts = counts.get("packages"), counts.get("accounts")
    if not packages or not accounts:
        return words
    plural = "account" if accounts == 1 else "accounts"
    return f"{words} in {packages:,} packages of {accounts:,} {plural}"


INSTANCES = List(
    noun="instances",
    title="Instances",
    one="service",
    many="services",
    rows=ProductInstance.objects.all,
    dress=lambda rows: rows.select_related("product", "account", "site", "package").only(*SHOWN),
    columns=(
        Column("service", "Service", cells.service, ("product_name", "service_type"), kind="main"),
        Column(
            "account", "Account", lambda row: cells.account_link(row.account), ("account_name",)
        ),
        Column("site", "Site", lambda row: cells.site_link(row.site), ("site_name", "site_url")),
        Column(
            "status",
            "Status",
            cells.status,
            ("status", "failure_code", "failure_message"),
            kind="status",
        ),
        Column(
            "cycle", "Cycle", cells.cycle, ("billing_type", "cycle_unit", "cycle_count"), "short"
        ),
        Column(
            "created",
            "Created",
            lambda row: cells.day(row.created_at),
            ("created_at_utc", "updated_at_utc"),
            kind="time",
            sort="created",
        ),
        Column(
            "expires",
            "Expires",
            lambda row: cells.day(row.expires_at),
            ("expires_at_utc",),
            kind="time",
            sort="expires",
            shown=False,
        ),
        Column(
            "checked",
            "Checked",
            lambda row: cells.checked(row.last_confirmed_at),
            ("checked_at_utc", "gone_at_utc"),
            kind="age",
        ),
    ),
    fields=FIELDS,
    filters=(
        Words(
            "q",
            "Words in service, account, site, external id, or an id",
            _has_word,
            ids=("pk", "package_id", "account_id", "site_id", "product_id"),
        ),
        Word("status", "Status", "status", dict(InstanceStatus.choices)),
        Word(
            "failure_code",
            "Failure code",
            "failure_code",
            {code: code for code in FAILURES} | {Word.NONE: "No code"},
        ),
        Choice(
            "expiring",
            "Expires",
            {"30": "Within 30 days", "60": "Within 60 days", "90": "Within 90 days"},
            lambda days: (
                within_days("expires_at")(days)
                & ~Q(status__in=[InstanceStatus.FAILED, InstanceStatus.CANCELED])
            ),
        ),
        Choice("age", "Changed at Wix", AGES, aged("updated_at")),
        Flag("floating", "Floating only", Q(site=None)),
        Flag("gone", "Gone from Wix only", Q(gone_at__isnull=False)),
        Id("account", "Account", "account", Account),
        Id("package", "Package", "package", Package),
        Id("product", "Product", "product", CatalogProduct),
        Id("site", "Site", "site", Site),
    ),
    sorts={
        "created": Sort("Created", "created_at"),
        "expires": Sort("Expires", "expires_at", sparse=True),
    },
    default_sort="-created",
    chips=(
        Chip("Enabled", {"status": "ENABLED"}, _number_of("ENABLED")),
        Chip("Failed", {"status": "FAILED"}, _number_of("FAILED")),
        Chip("Pending", {"status": "PENDING"}, _number_of("PENDING")),
        Chip("Awaiting action", {"status": "AWAITING_ACTION"}, _number_of("AWAITING_ACTION")),
        Chip("Floating", {"floating": "1"}, lambda counts: counts.get("floating")),
        Chip(
            "Expiring in 30 days", {"expiring": "30"}, lambda counts: counts.get("expiring_30_days")
        ),
    ),
    unless={"gone": _present},
    summary=_summary,
    nothing="No services yet",
)


@require_safe
def instance_list(request: HttpRequest) -> HttpResponse:
    """Every service, newest first."""
    return lists.show(request, INSTANCES)


@require_safe
def instance_export(request: HttpRequest) -> HttpResponseBase:
    return lists.export(request, INSTANCES)


@require_safe
def instance_detail(request: HttpRequest, wix_id: UUID) -> HttpResponse:
    """One service: what it is, where, how it stands, what happened to it, what can be done."""
    instance = (
        ProductInstance.objects.select_related("product", "account", "site", "package")
        .filter(pk=wix_id)
        .first()
    )
    if instance is None:
        raise Http404(f"Nothing of id {wix_id}")
    operations = list(
        Operation.objects.filter(instance=instance).select_related("site", "requested_by")[:20]
    )
    open_operation = next((op for op in operations if op.state in OPEN_STATES), None)
    told = obstacles(instance, open_operation)
    return render(
        request,
        "instances/detail.html",
        {
            "instance": instance,
            "status": explain_status(instance.status),
            "failure": explain_failure(instance.failure_code)
            if instance.status == InstanceStatus.FAILED
            else None,
            "operations": operations,
            "open_operation": open_operation,
            "obstacles": told,
            "hindrances": [
                (action.capitalize(), words)
                for action, words in told.items()
                if action not in (("reassign", "unassign") if instance.is_floating else ("assign",))
            ],
            "entries": timeline(instance=instance),
            "raw": as_text(instance.raw),
            "run": wanted_run(request, account=instance.account, package=instance.package),
        },
    )


def obstacles(instance: ProductInstance, open_operation: Operation | None) -> dict[str, str]:
    """Why this service cannot be changed now, by action; an action without an entry can be."""
    if instance.gone_at:
        return dict.fromkeys(ACTIONS, "Wix no longer has this service.")
    if instance.is_ended:
        status = explain_status(instance.status)
        words = f"{status.word}: {status.meaning} Nothing can be done with it."
        return dict.fromkeys(ACTIONS, words)
    if open_operation:
        kind = open_operation.get_kind_display()
        words = f"{kind} #{open_operation.pk} is under way; one change at a time."
        return dict.fromkeys(ACTIONS, words)
    told = {}
    if instance.is_floating:
        told["reassign"] = told["unassign"] = "It is on no site, so there is nothing to move."
    else:
        told["assign"] = "It is on a site already: reassign it instead."
    if instance.status != InstanceStatus.ENABLED:
        told["adjust"] = "Wix changes the plan of enabled services only."
    elif not instance.product.adjustable:
        told["adjust"] = "Wix does not offer a change of plan for this product."
    return told
