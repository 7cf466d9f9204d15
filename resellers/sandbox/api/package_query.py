"""Query Packages: what may be query, and how the rows are found without looking at all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..world.entities import Instance, Package
from ..world.tables import Packages
from . import serializers
from .filters import COMPARISON, EQUALITY, OF_LISTS, Filterable
from .query import ParsedQuery, Schema, Sort, following, in_order

# Up to so many rows, sorting them costs less than walking the sorted list of all.
FEW = 2000


def _of_instances(read: Callable[[Instance], Any]) -> Callable[[Package], list[Any]]:
    return lambda row: [
        value for value in (read(one) for one in row.instances) if value is not None
    ]


def _instance_field(kind: str, read: Callable[[Instance], Any]) -> Filterable:
    return Filterable(OF_LISTS, kind, _of_instances(read))


def _cycle(one: Instance) -> dict[str, Any] | None:
    return serializers.billing(one.billing).get("cycleDuration")


def _whole(one: Instance) -> dict[str, Any]:
    return {
        "instanceId": one.id,
        "siteId": one.site_id,
        "catalogProductId": one.product_id,
        "status": one.status,
        "failure": serializers.failure(one),
        "billingInfo": serializers.billing(one.billing),
        "countryCode": one.country,
    }


_INSTANCE_FIELDS = {
    "instanceId": _instance_field("id", lambda one: one.id),
    "siteId": _instance_field("id", lambda one: one.site_id),
    "catalogProductId": _instance_field("id", lambda one: one.product_id),
    "status": _instance_field("enum", lambda one: one.status.upper()),
    "failure": _instance_field("object", serializers.failure),
    "failure.code": _instance_field("enum", lambda one: one.failure and one.failure.code.upper()),
    "failure.message": _instance_field("text", lambda one: one.failure and one.failure.message),
    "billingInfo": _instance_field("object", lambda one: serializers.billing(one.billing)),
    "billingInfo.type": _instance_field("enum", lambda one: one.billing.type),
    "billingInfo.cycleDuration": _instance_field("object", _cycle),
    "billingInfo.cycleDuration.unit": _instance_field(
        "enum", lambda one: one.billing.cycle and one.billing.cycle.unit
    ),
    "billingInfo.cycleDuration.count": _instance_field(
        "number", lambda one: one.billing.cycle and one.billing.cycle.count
    ),
    "createdDate": _instance_field("date", lambda one: one.created),
    "updatedDate": _instance_field("date", lambda one: one.updated),
    "countryCode": _instance_field("enum", lambda one: one.country),
}

SCHEMA = Schema(
    name="packages",
    fields={
        "id": Filterable(EQUALITY, "id", lambda row: row.id),
        "accountId": Filterable(EQUALITY, "id", lambda row: row.account_id),
        "externalId": Filterable(EQUALITY, "text", lambda row: row.external_id),
        "createdDate": Filterable(COMPARISON, "date", lambda row: row.created),
        "updatedDate": Filterable(COMPARISON, "date", lambda row: row.updated),
        "productInstances": _instance_field("object", _whole),
        **{f"productInstances.{name}": known for name, known in _INSTANCE_FIELDS.items()},
    },
    sortable={"createdDate": lambda row: row.created, "updatedDate": lambda row: row.updated},
    default_sort=(Sort("createdDate", descending=True),),
)


def find(
    packages: Packages, query: ParsedQuery, seen: Callable[[Package], bool]
) -> Iterator[Package]:
    """The matching packages that may be seen, in order, from where the cursor points."""
    candidates = _candidates(packages, query)
    if len(query.sort) == 1:
        rows: Iterable[Package] = _along_one_field(packages, query, candidates)
    else:
        ordered = in_order(SCHEMA, query.sort, packages if candidates is None else candidates)
        rows = following(SCHEMA, query.sort, ordered, query.after)
    return (row for row in rows if seen(row) and query.matches(row))


def _along_one_field(
    packages: Packages, query: ParsedQuery, candidates: list[Package] | None
) -> Iterator[Package]:
    """The rows by the one field they are sorted by, from the sorted list of its values and ids."""
    sort = query.sort[0]
    if candidates is None:
        ordered, start, stop = _span(packages, query, sort.field)
    else:
        read = SCHEMA.sortable[sort.field]
        ordered = sorted((read(row), row.id) for row in candidates)
        start, stop = 0, len(ordered)
    if query.after is not None:
        last = (query.after[0], query.after[1])
        if sort.descending:
            stop = min(stop, bisect_left(ordered, last))
        else:
            start = max(start, bisect_right(ordered, last))
    places = range(stop - 1, start - 1, -1) if sort.descending else range(start, stop)
    return (packages.rows[ordered[place][1]] for place in places)


def _candidates(packages: Packages, query: ParsedQuery) -> list[Package] | None:
    """The rows that an index narrows the search to, or None where it would help little."""
    best: list[set[str]] | None = None
    for condition in query.conditions:
        index = _index(packages, condition.field)
        if index is None or condition.operator not in ("$eq", "$in", "$hasSome", "$hasAll"):
            continue
        wanted = condition.operand if isinstance(condition.operand, list) else [condition.operand]
        hits = [index(one) for one in wanted]
        if best is None or sum(map(len, hits)) < sum(map(len, best)):
            best = hits
    few = max(FEW, len(packages) // 20)
    if best is not None and sum(map(len, best)) <= few:
        return [packages.rows[one] for one in set().union(*best)]
    for field in {condition.field for condition in query.conditions} & set(SCHEMA.sortable):
        ordered, start, stop = _span(packages, query, field)
        if stop - start <= few:
            return [packages.rows[one] for _, one in ordered[start:stop]]
    return None


def _index(packages: Packages, field: str) -> Callable[[Any], set[str]] | None:
    sets: dict[str, dict[Any, set[str]]] = {
        "accountId": packages.by_account,
        "externalId": packages.by_external_id,
        "productInstances.siteId": packages.by_site,
        "productInstances.catalogProductId": packages.by_product,
        "productInstances.status": packages.by_status,
    }
    if field in sets:
        return lambda value: sets[field].get(value, set())
    if field == "id":
        return lambda value: {value} & packages.rows.keys()
    if field == "productInstances.instanceId":
        return lambda value: {
            packages.by_instance[one] for one in {value} & packages.by_instance.keys()
        }
    return None


def _span(
    packages: Packages, query: ParsedQuery, field: str
) -> tuple[list[tuple[int, str]], int, int]:
    """The sorted list of a date field, and the part of it that the filter leaves."""
    ordered = packages.by_created if field == "createdDate" else packages.by_updated
    start, stop = 0, len(ordered)
    for condition in query.conditions:
        if condition.field != field or condition.operand is None:
            continue
        least, most = (condition.operand, ""), (condition.operand + 1, "")
        if condition.operator in ("$gte", "$eq"):
            start = max(start, bisect_left(ordered, least))
        if condition.operator == "$gt":
            start = max(start, bisect_left(ordered, most))
        if condition.operator in ("$lte", "$eq"):
            stop = min(stop, bisect_left(ordered, most))
        if condition.operator == "$lt":
            stop = min(stop, bisect_left(ordered, least))
    return ordered, start, stop
