"""What customers hold: services at Wix by status, by product and by account."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Model, Q, Window
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from dashboard.components import addresses
from dashboard.components.charts import bars
from dashboard.components.values import counted
from dashboard.lists.filters import ChoiceFilter
from dashboard.lists.spans import AGES, BEYOND, SpanFilter, aged, past
from resellers import formats
from resellers.models import Account, CatalogProduct, InstanceStatus, ProductInstance, Tally
from resellers.models.instance_querysets import (
    ACCESSIBLE,
    ENABLED,
    ENDED,
    FAILED,
    FLOATING,
    NO_SITE,
    floating_long,
)
from resellers.models.querysets import PRESENT
from resellers.models.tallies import number
from resellers.refusals import explain_status
from resellers.texts import Text

from .report import Report, ReportCell, ReportLine, bar_of, first_column, rows_link, total

LARGEST = 20
COLUMNS: Mapping[str, tuple[Text, Q, dict[str, str]]] = {
    "services": (gettext_lazy("Services"), Q(), {}),
    "enabled": (gettext_lazy("Enabled"), ENABLED, {"status": "ENABLED"}),
    "failed": (gettext_lazy("Failed"), FAILED, {"status": "FAILED"}),
    "floating": (gettext_lazy("Floating"), FLOATING, {"floating": "1"}),
    "accessible": (gettext_lazy("Usable"), ACCESSIBLE, {"accessible": "1"}),
}

MORE = {
    "accounts": ngettext_lazy("more customer", "more customers"),
    "products": ngettext_lazy("more product", "more products"),
}
WITH_MOST = {
    "accounts": gettext_lazy(
        "%(services)s at Wix; the %(number)s customers with most of them, and the rest."
    ),
    "products": gettext_lazy(
        "%(services)s at Wix; the %(number)s products with most of them, and the rest."
    ),
}


def by_status() -> Report:
    """Services at Wix by status, and how many of each float, are on no site, can be used."""
    tallied = Tally.objects.of(Tally.Of.SERVICES).filter(PRESENT).values("status")
    counts = {str(status): (0, 0, 0, 0) for status in InstanceStatus.values}
    for row in tallied.annotate(
        n=number(),
        floating=number(FLOATING),
        no_site=number(NO_SITE),
        accessible=number(ACCESSIBLE),
    ):
        if row["n"]:
            figures = (row["n"], row["floating"], row["no_site"], row["accessible"])
            counts[str(row["status"])] = figures
    lines = tuple(
        ReportLine(
            status,
            explain_status(status).word,
            explain_status(status).meaning,
            (
                ReportCell(all_, rows_link("instance_list", status=status)),
                ReportCell(floating, rows_link("instance_list", status=status, floating="1")),
                ReportCell(no_site, rows_link("instance_list", status=status, no_site="1")),
                ReportCell(usable, rows_link("instance_list", status=status, accessible="1")),
            ),
        )
        for status, (all_, floating, no_site, usable) in counts.items()
    )
    chart = [bar_of(line, explain_status(line.raw).tone) for line in lines]
    return Report(
        "instances",
        _("Services by status"),
        _("%(services)s at Wix.") % {"services": counted(total(lines), "service", "services")},
        (
            _("Status"),
            _("Services"),
            _("of them floating"),
            _("of them on no site"),
            _("of them usable"),
        ),
        ("status", "services", "floating", "no_site", "accessible"),
        lines,
        bars(_("Services by status"), chart),
        _("No services have been read yet."),
    )


def by_product() -> Report:
    """Services at Wix by product, the 20 most held and the rest."""
    return _largest(
        "products",
        _("Services by product"),
        ("product", _("Product"), "products"),
        CatalogProduct,
        lambda product: product.service_type,
    )


def by_account() -> Report:
    """Services at Wix by customer, the 20 largest and the rest."""
    return _largest(
        "accounts",
        _("Services by customer"),
        ("account", _("Customer"), "accounts"),
        Account,
        lambda account: account.group,
    )


def largest(field: str) -> list[UUID]:
    """The ids of the 20 products or accounts with most services, the largest first."""
    return [row[field] for row in _with_most(field)]


def _with_most(field: str) -> list[dict[str, Any]]:
    """The products or accounts with most services at Wix, each with `n`, how many it has, and
    `kinds`, how many have any."""
    of = {"product": Tally.Of.PRODUCTS, "account": Tally.Of.CUSTOMERS}[field]
    rows = Tally.objects.of(of).filter(PRESENT).values(field).annotate(n=number()).filter(n__gt=0)
    return list(rows.annotate(kinds=Window(Count("*"))).order_by("-n", field)[:LARGEST])


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
        gettext_lazy("Failed or canceled"),
        {"no": gettext_lazy("No"), "yes": gettext_lazy("Yes")},
        lambda word: ENDED if word == "yes" else ~ENDED,
    ),
    ChoiceFilter(
        "beyond",
        gettext_lazy("Beyond the 20 largest"),
        {"accounts": gettext_lazy("Customers"), "products": gettext_lazy("Products")},
        lambda many: beyond_largest(many.removesuffix("s")),
    ),
    SpanFilter(
        "floating_for",
        gettext_lazy("Floating for"),
        {"long": gettext_lazy("Over 14 days")} | AGES,
        floating_for,
        lambda span: FLOATING & past("floating_since")(span),
        *BEYOND,
    ),
)


def _largest(
    name: str,
    title: str,
    words: tuple[str, str, str],
    model: type[Model],
    describe: Callable[[Any], str],
) -> Report:
    field, head, many = words
    most = _with_most(field)
    ids = [row[field] for row in most]
    counts = _counts_of(field, ids)
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
    kinds = most[0]["kinds"] - len(ids) if most else 0
    if kinds > 0:
        label = f"{formats.number(kinds)} {MORE[many] % kinds}"
        rest = _rest(list(counts.values()))
        lines.append(ReportLine(_("the rest"), label, "", _cells(rest, {"beyond": many})))
    return Report(
        name,
        title,
        (WITH_MOST[many] if kinds > 0 else _("%(services)s at Wix."))
        % {"services": counted(total(lines), "service", "services"), "number": LARGEST},
        (head, *(label for label, _condition, _query in COLUMNS.values())),
        (f"{field}_id", *COLUMNS, f"{field}_name"),
        tuple(lines),
        # The rest would dwarf them.
        first_column(title, lines[: len(ids)]),
        _("No services have been read yet."),
    )


def _counts_of(field: str, ids: Sequence[UUID]) -> dict[UUID, Any]:
    """By the id of each of these the figures of its line: of products as they are kept, and of the
    services of a few customers counted."""
    conditions = {key: condition or None for key, (_, condition, _) in COLUMNS.items()}
    if field == "product":
        rows: Any = Tally.objects.of(Tally.Of.PRODUCTS)
        counting: dict[str, Any] = {key: number(q) for key, q in conditions.items()}
    else:
        rows = ProductInstance.objects.order_by()
        counting = {key: Count("pk", filter=q) for key, q in conditions.items()}
    of_these = rows.filter(PRESENT, **{f"{field}__in": ids}).values(field)
    return {row[field]: row for row in of_these.annotate(**counting)}


def _rest(lines: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """The figures of all services but those of these lines."""
    whole = Tally.objects.of(Tally.Of.SERVICES).filter(PRESENT)
    counting = {key: number(condition or None) for key, (_, condition, _) in COLUMNS.items()}
    figures = whole.aggregate(**counting)
    return {key: n - sum(line[key] for line in lines) for key, n in figures.items()}


def _cells(counts: Mapping[str, Any], query: dict[str, str]) -> tuple[ReportCell, ...]:
    return tuple(
        ReportCell(counts[key], rows_link("instance_list", **query, **narrow))
        for key, (_, _, narrow) in COLUMNS.items()
    )
