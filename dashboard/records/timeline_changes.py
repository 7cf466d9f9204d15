"""The lines of a timeline that tell what changed at Wix, field by field."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.components.ages import moment
from dashboard.components.ids import short_id
from dashboard.components.values import type_words
from resellers.countries import country_words
from resellers.models import (
    Account,
    CatalogProduct,
    Change,
    InstanceStatus,
    ProductInstance,
    Site,
)
from resellers.operations.namesakes import names_of
from resellers.refusals import explain_status
from resellers.texts import Text
from resellers.wix_ids import as_wix_id

from .timeline_entries import OUTSIDE, TimelineEntry, failed_words

FIELD_WORDS = {
    "account": gettext_lazy("Customer"),
    "billing_type": gettext_lazy("Billing type"),
    "blocked": gettext_lazy("Blocked"),
    "country_code": gettext_lazy("Country"),
    "cycle_count": gettext_lazy("Cycle length"),
    "cycle_unit": gettext_lazy("Billing cycle"),
    "discount_code": gettext_lazy("Discount code"),
    "display_name": gettext_lazy("Site name"),
    "domain_connected": gettext_lazy("Domain connected"),
    "editor_type": gettext_lazy("Editor"),
    "expires_at": gettext_lazy("Expires"),
    "external_id": gettext_lazy("External id"),
    "failure_code": gettext_lazy("Failure code"),
    "failure_message": gettext_lazy("Failure message"),
    "gone_at": gettext_lazy("Gone from Wix"),
    "name": gettext_lazy("Name"),
    "product": gettext_lazy("Product"),
    "reference_instance_id": gettext_lazy("Reference service"),
    "reference_instance": gettext_lazy("Reference service"),
    "site": gettext_lazy("Site"),
    "status": gettext_lazy("Status"),
    "trashed_at": gettext_lazy("In the trash since"),
    "url": gettext_lazy("Address"),
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


def of_changes(changes: Sequence[Change], is_single: bool) -> list[TimelineEntry]:
    """Changes at Wix; `alone` where the page shows one service only. Five queries at most."""
    names = _names(changes)
    causes = _causes(changes)
    services = names_of([change.instance for change in changes if change.instance])
    return [_of_change(one, names, causes, services, is_single=is_single) for one in changes]


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


def _of_change(
    change: Change,
    names: Names,
    causes: dict[tuple[UUID | None, datetime], str],
    services: Mapping[UUID, str],
    *,
    is_single: bool,
) -> TimelineEntry:
    what: Text
    about = link = ""
    if change.instance and not is_single:
        about, link = services[change.instance.pk], change.instance.get_absolute_url()
    elif change.site and not change.instance:
        about, link = str(change.site), change.site.get_absolute_url()
    elif change.package and not is_single:
        about, link = str(change.package), change.package.get_absolute_url()
    author = (
        _("By operation #%(operation_id)s") % {"operation_id": change.operation_id}
        if change.is_ours
        else str(OUTSIDE)
    )
    noun = "service" if change.instance_id else "site" if change.site_id else "package"
    if change.field == "seen":
        what, group = _("Seen for the first time"), ("seen", noun)
        return TimelineEntry(change.at, "Change", what, "", "quiet", about, link, group=group)
    if change.field == "gone_at":
        what = _("Gone from Wix") if change.new else _("Back at Wix")
        return TimelineEntry(change.at, "Change", what, author, "look", about, link)
    if _is_failure(change):
        what = failed_words(causes.get((change.instance_id, change.at), ""))
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
        return str(explain_status(text).word)
    if field == "country_code":
        return country_words(text)
    if field in YES_OR_NO:
        return {"True": "yes", "False": "no"}.get(text, text)
    if field.endswith("_at"):
        return moment(datetime.fromisoformat(text))
    if field in NAMED and text not in names and as_wix_id(text):
        return short_id(text)
    return names.get(text, text)
