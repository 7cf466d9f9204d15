"""The audit trail: what people and the system did, were shown or were refused, in order."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.components import addresses, ages, ids, values
from dashboard.components.people import initials
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Chip, Column, List, SortOption
from dashboard.lists.filters import FlagFilter, WordFilter, WordsFilter
from dashboard.lists.found_filters import IdFilter
from dashboard.lists.matching import Matcher
from resellers.models import (
    Account,
    AuditEntry,
    AuditHead,
    CatalogProduct,
    Operation,
    ProductInstance,
)
from resellers.operations.titles import kind_label
from resellers.wix_ids import as_wix_id

from .body import body_words, first_details, further_details
from .details import details
from .events import EVENTS, WITHOUT_CHANGE
from .filters import ActorFilter, EntryDayFilter
from .sentences import sentence, who


def _for_list(entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    account = Account.objects.filter(pk=OuterRef("account_id"))
    instance = ProductInstance.objects.filter(pk=OuterRef("instance_id"))
    return entries.select_related("actor").annotate(
        account_name=Subquery(account.values("name")),
        product_name=Subquery(instance.values("product__name")),
    )


def _prepare(rows: Sequence[Any]) -> None:
    """Give each entry the operation and the product that it speaks of, if they are still there."""
    related = ("account", "instance__product", "package", "site", "requested_by")
    wanted = {row.operation_id for row in rows if row.operation_id}
    operations = Operation.objects.select_related(*related).in_bulk(wanted)
    ids = {id_ for row in rows if (id_ := as_wix_id(str(row.body.get("product_id", ""))))}
    products = CatalogProduct.objects.in_bulk(ids)
    for row in rows:
        row.operation = operations.get(row.operation_id)
        row.product = products.get(as_wix_id(str(row.body.get("product_id", ""))))


def _mark(entry: Any) -> SafeString:
    """Whose doing it was, in one or two letters; a dashed ring for what nobody did."""
    if not entry.actor:
        return format_html('<span class="avatar nobody" title="{}"></span>', who(entry))
    return format_html(
        '<span class="avatar" title="{}">{}</span>', who(entry), initials(entry.actor)
    )


def _customer(entry: Any) -> SafeString | str:
    if not entry.account_id:
        return ""
    name = entry.account_name or _("Customer %(account_id)s…") % {
        "account_id": str(entry.account_id)[:8]
    }
    return format_html('<a class="ref" href="{}">{}</a>', addresses.ACCOUNT(entry.account_id), name)


def _about(entry: Any) -> SafeString | str:
    """A link to what the entry speaks of. The trail outlives it, so it may lead nowhere."""
    body, link = entry.body, '<a class="ref" href="{}">{}</a>'
    if entry.operation_id:
        words = f"{kind_label(entry.operation.kind)} #" if entry.operation else _("Operation #")
        return format_html(
            link, addresses.OPERATION(entry.operation_id), f"{words}{entry.operation_id}"
        )
    if entry.instance_id:
        name = entry.product_name or _("Service %(instance_id)s…") % {
            "instance_id": str(entry.instance_id)[:8]
        }
        return format_html(link, addresses.INSTANCE(entry.instance_id), name)
    if run := body.get("run") if entry.event.startswith("bulk.") else None:
        return format_html(
            link, addresses.BULK_RUN(run), _("Bulk change #%(number)s") % {"number": run}
        )
    if entry.product:
        return format_html(link, addresses.PRODUCT(entry.product.pk), entry.product)
    return _customer(entry) or values.NOTHING


def _under(entry: Any) -> SafeString | str:
    """The customer, below what is theirs."""
    return _customer(entry) if entry.operation_id or entry.instance_id else ""


AUDIT = List(
    noun="audit",
    url_name="audit_list",
    title=gettext_lazy("Audit log"),
    one="entry",
    many="entries",
    rows=AuditEntry.objects.all,
    for_list=_for_list,
    prepare=_prepare,
    day_of=lambda row: row.at,
    below=details,
    columns=(
        Column(
            "when",
            gettext_lazy("When"),
            lambda row: ages.clock_with_seconds(row.at),
            ("at_utc",),
            kind="clock",
            sort="seq",
        ),
        Column(
            "event",
            gettext_lazy("What"),
            sentence,
            ("event", "actor", "details"),
            kind="main",
            mark=_mark,
        ),
        Column(
            "about",
            gettext_lazy("About"),
            _about,
            ("account_name", "product_name"),
            second=_under,
        ),
        Column(
            "seq",
            gettext_lazy("No."),
            lambda row: values.number(row.seq),
            ("seq",),
            "number",
            is_default=False,
        ),
        Column("who", gettext_lazy("Who"), who, ("actor",), is_default=False),
        Column(
            "details",
            gettext_lazy("Details"),
            first_details,
            ("details",),
            "wide",
            second=further_details,
            is_default=False,
        ),
        Column(
            "address",
            gettext_lazy("From"),
            lambda row: row.address or values.NOTHING,
            ("address",),
            "short",
            is_default=False,
        ),
        Column(
            "hash",
            gettext_lazy("Hash"),
            lambda row: ids.short_id(row.hash),
            ("hash",),
            is_default=False,
        ),
    ),
    fields=(
        Field("seq", "seq", is_id=True),
        Field("at_utc", "at"),
        Field("event", "event"),
        Field("actor", "actor_name"),
        Field("address", "address"),
        Field("session", "session", is_id=True),
        Field("operation_id", "operation_id"),
        Field("account_id", "account_id"),
        Field("account_name", "account_name"),
        Field("instance_id", "instance_id"),
        Field("product_name", "product_name"),
        Field("details", "body", body_words),
        Field("hash", "hash", is_id=True),
        Field("previous_hash", "previous_hash"),
    ),
    filters=(
        WordsFilter(
            "q",
            gettext_lazy("Words in who, what or from, or an id"),
            Matcher(
                lambda word: (
                    Q(actor_name__icontains=word)
                    | Q(event__icontains=word)
                    | Q(address__icontains=word)
                ),
                ids=("account_id", "instance_id"),
            ),
        ),
        WordFilter("kind", gettext_lazy("What"), "event", EVENTS),
        FlagFilter(
            "changes",
            gettext_lazy("Plans shown and readings left out"),
            ~Q(event__in=WITHOUT_CHANGE),
        ),
        ActorFilter("person", gettext_lazy("Who"), "actor"),
        EntryDayFilter("from", gettext_lazy("From"), "at"),
        EntryDayFilter("to", gettext_lazy("To, this day included"), "at", is_last=True),
        IdFilter("account", gettext_lazy("Customer"), "account_id", Account),
    ),
    sorts={"seq": SortOption(gettext_lazy("When"), "pk")},
    default_sort="-seq",
    chips=(
        Chip(gettext_lazy("Changes"), {"changes": "1"}),
        *(
            Chip(EVENTS[name], {"kind": name})
            for name in ("operation.requested", "operation.needs_attention", "export.taken")
        ),
    ),
    empty_title=gettext_lazy("Nothing has happened yet"),
    empty_template="pages/audit/_nothing.html",
    permission="resellers.approve",
    has_menu=False,
    snapshot=lambda rows: rows.filter(seq__lte=AuditHead.objects.get_or_create(pk=1)[0].seq),
)


@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    """Every entry, the newest first."""
    return lists.show(request, AUDIT)
