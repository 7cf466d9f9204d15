"""Wix's JSON made into packages, sites, accounts, pages and refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from .errors import FieldViolation
from .fields import Fields, Unreadable, read_flag, read_text
from .types import (
    Account,
    BillingInfo,
    Call,
    Package,
    Page,
    ProductInstance,
    Raw,
    Rejected,
    Site,
    SiteDeletion,
)

T = TypeVar("T")

MANAGE_SITES = "https://manage.wix.com"


def read_package(value: object, place: str) -> Package:
    fields = Fields(value, place)
    instances = (
        _read_instance(fields.within(value, place))
        for place, value in fields.entries("productInstances")
    )
    return Package(
        id=fields.id("id"),
        account_id=fields.id("accountId"),
        external_id=fields.text("externalId"),
        # What is shown twice is one: nobody shall count it as two, or order or cancel by that.
        instances=tuple({instance.id: instance for instance in instances}.values()),
        created_at=fields.moment("createdDate"),
        updated_at=fields.moment("updatedDate"),
        parent_account_id=fields.reference("parentAccountId"),
        raw=fields.raw,
        unparsed=fields.unparsed(),
    )


def _read_instance(fields: Fields) -> ProductInstance:
    status = fields.word("status")
    failure = fields.part("failure")
    return ProductInstance(
        id=fields.id("instanceId"),
        catalog_product_id=fields.needed(read_text, "catalogProductId").lower(),
        site_id=fields.id_or_none("siteId"),
        # Wix's prose says ACTIVE where its enum says ENABLED.
        status="ENABLED" if status == "ACTIVE" else status,
        failure_code=failure.text("code") if failure else None,
        failure_message=failure.text("message") if failure else None,
        billing=_read_billing(fields),
        country_code=fields.text("countryCode"),
        discount_code=fields.text("discountCode"),
        reference_instance_id=fields.reference("referenceProductInstanceId"),
        created_at=fields.moment("createdDate"),
        updated_at=fields.moment("updatedDate"),
        expires_at=fields.moment("expirationDate"),
        raw=fields.raw,
    )


def _read_billing(fields: Fields) -> BillingInfo | None:
    billing = fields.part("billingInfo") or fields.part("paymentInfo")
    if billing is None:
        contract = fields.part("contractDetails")
        billing = contract.part("billingInfo") if contract else None
    if billing is None:
        return None
    cycle = billing.part("cycleDuration")
    return BillingInfo(
        type=billing.word("type"),
        unit=cycle.word("unit") if cycle else None,
        count=cycle.number("count") if cycle else None,
    )


def read_site(value: object, place: str) -> Site:
    fields = Fields(value, place)
    return Site(
        id=fields.id("id"),
        account_id=fields.id_or_none("ownerAccountId"),
        name=fields.text("name") or "",
        display_name=fields.text("displayName") or "",
        url=fields.link("viewUrl"),
        edit_url=fields.link("editUrl", base=MANAGE_SITES),
        premium=fields.flag("premium"),
        published=fields.flag("published"),
        blocked=fields.flag("blocked"),
        namespace=fields.word("namespace"),
        editor_type=fields.word("editorType"),
        domain_connected=fields.flag("domainConnected"),
        folder_id=fields.text("folderId"),
        parent_child_role=fields.text("parentChildRole"),
        trashed_at=fields.moment("trashedDate"),
        created_at=fields.moment("createdDate"),
        updated_at=fields.moment("updatedDate"),
        raw=fields.raw,
        unparsed=fields.unparsed(),
    )


def read_account(value: object, place: str) -> Account:
    fields = Fields(value, place)
    properties = fields.part("accountProperties")
    return Account(
        id=fields.id("accountId"),
        name=fields.text("accountName"),
        slug=fields.text("slug"),
        status=fields.text("status"),
        parent_account_id=properties.reference("parentAccountId") if properties else None,
        raw=fields.raw,
        unparsed=fields.unparsed(),
    )


def read_account_id(value: object, place: str) -> str:
    """The id in an entry of a list of accounts, which is an object or the bare id."""
    if isinstance(value, dict):
        fields = Fields(value, place)
        return fields.id("accountId" if "accountId" in value else "id")
    return Fields({"id": value}, place).id("id")


def read_site_deletions(body: Raw) -> tuple[SiteDeletion, ...]:
    deletions = []
    answer = Fields(body, "")
    for place, value in answer.entries("results"):
        entry = answer.within(value, place).inside("itemMetadata")
        error = entry.part("error")
        deletions.append(
            SiteDeletion(
                site_id=entry.id("id"),
                success=read_flag(entry.raw.get("success"), entry.at("success")),
                code=error.text("code") if error else None,
                description=error.text("description") if error else None,
            )
        )
    return tuple(deletions)


def read_page(body: Raw, call: Call, *names: str, read: Callable[[object, str], T]) -> Page[T]:
    """The records under the first of `names` that is there; unusable ones are set apart."""
    answer = Fields(body, "")
    items: list[T] = []
    rejected: list[Rejected] = []
    for place, value in answer.entries(*names):
        try:
            items.append(read(value, place))
        except Unreadable as unreadable:
            rejected.append(Rejected(str(unreadable), value))
    paging = _paging(body)
    return Page(
        items=tuple(items),
        next_cursor=_next_cursor(paging),
        count=paging.number("count"),
        total=paging.number("total"),
        rejected=tuple(rejected),
        metadata=paging.raw,
        call=call,
    )


def _paging(body: Raw) -> Fields:
    # The prose calls it pagingMetadata, samples and types metadata.
    for name in ("metadata", "pagingMetadata"):
        if body.get(name) not in (None, {}):
            return Fields(body[name], name)
    return Fields({}, "metadata")


def _next_cursor(paging: Fields) -> str | None:
    """The cursor of the next page. A list must not seem to end because we could not read it."""
    cursors = paging.raw.get("cursors")
    if cursors is None or str(paging.raw.get("hasNext")).lower() == "false":
        return None
    following = Fields(cursors, paging.at("cursors")).raw.get("next")
    if following is not None and not isinstance(following, str):
        raise Unreadable(paging.at("cursors.next"), "is not text")
    return following or None


def read_problem(body: Raw) -> tuple[str, str | None, tuple[FieldViolation, ...]]:
    """Message, code and field violations of an error answer, as far as it has them."""
    fields = Fields(body, "")
    details = fields.part("details")
    application = details.part("applicationError") if details else None
    validation = details.part("validationError") if details else None
    described = application.text("description") if application else None
    return (
        fields.text("message") or described or "",
        application.text("code") if application else None,
        _read_violations(validation) if validation else (),
    )


def _read_violations(validation: Fields) -> tuple[FieldViolation, ...]:
    found = validation.raw.get("fieldViolations")
    entries = (
        [Fields(entry, "") for entry in found if isinstance(entry, dict)]
        if isinstance(found, list)
        else []
    )
    return tuple(
        FieldViolation(
            field=entry.text("field") or "",
            description=entry.text("description") or "",
            rule=entry.text("violatedRule") or "",
        )
        for entry in entries
    )
