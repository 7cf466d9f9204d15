"""The lines of a timeline: what each row of its tables says to people."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dashboard.components import addresses
from dashboard.components.ages import moment
from dashboard.components.explanations import has_no_code
from dashboard.components.ids import short_id
from dashboard.components.products import voucher_words
from dashboard.components.values import type_words
from resellers.countries import country_words
from resellers.durations import on, span
from resellers.models import (
    Account,
    CatalogProduct,
    Change,
    InstanceStatus,
    Note,
    Operation,
    OperationState,
    ProductInstance,
    Site,
    SyncRun,
    Unreadable,
)
from resellers.operations.namesakes import names_of
from resellers.operations.titles import operation_name, operation_title
from resellers.refusals import Explanation, explain_failure, explain_state, explain_status
from resellers.wix_ids import as_wix_id

FIELD_WORDS = {
    "account": "Account",
    "billing_type": "Billing type",
    "blocked": "Blocked",
    "country_code": "Country",
    "cycle_count": "Cycle length",
    "cycle_unit": "Billing cycle",
    "discount_code": "Discount code",
    "display_name": "Site name",
    "domain_connected": "Domain connected",
    "editor_type": "Editor",
    "expires_at": "Expires",
    "external_id": "External id",
    "failure_code": "Failure code",
    "failure_message": "Failure message",
    "gone_at": "Gone from Wix",
    "name": "Name",
    "product": "Product",
    "reference_instance_id": "Reference service",
    "reference_instance": "Reference service",
    "site": "Site",
    "status": "Status",
    "trashed_at": "In the trash since",
    "url": "Address",
}
# The records that these fields name by their ids.
NAMED: Mapping[str, Callable[[], QuerySet]] = {
    "account": lambda: Account.objects.defer("raw"),
    "product": CatalogProduct.objects.all,
    "reference_instance": lambda: ProductInstance.objects.select_related("product").defer("raw"),
    "site": lambda: Site.objects.defer("raw"),
}
Names = Mapping[str, SafeString]
YES_OR_NO = ("blocked", "domain_connected", "premium", "published")
OUTSIDE = "Outside the dashboard"
LONG = timedelta(minutes=10)  # an operation that took longer is told where it was asked for, too
TONES = {"good": "", "under-way": "now", "ended": "quiet"}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line: what happened, to what, and whose doing it was.

    `text` is what a person wrote. `kind` says what the line is, in a word. Neighbours of one
    `group` are told as one line: what changed at once on one record, or was seen at once.
    """

    at: datetime
    kind: str
    what: str
    detail: str
    tone: str
    about: str = ""
    link: str = ""
    text: str = ""
    group: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    operation_id: int | None = None


