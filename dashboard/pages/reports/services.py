"""What customers hold: services at Wix by status, by product and by account."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Model, Q

from dashboard.components import addresses
from dashboard.components.charts import Bar, bars
from dashboard.components.values import counted
from dashboard.lists.filters import AGES, ChoiceFilter, aged
from resellers.models import Account, CatalogProduct, InstanceStatus, ProductInstance
from resellers.models.querysets import (
    ACCESSIBLE,
    ENABLED,
    ENDED,
    FAILED,
    FLOATING,
    NO_SITE,
    floating_long,
)
from resellers.refusals import explain_status

from .report import Report, ReportCell, ReportLine, first_column, rows_link, total

LARGEST = 20
COLUMNS: Mapping[str, tuple[str, Q, dict[str, str]]] = {
    "services": ("Services", Q(), {}),
    "enabled": ("Enabled", ENABLED, {"status": "ENABLED"}),
    "failed": ("Failed", FAILED, {"status": "FAILED"}),
    "floating": ("Floating", FLOATING, {"floating": "1"}),
    "accessible": ("Usable", ACCESSIBLE, {"accessible": "1"}),
}


def by_status() -> Report:
    """Services at Wix by status, and how many of each float, are on no site, can be used."""
    rows = ProductInstance.objects.present().order_by().values("status")
    counts = {str(status): (0, 0, 0, 0) for status in InstanceStatus.values}
    for row in rows.annotate(
        n=Count("pk"),
        floating=Count("pk", filter=FLOATING),
        no_site=Count("pk", filter=NO_SITE),
        accessible=Count("pk", filter=ACCESSIBLE),
    ):
        figures = (row["n"], row["floating"], row["no_site"], row["accessible"])
        counts[row["status"]] = figures
    lines = tuple(
        ReportLine(
            status,
            explain_status(status).word,
            explain_status(status).meaning,
            (
                ReportCell(number, rows_link("instance_list", status=status)),
                ReportCell(floating, rows_link("instance_list", status=status, floating="1")),
                ReportCell(no_site, rows_link("instance_list", status=status, no_site="1")),
                ReportCell(usable, rows_link("instance_list", status=status, accessible="1")),
            ),
        )
        for status, (number, floating, no_site, usable) in counts.items()
    )
    chart = [Bar(line.label, line.cells[0].value, explain_status(line.raw).tone) for line in lines]
    return Report(
        "instances",
        "Services by status",
        f"{counted(total(lines), 'service', 'services')} at Wix.",
        ("Status", "Services", "of them floating", "of them on no site", "of them usable"),
        ("status", "services", "floating", "no_site", "accessible"),
        lines,
        bars("Services by status", chart),
        "No services are in the mirror yet.",
    )


def by_product() -> Report:
    """Services at Wix by product, the 20 most held and the rest."""
    return _largest(
        "products",
        "Services by product",
        ("product", "Product", "products"),
        CatalogProduct,
        lambda product: product.service_type,
    )


def by_account() -> Report:
    """Services at Wix by customer, the 20 largest and the rest."""
    return _largest(
        "accounts",
        "Services by account",
        ("account", "Account", "accounts"),
        Account,
        lambda account: account.group,
    )


def largest(field: str) -> list[UUID]:
    """The ids of the 20 products or accounts with most services, the largest first."""
    rows = ProductInstance.objects.present().order_by().values(field)
    first = rows.annotate(n=Count("pk")).order_by("-n", field)[:LARGEST]
    return [row[field] for row in first]


def beyond_largest(field: str) -> Q:
    """The services of all products or accounts but the 20 with most of them."""
    return ~Q(**{f"{field}__in": largest(field)})


def floating_for(step: str) -> Q:
    """The services that have been floating for so long; `long` is over 14 days."""
    return floating_long() if step == "long" else FLOATING & aged("floating_since")(step)


# With these the list of services can be asked for what the reports count.
FILTERS = (
    ChoiceFilter(
        "ended",
        "Failed or canceled",
        {"no": "No", "yes": "Yes"},
        lambda word: ENDED if word == "yes" else ~ENDED,
    ),
    ChoiceFilter(
        "beyond",
        "Beyond the 20 largest",
        {"accounts": "Accounts", "products": "Products"},
        lambda many: beyond_largest(many.removesuffix("s")),
    ),
    ChoiceFilter("floating_for", "Floating for", {"long": "Over 14 days"} | AGES, floating_for),
)


def _largest(
    name: str,
    title: str,
    words: tuple[str, str, str],
    model: type[Model],
    describe: Callable[[Any], str],
) -> Report:
    field, head, many = words
    held = ProductInstance.objects.present().order_by()
    counting = {key: Count("pk", filter=q) for key, (_, q, _) in COLUMNS.items() if q}
    counting["services"] = Count("pk")
    ids = largest(field)
    counts = {
        row[field]: row
        for row in held.filter(**{f"{field}__in": ids}).values(field).annotate(**counting)
    }
    records = model._default_manager.defer("raw") if model is Account else model._default_manager
    named = records.in_bulk(ids)
    lines = [
        ReportLine(
            str(id_),
            str(named[id_]),
            describe(named[id_]),
            _cells(counts[id_], {field: str(id_)}),
            addresses.ACCOUNT(id_) if model is Account else "",
        )
        for id_ in ids
    ]
    rest = held.exclude(**{f"{field}__in": ids}).aggregate(
        kinds=Count(field, distinct=True), **counting
    )
    if rest["kinds"]:
        label = f"{rest['kinds']:,} more {many if rest['kinds'] > 1 else head.lower()}"
        lines.append(ReportLine("the rest", label, "", _cells(rest, {"beyond": many})))
    return Report(
        name,
        title,
        f"{counted(total(lines), 'service', 'services')} at Wix"
        + (f"; the {LARGEST} {many} with most of them, and the rest." if rest["kinds"] else "."),
        (head, *(label for label, _, _ in COLUMNS.values())),
        (f"{field}_id", *COLUMNS, f"{field}_name"),
        tuple(lines),
        # The rest would dwarf them.
        first_column(title, lines[: len(ids)]),
        "No services are in the mirror yet.",
    )


def _cells(counts: Mapping[str, Any], query: dict[str, str]) -> tuple[ReportCell, ...]:
    return tuple(
        ReportCell(counts[key], rows_link("instance_list", **query, **narrow))
        for key, (_, _, narrow) in COLUMNS.items()
    )
