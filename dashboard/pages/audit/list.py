"""The audit trail: what people and the system did, were shown or were refused, in order."""

from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.components import addresses, ages, ids, values
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Chip, Column, List, SortOption
from dashboard.lists.filters import DayFilter, IdFilter, WordFilter, WordsFilter
from dashboard.lists.matching import Matcher
from resellers.models import Account, AuditEntry, AuditHead, ProductInstance
from resellers.operations.titles import KIND_LABELS

EVENTS = {
    "operation.requested": "Operation asked for",
    "operation.not_recorded": "Operation not recorded",
    "operation.not_confirmed": "Name or password wrong",
    "plan.shown": "Plan shown",
    "operation.succeeded": "Operation succeeded",
    "operation.failed": "Operation failed",
    "operation.rolled_back": "Operation rolled back",
    "operation.canceled": "Operation canceled",
    "operation.withdrawn": "Operation withdrawn",
    "operation.needs_attention": "Operation needs attention",
    "operation.resumed": "Operation resumed",
    "operation.not_resumed": "Operation not resumed",
    "operation.finished_by_hand": "Operation finished by hand",
    "operation.drifted": "Success no longer so",
    "operation.drift_ended": "Success so again",
    "operation.generation_raised": "Step sent with a new key",
    "operation.repeated_write_suspected": "Write sent more than once",
    "breaker.opened": "Writing to Wix paused",
    "breaker.closed": "Writing to Wix resumed",
    "sync.wanted": "Reading of Wix asked for",
    "sync.stopped": "Reading of Wix stopped",
    "export.taken": "List taken away as CSV",
    "export.written": "CSV written to its end",
    "policy.read_only": "Dashboard made read-only",
    "policy.read_only_lifted": "Dashboard writes again",
    "policy.reasons_wanted": "Reasons wanted for",
    "customer.changed": "Customer changed",
    "product.added": "Product added",
    "product.changed": "Product changed",
    "product.refusal_cleared": "Refusal of a product cleared",
    "import.shown": "Import shown",
    "catalog.imported": "Catalogue imported",
    "customers.imported": "Customers imported",
    "domains.proposed": "Domains put before an owner",
    "domains.chosen": "Owner's choice of a domain noted",
    "note.added": "Note written",
    "note.pinned": "Note pinned",
    "note.unpinned": "Note unpinned",
}
# Of an entry's body: what people look for first.
FIRST = ("kind", "reason", "outcome", "code", "why", "file", "rows", "subject")
SHORT = 120
LONGEST = 80  # letters of one detail in the table; the file has all


def _for_list(entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
    account = Account.objects.filter(pk=OuterRef("account_id"))
    instance = ProductInstance.objects.filter(pk=OuterRef("instance_id"))
    return entries.annotate(
        account_name=Subquery(account.values("name")),
        product_name=Subquery(instance.values("product__name")),
    )


def _about(entry: Any) -> SafeString | str:
    """Links to what the entry speaks of. The trail outlives it, so a link may lead nowhere."""
    account = entry.account_name or f"Account {str(entry.account_id)[:8]}…"
    instance = entry.product_name or f"Service {str(entry.instance_id)[:8]}…"
    records = (
        (addresses.OPERATION, entry.operation_id, f"Operation #{entry.operation_id}"),
        (addresses.ACCOUNT, entry.account_id, account),
        (addresses.INSTANCE, entry.instance_id, instance),
    )
    links = ((address(id_), words) for address, id_, words in records if id_)
    return format_html_join(", ", '<a href="{}">{}</a>', links) or values.NOTHING


def body_words(body: Any) -> str:
    """An entry's body as one line: `reason: a new shop; wish: site_id: …`."""
    if isinstance(body, dict):
        return "; ".join(f"{key}: {body_words(value)}" for key, value in body.items() if value)
    return ", ".join(body_words(item) for item in body) if isinstance(body, list) else str(body)


def _details(entry: AuditEntry) -> SafeString | str:
    """What tells most of the entry, and the rest one press away."""
    first = [_line(name, entry.body[name]) for name in FIRST if entry.body.get(name)]
    rest = [_line(name, v) for name, v in entry.body.items() if v and name not in FIRST]
    summary = format_html("<small>{}</small>", "; ".join(first)) if first else ""
    if not rest:
        return summary or values.NOTHING
    if len(" ".join(rest)) <= SHORT:
        return format_html("<small>{}</small>", "; ".join([*first, *rest]))
    return format_html(
        "{}<details><summary>Everything</summary><small>{}</small></details>",
        summary,
        format_html_join("", "{}<br>", ((line,) for line in rest)),
    )


def _line(name: str, value: Any) -> str:
    words = KIND_LABELS.get(value, "") if name == "kind" else ""
    return f"{name}: {_cut(words or body_words(value))}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


AUDIT = List(
    noun="audit",
    url_name="audit_list",
    title="Audit",
    one="entry",
    many="entries",
    rows=AuditEntry.objects.all,
    for_list=_for_list,
    columns=(
        Column("event", "What", lambda row: event_words(row.event), ("event",), kind="main"),
        Column("seq", "No.", lambda row: values.number(row.seq), ("seq",), "number", sort="seq"),
        Column("when", "When", lambda row: ages.moment(row.at), ("at_utc",), kind="time"),
        Column("who", "Who", lambda row: row.actor_name or "the system", ("actor",)),
        Column("about", "About", _about, ("account_name", "product_name")),
        Column("details", "Details", _details, ("details",)),
        Column("address", "From", lambda row: row.address or values.NOTHING, ("address",), "short"),
        Column("hash", "Hash", lambda row: ids.short_id(row.hash), ("hash",), is_default=False),
    ),
    fields=(
        Field("seq", "seq", is_id=True),
        Field("at_utc", "at"),
        Field("event", "event"),
        Field("actor", "actor_name"),
        Field("address", "address"),
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
            "Words in who, what or from, or an id",
            Matcher(
                lambda word: (
                    Q(actor_name__icontains=word)
                    | Q(event__icontains=word)
                    | Q(address__icontains=word)
                ),
                ids=("account_id", "instance_id"),
            ),
        ),
        WordFilter("kind", "What", "event", EVENTS),
        DayFilter("from", "From", "at"),
        DayFilter("to", "To, this day included", "at", is_last=True),
        IdFilter("account", "Account", "account_id", Account),
    ),
    sorts={"seq": SortOption("No.", "pk")},
    default_sort="-seq",
    chips=tuple(
        Chip(EVENTS[name], {"kind": name})
        for name in ("operation.requested", "operation.needs_attention", "export.taken")
    ),
    empty_title="Nothing has happened yet",
    empty_template="pages/audit/_nothing.html",
    permission="resellers.approve",
    snapshot=lambda rows: rows.filter(seq__lte=AuditHead.objects.get_or_create(pk=1)[0].seq),
)


def event_words(name: str) -> str:
    """The event in words; one without words of its own as it is named."""
    return EVENTS.get(name, name.replace(".", ": ").replace("_", " ").capitalize())


@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    """Every entry, the newest first."""
    return lists.show(request, AUDIT)
