"""What happened to a record, in one order: changes at Wix, and what was asked for here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from resellers.models import (
    Account,
    CatalogProduct,
    Change,
    Operation,
    Package,
    ProductInstance,
    Site,
    SyncRun,
)
from resellers.refusals import explain_state, explain_status

from .addresses import as_wix_id
from .cells import type_words

LENGTH = 40
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


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: what happened, to what, and whose doing it was."""

    at: datetime
    what: str
    detail: str
    tone: str
    about: str = ""
    link: str = ""


def timeline(
    *,
    account: Account | None = None,
    package: Package | None = None,
    instance: ProductInstance | None = None,
) -> list[Entry]:
    """The last 40 things that happened to the record, newest first, in four queries at most."""
    changes = Change.objects.select_related("instance__product", "package", "site", "operation")
    operations = Operation.objects.select_related("requested_by", "instance__product")
    if instance:
        changes, operations = (
            changes.filter(instance=instance),
            operations.filter(instance=instance),
        )
    elif package:
        changes, operations = changes.filter(package=package), operations.filter(package=package)
    else:
        changes, operations = changes.filter(account=account), operations.filter(account=account)
    found = list(changes[:LENGTH])
    names = _names(found)
    told = [_of_change(change, names, alone=instance is not None) for change in found]
    told += [_of_operation(operation) for operation in operations[:LENGTH]]
    return sorted(told, key=lambda entry: entry.at, reverse=True)[:LENGTH]


def _names(changes: Iterable[Change]) -> dict[str, str]:
    """Names for the ids that changes speak of, by id."""
    ids: dict[str, set[UUID]] = {"site": set(), "product": set()}
    for change in changes:
        for text in (change.old, change.new):
            if change.field in ids and (found := as_wix_id(text)):
                ids[change.field].add(found)
    names: dict[str, str] = {}
    for model, wanted in ((Site, ids["site"]), (CatalogProduct, ids["product"])):
        if wanted:
            rows = model._default_manager.filter(pk__in=wanted)
            names |= {str(row.pk): str(row) for row in rows}
    return names


def _of_change(change: Change, names: dict[str, str], *, alone: bool) -> Entry:
    about = link = ""
    if change.instance and not alone:
        about, link = str(change.instance.product), change.instance.get_absolute_url()
    elif change.site and not change.instance:
        about, link = str(change.site), change.site.get_absolute_url()
    elif change.package and not alone:
        about, link = str(change.package), change.package.get_absolute_url()
    whose = f"By operation #{change.operation_id}" if change.is_ours else "Outside the dashboard"
    if change.field == "seen":
        return Entry(change.at, "Seen for the first time", "", "quiet", about, link)
    if change.field == "gone_at":
        what = "Gone from Wix" if change.new else "Back at Wix"
        return Entry(change.at, what, whose, "look", about, link)
    label = FIELD_WORDS.get(change.field, type_words(change.field.upper()))
    old, new = (_value(change.field, text, names) for text in (change.old, change.new))
    tone = explain_status(change.new).tone if change.field == "status" else "quiet"
    return Entry(
        change.at, f"{label}: {old} → {new}", whose, "" if tone == "good" else tone, about, link
    )


def _value(field: str, text: str, names: dict[str, str]) -> str:
    if not text:
        return "none"
    if field == "status":
        return explain_status(text).word
    return names.get(text, text)


def _of_operation(operation: Operation) -> Entry:
    state = explain_state(operation.state)
    product = f" {operation.instance.product}" if operation.instance else ""
    reason = f" “{operation.reason}”" if operation.reason else ""
    tones = {"good": "", "under-way": "now", "ended": "quiet"}
    return Entry(
        operation.requested_at,
        f"{operation.get_kind_display()}{product}: {state.word.lower()}",
        f"Asked by {operation.requested_by.get_username()}.{reason}",
        tones.get(state.tone, state.tone),
        str(operation),
        operation.get_absolute_url(),
    )


def wanted_run(
    request: HttpRequest, *, account: Account, package: Package | None = None
) -> SyncRun | None:
    """The reading that `?run=` names, or the one that is open; only one of this very record."""
    runs = (
        SyncRun.objects.filter(package=package)
        if package
        else SyncRun.objects.filter(account=account, package=None)
    )
    number = request.GET.get("run", "")
    if number.isascii() and number.isdecimal() and len(number) < 18:
        return runs.filter(pk=int(number)).first()
    return runs.filter(state__in=SyncRun.OPEN_STATES).first()
