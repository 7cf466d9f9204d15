"""The calls about sites: Query Sites and Count Sites.

Both see the sites of the header's account, those in the trash included, and only those of the
WIX namespace unless the filter says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..wire.validation import Fields
from ..world.entities import Site
from ..world.world import World
from . import serializers
from .call import Call
from .cursors import cursors_of
from .filters import OF_LISTS, Condition, Filterable
from .paging import page
from .query import Schema, Sort, conditions, following, in_order, parse_query

OF_ENUMS = frozenset({"$eq", "$ne", "$exists", "$in", "$hasSome"})
OF_TEXTS = OF_ENUMS | {"$startsWith", "$gt", "$lt", "$lte", "$gte"}
EQUAL = frozenset({"$eq"})


def _schema(world: World, counting: bool = False) -> Schema:
    fields = {
        "id": Filterable(OF_TEXTS, "id", lambda row: row.id),
        "name": Filterable(OF_TEXTS, "phrase", _searched),
        "displayName": Filterable(EQUAL, "text", lambda row: row.display_name),
        "folderId": Filterable(OF_TEXTS, "id", lambda row: row.folder_id),
        "published": Filterable(OF_ENUMS, "boolean", lambda row: row.published),
        "premium": Filterable(OF_ENUMS, "boolean", lambda row: world.has_premium(row.id)),
        "editorType": Filterable(OF_ENUMS, "enum", lambda row: row.editor),
        "namespace": Filterable(OF_ENUMS, "enum", lambda row: row.namespace),
        "domainConnected": Filterable(OF_ENUMS, "boolean", lambda row: row.domain is not None),
        "searchPhrase": Filterable(EQUAL, "phrase", _searched),
        "appIds": Filterable(OF_LISTS, "id", lambda row: list(row.app_ids)),
        "state": Filterable(EQUAL, "enum", lambda row: "TRASHED" if row.trashed else "ACTIVE"),
    }
    if counting:
        del fields["premium"], fields["appIds"]
    return Schema(
        name="sites",
        fields=fields,
        sortable={
            "displayName": lambda row: row.display_name,
            "createdDate": lambda row: row.created,
            "updatedDate": lambda row: row.updated,
            "trashedDate": lambda row: row.trashed,
        },
        default_sort=(Sort("createdDate", descending=True),),
    )


def query(call: Call) -> dict[str, Any]:
    """Query Sites."""
    world = call.world
    schema = _schema(world)
    in_sight = _sites_in_sight(call)
    wanted = parse_query(schema, _query_fields(call), cursors_of(world))
    rows = in_order(schema, wanted.sort, _matching(in_sight, wanted.conditions))

    def find(after: list[Any] | None) -> Iterator[Site]:
        return iter(following(schema, wanted.sort, rows, after))

    listed, metadata, more = page(call, schema, wanted, find, world.sites.rows)
    return {
        "sites": [serializers.site(world, row) for row in listed],
        "metadata": {**metadata, "hasNext": more},
    }


def count(call: Call) -> dict[str, Any]:
    """Count Sites: a bare `filter`, without `premium` and `appIds`."""
    in_sight = _sites_in_sight(call)
    call.body.check()
    wanted = conditions(
        _schema(call.world, counting=True), call.body.values.get("filter"), call.body
    )
    return {"count": len(_matching(in_sight, wanted))}


def _query_fields(call: Call) -> Fields:
    """The `query` object; without one, the first page is asked for, or the cursor's at the top."""
    fields = call.body.object("query")
    if fields is None:
        paging = call.body.values.get("cursorPaging")
        fields = Fields({"cursorPaging": paging}, found=call.body.violations)
    call.body.check()
    return fields


def _searched(row: Site) -> list[str]:
    """What a search phrase is looked for in."""
    texts = (row.name, row.display_name, row.domain)
    return [text.lower() for text in texts if text is not None]


def _sites_in_sight(call: Call) -> Iterable[Site]:
    account = call.account
    if call.world.switches.sites_scope == "tree" and account.parent_id is None:
        return [one for one in call.world.sites if call.world.account(one.account_id)]
    return call.world.sites.of_account(account.id)


def _matching(rows: Iterable[Site], wanted: list[Condition]) -> list[Site]:
    asks_namespace = any(condition.field == "namespace" for condition in wanted)
    return [
        row
        for row in rows
        if (asks_namespace or row.namespace == "WIX")
        and all(condition.holds(row) for condition in wanted)
    ]
