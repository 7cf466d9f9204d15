"""What a control call asks to change of a record behind everybody's back, field by field."""

from __future__ import annotations

from typing import Any

from ..api.instances import read_billing
from ..wire.validation import BadRequest, Fields
from ..world import clock
from ..world.entities import Failure

OF_INSTANCES = (
    "status",
    "failure",
    "siteId",
    "catalogProductId",
    "billingInfo",
    "expirationDate",
    "updatedDate",
)
OF_PACKAGES = ("externalId", "createdDate", "updatedDate", "unlisted", "hidden", "access")
OF_ACCOUNTS = ("left", "unlisted")
OF_SITES = ("premium",)
ACCESS = (0, 403, 404, 428)


def of_instance(fields: Fields) -> dict[str, Any]:
    """The fields of Instance that a body changes. Raises BadRequest or Refusal."""
    _check_names(fields, OF_INSTANCES)
    changes: dict[str, Any] = {}
    if "status" in fields.values:
        changes |= {"status": fields.text("status", required=True), "ending": False}
    if "failure" in fields.values:
        failure = fields.object("failure")
        changes["failure"] = failure and Failure(
            failure.text("code", required=True) or "", failure.text("message") or ""
        )
    if "siteId" in fields.values:
        site_id = fields.text("siteId", shortest=1)
        changes["site_id"] = site_id.lower() if site_id else None
    if "catalogProductId" in fields.values:
        product_id = fields.text("catalogProductId", required=True)
        changes["product_id"] = (product_id or "").lower()
    if "billingInfo" in fields.values:
        fields.object("billingInfo", required=True)
        changes["billing"] = read_billing(fields)
    if "expirationDate" in fields.values:
        changes["expires"] = _moment(fields, "expirationDate", required=False)
    if "updatedDate" in fields.values:
        changes["updated"] = _moment(fields, "updatedDate")
    fields.check()
    return changes


def of_package(fields: Fields) -> dict[str, Any]:
    """The fields of Package that a body changes. Raises BadRequest or Refusal."""
    _check_names(fields, OF_PACKAGES)
    changes: dict[str, Any] = {}
    if "externalId" in fields.values:
        changes["external_id"] = fields.text("externalId", longest=100)
    for name, attribute in (("createdDate", "created"), ("updatedDate", "updated")):
        if name in fields.values:
            changes[attribute] = _moment(fields, name)
    for name in ("unlisted", "hidden"):
        if name in fields.values:
            changes[name] = fields.boolean(name)
    if "access" in fields.values:
        changes["access"] = fields.integer("access", 0, 599, 0)
        if changes["access"] not in ACCESS:
            fields.add_violation("access", f"must be one of {', '.join(map(str, ACCESS))}")
    fields.check()
    return changes


def of_account(fields: Fields) -> dict[str, Any]:
    """The fields of Account that a body changes. Raises BadRequest or Refusal."""
    _check_names(fields, OF_ACCOUNTS)
    changes = {name: fields.boolean(name) for name in OF_ACCOUNTS if name in fields.values}
    fields.check()
    return changes


def of_site(fields: Fields) -> dict[str, Any]:
    """The fields of Site that a body changes. Raises BadRequest or Refusal."""
    _check_names(fields, OF_SITES)
    changes = {name: fields.boolean(name) for name in OF_SITES if name in fields.values}
    fields.check()
    return changes


def _check_names(fields: Fields, known: tuple[str, ...]) -> None:
    for name in fields.values:
        if name not in known:
            raise BadRequest(name, f"cannot be changed; these can: {', '.join(known)}")


def _moment(fields: Fields, name: str, required: bool = True) -> int | None:
    moment = clock.read(fields.values[name])
    if moment is None and (required or fields.given(name)):
        fields.add_violation(name, "must be a date as RFC 3339")
    return moment
