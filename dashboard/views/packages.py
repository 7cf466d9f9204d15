"""Packages: what a customer bought in one transaction."""

from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from dashboard import cells, lists
from dashboard.exports import Field
from dashboard.filters import Flag, Id, Words
from dashboard.lists import Column, List, Sort
from dashboard.raw import as_text
from dashboard.timeline import timeline, wanted_run
from resellers.models import Account, Operation, Package, ProductInstance

SHOWN = (
    *("external_id", "created_at", "updated_at", "last_confirmed_at", "gone_at"),
    "account__name",
)


def with_services(packages: QuerySet[Package]) -> QuerySet[Package]:
    """Each package with `services`, the number of those that Wix still has."""
    present = ProductInstance.objects.filter(package=OuterRef("pk"), gone_at=None)
    number = present.order_by().values("package").annotate(n=Count("pk")).values("n")
    return packages.annotate(services=Coalesce(Subquery(number), 0))


def _dress(packages: QuerySet[Package]) -> QuerySet[Package]:
    held = ProductInstance.objects.filter(gone_at=None).select_related("product")
    held = held.only("package_id", "product__name")
    return (
        with_services(packages)
        .select_related("account")
        .only(*SHOWN)
        .prefetch_related(Prefetch("instances", held, to_attr="held"))
    )


def _name(package: Any) -> SafeString:
    return format_html(
        '<a href="/packages/{}/">{}</a>{}', package.pk, package, cells.gone_mark(package.gone_at)
    )


def _holds(package: Any) -> str | SafeString:
    """The services' names, the first three of them."""
    names = [str(instance.product) for instance in package.held]
    if not names:
        return cells.NOTHING
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return format_html("{}{}", ", ".join(names[:3]), more)


PACKAGES = List(
    noun="packages",
    title="Packages",
    one="package",
    many="packages",
    rows=Package.objects.all,
    dress=_dress,
    columns=(
        Column("package", "Package", _name, ("external_id",), kind="main"),
        Column(
            "account", "Account", lambda row: cells.account_link(row.account), ("account_name",)
        ),
        Column("holds", "Holds", _holds, ("services",)),
        Column(
            "services", "Services", lambda row: cells.number(row.services), ("services",), "number"
        ),
        Column(
            "created",
            "Created",
            lambda row: cells.day(row.created_at),
            ("created_at_utc",),
            kind="time",
            sort="created",
        ),
        Column(
            "updated",
            "Changed",
            lambda row: cells.day(row.updated_at),
            ("updated_at_utc",),
            kind="time",
            sort="updated",
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
    fields=(
        Field("package_id", "id"),
        Field("account_id", "account_id"),
        Field("account_name", "account__name"),
        Field("external_id", "external_id"),
        Field("services", "services"),
        Field("created_at_utc", "created_at"),
        Field("updated_at_utc", "updated_at"),
        Field("checked_at_utc", "last_confirmed_at"),
        Field("gone_at_utc", "gone_at"),
    ),
    filters=(
        Words(
            "q",
            "Words in account or external id, or an id",
            lambda word: (
                Q(external_id__icontains=word)
                | Q(account__in=Account.objects.filter(name__icontains=word))
            ),
            ids=("pk", "account_id"),
        ),
        Flag("gone", "Gone from Wix only", Q(gone_at__isnull=False)),
        Id("account", "Account", "account", Account),
    ),
    sorts={"created": Sort("Created", "created_at"), "updated": Sort("Changed", "updated_at")},
    default_sort="-created",
    unless={"gone": lambda rows: rows.filter(gone_at=None)},
    summary=lambda words, counts: (
        f"{words} of {counts['accounts']:,} accounts" if counts.get("accounts") else words
    ),
    nothing="No packages yet",
)


@require_safe
def package_list(request: HttpRequest) -> HttpResponse:
    """Every package, newest first."""
    return lists.show(request, PACKAGES)


@require_safe
def package_export(request: HttpRequest) -> HttpResponseBase:
    return lists.export(request, PACKAGES)


@require_safe
def package_detail(request: HttpRequest, wix_id: UUID) -> HttpResponse:
    """One package: its services, its external id, what happened to it."""
    package = Package.objects.select_related("account").filter(pk=wix_id).first()
    if package is None:
        raise Http404(f"Nothing of id {wix_id}")
    services = package.instances.select_related("product", "site").order_by(
        F("gone_at").asc(nulls_first=True), "-created_at", "id"
    )
    operations = Operation.objects.filter(package=package).select_related("site", "requested_by")
    return render(
        request,
        "packages/detail.html",
        {
            "package": package,
            "instances": list(services),
            "operations": list(operations[:20]),
            "entries": timeline(package=package),
            "raw": as_text(package.raw),
            "run": wanted_run(request, account=package.account, package=package),
        },
    )
