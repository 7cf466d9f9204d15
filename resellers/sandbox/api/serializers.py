"""Records as JSON, in each of the ways the documents leave open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from ..world import clock
from ..world.clock import SECOND
from ..world.entities import Billing, Instance, Package, Site
from ..world.switches import Switches
from ..world.world import World


def package(world: World, row: Package, with_parent: bool = False) -> dict[str, Any]:
    """A package with all its instances, as the switches have it."""
    shape = packages(world, [row])[0]
    if with_parent:
        shape["parentAccountId"] = world.parent.id
    return shape


def packages(world: World, rows: Iterable[Package]) -> list[dict[str, Any]]:
    """Several packages, with all their instances."""
    switches = world.switches
    nulls = switches.empty_values == "null"
    fraction = switches.dates != "text_without_fraction"
    wrapped = switches.external_id == "wrapped"
    date = _seconds_and_nanos if switches.dates == "instance_objects" else clock.text
    name = switches.billing_name
    written = []
    for row in rows:
        shape: dict[str, Any] = {"id": row.id, "accountId": row.account_id}
        if row.external_id is not None or nulls:
            wraps = wrapped and row.external_id is not None
            shape["externalId"] = {"value": row.external_id} if wraps else row.external_id
        shape["productInstances"] = [
            _instance(one, date, fraction, name, nulls) for one in row.instances
        ]
        shape["createdDate"] = clock.text(row.created, fraction)
        shape["updatedDate"] = clock.text(row.updated, fraction)
        written.append(shape)
    return written


def _instance(
    row: Instance, date: Callable[[int, bool], Any], fraction: bool, name: str, nulls: bool
) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "instanceId": row.id,
        "catalogProductId": row.product_id,
        "status": row.status,
        "countryCode": row.country,
        "createdDate": date(row.created, fraction),
        "updatedDate": date(row.updated, fraction),
    }
    if name == "contractDetails":
        shape[name] = {"billingInfo": billing(row.billing)}
    else:
        shape[name] = billing(row.billing)
    optional = (
        ("siteId", row.site_id),
        ("failure", failure(row)),
        ("expirationDate", row.expires and date(row.expires, fraction)),
        ("discountCode", row.discount),
        ("referenceProductInstanceId", row.reference_id),
    )
    shape.update((field, value) for field, value in optional if value is not None or nulls)
    return shape


def failure(row: Instance) -> dict[str, Any] | None:
    """Why the instance failed, if it did."""
    if row.failure is None:
        return None
    return {"code": row.failure.code, "message": row.failure.message}


def billing(row: Billing) -> dict[str, Any]:
    """The contract: its type, and its cycle if it recurs."""
    if row.cycle is None:
        return {"type": row.type}
    return {
        "type": row.type,
        "cycleDuration": {"unit": row.cycle.unit, "count": row.cycle.count},
    }


def site(world: World, row: Site) -> dict[str, Any]:
    """A site; `premium` follows from the plans that stand on it, whoever sold them."""
    switches = world.switches
    shape: dict[str, Any] = {
        "id": row.id,
        "htmlAppId": row.html_app_id,
        "name": row.name,
        "displayName": row.display_name,
        "createdDate": moment(row.created, switches),
        "updatedDate": moment(row.updated, switches),
        "trashedDate": row.trashed and moment(row.trashed, switches),
        "published": row.published,
        "premium": world.has_premium(row.id),
        "viewUrl": _address(row),
        "editUrl": f"/editor/{row.id}",
        "thumbnail": f"/site-thumbnail/{row.id}",
        "ownerAccountId": row.account_id,
        "contributorAccountIds": [] if row.account_id == world.parent.id else [world.parent.id],
        "editorType": row.editor,
        "blocked": row.blocked,
        "folderId": row.folder_id,
        "namespace": row.namespace,
        "parentChildRole": row.parent_child_role,
        "domainConnected": row.domain is not None,
    }
    if switches.empty_values == "null":
        return shape
    return {name: value for name, value in shape.items() if value is not None}


def moment(at: int, switches: Switches) -> str:
    return clock.text(at, fraction=switches.dates != "text_without_fraction")


def with_value_switches(body: dict[str, Any], switches: Switches) -> dict[str, Any]:
    """A finished answer with its ids in capitals, empty values and numbers as switched."""
    if switches.ids == "capitals":
        body = _in_capitals(body)
    if switches.empty_values == "present" and switches.numbers == "number":
        return body
    return {
        name: value
        for name, given in body.items()
        if (value := _shaped(given, switches)) is not _LEFT_OUT
    }


def _in_capitals(value: Any) -> Any:
    """The same with each GUID in capitals but those of texts that are the reseller's own."""
    if isinstance(value, dict):
        return {
            name: one if name in _OWN_TEXTS else _in_capitals(one) for name, one in value.items()
        }
    if isinstance(value, list):
        return [_in_capitals(one) for one in value]
    return value.upper() if isinstance(value, str) and _GUID.fullmatch(value) else value


_OWN_TEXTS = ("externalId", "idempotencyKey")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LEFT_OUT = object()


def _shaped(value: Any, switches: Switches) -> Any:
    if value is False or value == "" or value == [] or value == {}:
        return {"present": value, "absent": _LEFT_OUT, "null": None}[switches.empty_values]
    if isinstance(value, dict):
        return {
            name: shaped
            for name, one in value.items()
            if (shaped := _shaped(one, switches)) is not _LEFT_OUT
        }
    if isinstance(value, list):
        return [one for one in (_shaped(one, switches) for one in value) if one is not _LEFT_OUT]
    if isinstance(value, int) and not isinstance(value, bool) and switches.numbers == "text":
        return str(value)
    return value


def _address(row: Site) -> str:
    if not row.published or row.trashed:
        return ""
    return f"https://www.{row.domain}" if row.domain else f"https://{row.name}.sites.example"


def _seconds_and_nanos(at: int, fraction: bool) -> dict[str, Any]:
    seconds, milliseconds = divmod(at, SECOND)
    return {"seconds": str(seconds), "nanos": milliseconds * 1_000_000 if fraction else 0}
