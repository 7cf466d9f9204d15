"""What a record is as JSON: the columns of its list's file, in Wix's words, times in UTC."""

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import Field

Moment = datetime | None
CHECKED = Field(description="When it was last read from Wix; null: not yet.")
GONE = Field(description="Since when Wix has it no more.")


class Customer(Schema):
    """An account at Wix."""

    account_id: UUID
    account_name: str
    email: str
    group: str
    reference: str
    is_main: bool = Field(description="Whether it is the agency's own.")
    packages: int
    services: int
    sites: int
    checked_at: Moment = CHECKED
    gone_at: Moment = GONE
    looked_after_by: str | None = Field(description="A colleague's username.")


class Package(Schema):
    """What a customer bought in one transaction."""

    package_id: UUID
    account_id: UUID
    account_name: str
    external_id: str
    services: int
    created_at: Moment
    updated_at: Moment
    checked_at: Moment = CHECKED
    gone_at: Moment = GONE


class Service(Schema):
    """A product instance: one line of a package, on a site or on none."""

    package_id: UUID
    account_id: UUID
    account_name: str
    external_id: str
    instance_id: UUID
    catalog_product_id: UUID
    product_name: str
    service_type: str
    site_id: UUID | None
    site_name: str | None
    site_url: str | None
    status: str = Field(description="Wix's word.")
    failure_code: str
    failure_message: str
    country_code: str
    discount_code: str
    reference_instance_id: UUID | None
    expires_at: Moment
    created_at: Moment
    updated_at: Moment
    checked_at: Moment = CHECKED
    billing_type: str
    cycle_unit: str
    cycle_count: int | None
    gone_at: Moment = GONE
    floating_since: Moment
    note: str | None = Field(description="Its pinned note.")
    review_state: str | None = Field(description="How its case stands.")
    assignee: str | None = Field(description="Who looks at its case.")


class Operation(Schema):
    """What somebody asked for, and what became of it."""

    operation_id: int
    kind: str
    state: str
    account_id: UUID
    account_name: str
    package_id: UUID | None
    instance_id: UUID | None
    product_name: str | None
    before: str
    after: str
    requested_by: str
    reason: str
    requested_at: datetime
    finished_at: Moment
    outcome_code: str
    outcome: str
    wix_request_id: str
    settled_by: str | None
    settled_note: str
    retry_of_id: int | None
    drifted_at: Moment


class Case(Schema):
    """What somebody has to look at; of a service that failed, with what the service is."""

    package_id: UUID | None
    account_id: UUID | None
    account_name: str | None
    external_id: str | None
    instance_id: UUID | None
    catalog_product_id: UUID | None
    product_name: str | None
    service_type: str | None
    site_id: UUID | None
    site_name: str | None
    site_url: str | None
    status: str | None = Field(description="Wix's word.")
    failure_code: str | None
    failure_message: str | None
    country_code: str | None
    discount_code: str | None
    reference_instance_id: UUID | None
    expires_at: Moment
    created_at: Moment
    updated_at: Moment
    checked_at: Moment = CHECKED
    billing_type: str | None
    cycle_unit: str | None
    cycle_count: int | None
    gone_at: Moment = GONE
    failed_since: Moment
    note: str | None
    ordered_again_as: UUID | None
    review_state: str
    assignee: str | None
    case_id: int
    cause: str
    code: str
    operation_id: int | None
    opened_at: datetime
    regressed_at: Moment
    snoozed_until: Moment
    closed_at: Moment
    closed_because: str
    last_note: str
    flow_id: int | None


class WrongParameter(Schema):
    """What is wrong with one parameter."""

    loc: list[str] = Field(description="Where it stands, and its name.")
    msg: str


class WrongParameters(Schema):
    """Why a call makes no sense, parameter by parameter."""

    detail: list[WrongParameter]


class Refusal(Schema):
    """Why a call was not answered."""

    detail: str