def grouped(found: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """The entries in their order, each group as one of them."""
    entries: list[TimelineEntry] = []
    for group, neighbours in groupby(found, key=lambda entry: (entry.at, entry.group)):
        members = list(neighbours)
        if not group[1] or len(members) == 1:
            entries += members
        elif group[1][0] == "seen":
            entries.append(_seen_at_once(members, group[1][1]))
        else:
            further = tuple(member.what for member in members[1:])
            entries.append(replace(members[0], more=further))
    return entries


def _seen_at_once(members: Sequence[TimelineEntry], noun: str) -> TimelineEntry:
    names = list(dict.fromkeys(member.about for member in members))
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    what = f"{len(members):,} {noun}s seen for the first time"
    return TimelineEntry(members[0].at, "Change", what, f"{', '.join(names[:3])}{more}", "quiet")


def of_changes(changes: Sequence[Change], is_single: bool) -> list[TimelineEntry]:
    """Changes at Wix; `alone` where the page shows one service only. Five queries at most."""
    names = _names(changes)
    causes = _causes(changes)
    services = names_of([change.instance for change in changes if change.instance])
    return [_of_change(one, names, causes, services, is_single=is_single) for one in changes]


def of_operations(operations: Iterable[Operation], is_single: bool) -> list[TimelineEntry]:
    """What was asked for here, where it was asked for: how an open one stands now."""
    return [_of_operation(operation) for operation in operations]


def of_ends(operations: Iterable[Operation], is_single: bool) -> list[TimelineEntry]:
    """How operations ended, where they did; of an order, with the vouchers that came with it."""
    operations = list(operations)
    vouchers = _vouchers(operations)
    return [
        replace(_of_end(operation), more=vouchers.get(operation.pk, ())) for operation in operations
    ]


def _vouchers(operations: Iterable[Operation]) -> dict[int, tuple[str, ...]]:
    """The vouchers that came with what was ordered, by the operation; one query where any was."""
    lines = {
        operation.pk: operation.wish.get("lines") or []
        for operation in operations
        if operation.kind == "create_package" and operation.state == OperationState.SUCCEEDED
    }
    ids = {line.get("product_id") for ordered in lines.values() for line in ordered}
    with_one = CatalogProduct.objects.exclude(voucher="").filter(pk__in=filter(as_wix_id, ids))
    products = {str(product.pk): product for product in (with_one if ids else ())}
    vouchers: dict[int, dict[str, None]] = defaultdict(dict)
    for pk, ordered in lines.items():
        for line in ordered:
            if product := products.get(line.get("product_id", "")):
                vouchers[pk][voucher_words(product, line.get("country", ""))] = None
    return {pk: tuple(words) for pk, words in vouchers.items()}


def of_notes(notes: Iterable[Note], is_single: bool) -> list[TimelineEntry]:
    """What people wrote down."""
    entries = []
    for note in notes:
        about, link = ("", "") if is_single else about_of(note)
        who = note.by.get_username()
        entries.append(
            TimelineEntry(note.at, "Note", f"Note by {who}", "", "quiet", about, link, note.text)
        )
    return entries


def of_readings(runs: Iterable[SyncRun], is_single: bool) -> list[TimelineEntry]:
    """Readings of Wix that failed."""
    entries = []
    for run in runs:
        who = run.requested_by.get_username() if run.requested_by else "the schedule"
        at = run.finished_at or run.requested_at
        of = f"{run.package}: " if run.package and not is_single else ""
        detail = f"{of}{run.error} Asked by {who}.".replace("..", ".")
        link = addresses.RUN(run.pk)
        entries.append(
            TimelineEntry(at, "Failure", "Reading Wix failed", detail, "bad", str(run), link)
        )
    return entries


def of_unreadable(refusals: Iterable[Unreadable], is_single: bool) -> list[TimelineEntry]:
    """What Wix did not let us read, from when on, and until when."""
    entries = []
    for refusal in refusals:
        what = {"package": "this package"}.get(refusal.part, f"this customer's {refusal.part}")
        if refusal.package and not is_single:
            what = str(refusal.package)
        until = f" It could be read again on {on(refusal.ended_at)}." if refusal.ended_at else ""
        detail = f"{refusal.status or ''} {refusal.code} {refusal.message}".strip()
        entries.append(
            TimelineEntry(
                refusal.since,
                "Failure",
                f"Wix does not let us read {what}",
                f"{detail}, request {refusal.wix_request_id or 'unknown'}.{until}",
                "look" if refusal.ended_at else "bad",
            )
        )
    return entries


def of_failed(services: Iterable[ProductInstance], is_single: bool) -> list[TimelineEntry]:
    """Services that had failed when they were seen for the first time."""
    services = list(services)
    names = names_of(services)
    return [
        TimelineEntry(
            service.status_since or service.first_seen_at,
            "Failure",
            _failed(service.failure_code),
            OUTSIDE,
            "bad",
            "" if is_single else names[service.pk],
            "" if is_single else service.get_absolute_url(),
        )
        for service in services
    ]


def about_of(note: Note) -> tuple[str, str]:
    """The service or package a note was written on, and its page; nothing for the account."""
    if note.instance:
        return str(note.instance.product), note.instance.get_absolute_url()
    if note.package:
        return str(note.package), note.package.get_absolute_url()
    return "", ""


def _names(changes: Iterable[Change]) -> Names:
    """What is shown for the ids that changes speak of, by id: the name, leading to its page."""
    ids: dict[str, set[UUID]] = {field: set() for field in NAMED}
    for change in changes:
        for text in (change.old, change.new):
            if change.field in ids and (found := as_wix_id(text)):
                ids[change.field].add(found)
    names: dict[str, SafeString] = {}
    for field, wanted in ids.items():
        if wanted:
            rows = NAMED[field]().filter(pk__in=wanted)
            names |= {str(row.pk): _link(row) for row in rows}
    return names


def _link(record: Any) -> SafeString:
    name = record.product if isinstance(record, ProductInstance) else record
    return format_html('<a href="{}">{}</a>', record.get_absolute_url(), name)


def _causes(changes: Iterable[Change]) -> dict[tuple[UUID | None, datetime], str]:
    """The failure codes that came with changes to FAILED, by service and moment."""
    failed = [change for change in changes if _is_failure(change)]
    if not failed:
        return {}
    codes = Change.objects.filter(
        field="failure_code",
        instance__in={change.instance_id for change in failed},
        at__in={change.at for change in failed},
    )
    return {(code.instance_id, code.at): code.new for code in codes}


def _is_failure(change: Change) -> bool:
    return change.field == "status" and change.new == InstanceStatus.FAILED


def _failed(code: str) -> str:
    why: Explanation = explain_failure(code)
    return f"Failed{f', {code}' if code else ''}: {why.words}"


def _of_change(
    change: Change,
    names: Names,
    causes: dict[tuple[UUID | None, datetime], str],
    services: Mapping[UUID, str],
    *,
    is_single: bool,
) -> TimelineEntry:
    about = link = ""
    if change.instance and not is_single:
        about, link = services[change.instance.pk], change.instance.get_absolute_url()
    elif change.site and not change.instance:
        about, link = str(change.site), change.site.get_absolute_url()
    elif change.package and not is_single:
        about, link = str(change.package), change.package.get_absolute_url()
    author = f"By operation #{change.operation_id}" if change.is_ours else OUTSIDE
    noun = "service" if change.instance_id else "site" if change.site_id else "package"
    if change.field == "seen":
        what, group = "Seen for the first time", ("seen", noun)
        return TimelineEntry(change.at, "Change", what, "", "quiet", about, link, group=group)
    if change.field == "gone_at":
        what = "Gone from Wix" if change.new else "Back at Wix"
        return TimelineEntry(change.at, "Change", what, author, "look", about, link)
    if _is_failure(change):
        what = _failed(causes.get((change.instance_id, change.at), ""))
        return TimelineEntry(change.at, "Failure", what, author, "bad", about, link)
    label = FIELD_WORDS.get(change.field, type_words(change.field.upper()))
    old, new = (_value(change.field, text, names) for text in (change.old, change.new))
    what = format_html("{}: {} → {}", label, old, new)
    if change.field == "status":
        tone = explain_status(change.new).tone
        badge_tone = "" if tone == "good" else tone
        return TimelineEntry(change.at, "Change", what, author, badge_tone, about, link)
    group = (str(change.instance_id or change.site_id or change.package_id), author)
    return TimelineEntry(change.at, "Change", what, author, "quiet", about, link, group=group)


def _value(field: str, text: str, names: Names) -> str:
    """The value as pages show it elsewhere: a date in the reader's zone, a name that is a link."""
    if not text:
        return "none"
    if field == "status":
        return explain_status(text).word
    if field == "country_code":
        return country_words(text)
    if field in YES_OR_NO:
        return {"True": "yes", "False": "no"}.get(text, text)
    if field.endswith("_at"):
        return moment(datetime.fromisoformat(text))
    if field in NAMED and text not in names and as_wix_id(text):
        return short_id(text)
    return names.get(text, text)


def _of_operation(operation: Operation) -> TimelineEntry:
    """What was asked for: how it stands, or that it was asked for where its end is told apart."""
    state, has_ended = explain_state(operation.state), operation.finished_at is not None
    words = "asked for" if has_ended else state.word.lower()
    asked, code = f"Asked by {operation.requested_by.get_username()}.", _code(operation)
    return TimelineEntry(
        operation.requested_at,
        "Operation",
        f"{operation_title(operation)}: {words}",
        asked if has_ended else f"{asked} {code}".strip(),
        "quiet" if has_ended else TONES.get(state.tone, state.tone),
        operation_name(operation),
        operation.get_absolute_url(),
        operation.reason,
        operation_id=None if has_ended else operation.pk,
    )


def _of_end(operation: Operation) -> TimelineEntry:
    state = explain_state(operation.state, operation.ending)
    asked_at = operation.requested_at
    at, code = operation.finished_at or asked_at, _code(operation)
    took_long = at - asked_at > LONG
    before = f", {span(at - asked_at)} before" if took_long else ""
    asked = f"Asked by {operation.requested_by.get_username()}{before}."
    return TimelineEntry(
        at,
        "Operation",
        f"{operation_title(operation)}: {state.word.lower()}",
        f"{asked} {code}".strip(),
        TONES.get(state.tone, state.tone),
        operation_name(operation),
        operation.get_absolute_url(),
        "" if took_long else operation.reason,
        operation_id=operation.pk,
    )


def _code(operation: Operation) -> str:
    """The code it came to, as a sentence; empty where there is none."""
    code = operation.outcome_code
    if has_no_code(operation):
        return f"Wix answered HTTP status {code}, without a code."
    return f"Code {code}." if code else ""
