"""What differs between Wix's answer and the mirror, and the writing of it."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now

from resellers import cases
from resellers.mirror.writing import insert_each, update_each
from resellers.models import Change, Operation, Package, ProductInstance, Site
from resellers.models.derived import derive, derived_fields, derived_names

from . import authors
from .rows import INSTANCE_FIELDS, PACKAGE_FIELDS, SITE_FIELDS
from .values import same, same_json

FIELDS: dict[type, tuple[str, ...]] = {
    Package: PACKAGE_FIELDS,
    ProductInstance: INSTANCE_FIELDS,
    Site: SITE_FIELDS,
}
# They move with every other field, so a line of their own in a timeline would say nothing.
UNRECORDED = {"created_at", "updated_at", "package_id"}
SINCE = ("status_since", "floating_since")
# By these a failure case opens, changes and closes.
CASE_FIELDS = {"status", "gone_at", "failure_code"}
Row = Package | ProductInstance | Site


@dataclass
class Difference:
    """One row that has to be written: new, or with these fields' new values."""

    row: Any
    is_new: bool
    values: dict[str, Any]
    is_written: bool = False  # a new row that stands already

    @property
    def recorded_fields(self) -> set[str]:
        """The fields whose change matters to people."""
        return set(self.values) - UNRECORDED - {"raw"}

    @property
    def is_a_change(self) -> bool:
        """Whether people are shown something else than before."""
        return self.is_new or _was_bare(self.row) or bool(self.recorded_fields)


def compare(old: Row | None, new: Row, unparsed: Container[str] = ()) -> Difference | None:
    """What has to be written so that `old` says what `new` says; None if it does already.

    Of the columns in `unparsed` Wix sent what nobody could read, so `old` keeps what it holds.
    """
    if old is None:
        return Difference(new, is_new=True, values={})
    values = {
        name: getattr(new, name)
        for name in FIELDS[type(new)]
        if name not in unparsed and not same(getattr(old, name), getattr(new, name))
    }
    if old.raw != new.raw and (values or not same_json(old.raw, new.raw)):
        values["raw"] = new.raw
    return Difference(old, is_new=False, values=values) if values else None


def _was_bare(row: Row) -> bool:
    """Whether the row only stood for an id that was met, without anything read of it."""
    return isinstance(row, Package | Site) and row.last_confirmed_at is None


def gone(rows: Iterable[Row], at: datetime) -> list[Difference]:
    """The differences that mark these rows as no longer at Wix since then."""
    return [Difference(row, is_new=False, values={"gone_at": at}) for row in rows]


def write(
    differences: Sequence[Difference],
    *,
    confirmed_at: datetime,
    operation: Operation | None = None,
) -> int:
    """Write the rows, one statement a table and action, and what changed for people.

    All of it was noticed when the reading began that confirms the rows, by the database's clock.
    Returns how many rows changed for people. The caller holds the locks of the rows it has read.
    """
    changed = sum(d.is_a_change for d in differences)
    changes = [change for d in differences for change in _changes(d, confirmed_at, operation)]
    authors.sign(changes, operation)
    for model, fields in FIELDS.items():
        ours = [d for d in differences if isinstance(d.row, model)]
        written: set[str] = set()
        for d in ours:
            if "status" in d.values or (d.is_new and model is ProductInstance):
                # Wix's date of the change where it gives one: we may come by much later.
                d.values["status_since"] = (
                    d.values.get("updated_at", d.row.updated_at) or confirmed_at
                )
            if isinstance(d.row, ProductInstance) and (d.is_new or "site_id" in d.values):
                d.values["floating_since"] = _floating_since(d, confirmed_at)
            if d.is_new and model is not ProductInstance:
                d.values["last_confirmed_at"] = confirmed_at
            for name, value in d.values.items():
                setattr(d.row, name, value)
            if not d.is_new:  # a new row is derived as it is created
                written |= d.values.keys()
                if any(of in d.values for f in derived_fields(model) for of in f.of):
                    derive(d.row)
                    written.update(derived_names(model))
        # By id, as everything here: two who write the same rows wait for each other in one order.
        ours.sort(key=lambda d: d.row.id)
        insert_each(model, [d.row for d in ours if d.is_new and not d.is_written])
        columns = [*fields, *SINCE, "raw", *derived_names(model)]
        held = [d.row for d in ours if not d.is_new and d.values]
        update_each(model, held, [name for name in columns if name in written])
    insert_each(Change, changes)
    cases.keep_services(d.row.id for d in differences if _may_be_a_case(d))
    _look_at_what_has_drifted(changes)
    return changed


def _look_at_what_has_drifted(changes: Sequence[Change]) -> None:
    """Have the successes read once more that were found true no more, where that may be over."""
    packages = {change.package_id for change in changes} - {None}
    sites = {change.site_id for change in changes} - {None}
    if packages or sites:
        of_these = Q(package__in=packages) | Q(site__in=sites)
        not_due = Q(settle_at=None) | Q(settle_at__gt=Now())
        drifted = Operation.objects.succeeded().filter(drifted_at__isnull=False)
        drifted.filter(of_these, not_due).update(settle_at=Now())


def _may_be_a_case(difference: Difference) -> bool:
    """Whether a service has come to fail, or to do so no more."""
    row = difference.row
    if not isinstance(row, ProductInstance):
        return False
    if difference.is_new:
        return row.is_failed
    return bool(CASE_FIELDS & set(difference.values))


def _floating_since(difference: Difference, noticed_at: datetime) -> datetime | None:
    """Since when a service that was met, or has moved, is on no site; None where it is on one."""
    row, values = difference.row, difference.values
    if values.get("site_id", row.site_id):
        return None
    # Of one met without a site nothing tells that it ever had one.
    since: datetime | None = row.created_at if difference.is_new else values.get("updated_at")
    return since or noticed_at


def _changes(difference: Difference, at: datetime, operation: Operation | None) -> Iterable[Change]:
    row = difference.row
    link: dict[str, Any] = {"account_id": row.account_id, "at": at}
    if isinstance(row, Package):
        link["package_id"] = row.id
    elif isinstance(row, ProductInstance):
        link |= {"package_id": row.package_id, "instance_id": row.id}
    else:
        link["site_id"] = row.id
    if difference.is_new or _was_bare(row):
        # It was empty, not changed.
        yield Change(field="seen", operation_id=operation.pk if operation else None, **link)
        return
    for name in sorted(difference.recorded_fields):
        yield Change(
            field=name.removesuffix("_id") if name != "external_id" else name,
            old=text(getattr(row, name)),
            new=text(difference.values[name]),
            **link,
        )


def text(value: object) -> str:
    """A field's value as a change keeps it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return str(value)
