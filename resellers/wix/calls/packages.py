"""Packages and product instances: the Resellers API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from .. import arguments
from ..exchange import Answer, Request
from ..fields import Unreadable
from ..parsing import read_package, read_page
from ..transport import BODY_REFUSED, Transport
from ..types import BillingInfo, NewProduct, Package, PackageAnswer, Page

MOST_PRODUCTS = 1000
PACKAGE = "/resellers/v1/packages/{package_id}"
INSTANCE = "/resellers/v1/packages/product-instances/{instance_id}"


def order_body(products: Sequence[NewProduct], external_id: str | None) -> dict[str, Any]:
    """What Create Package V2 is sent, less the idempotency key. Raises ValueError."""
    if not 1 <= len(products) <= MOST_PRODUCTS:
        raise ValueError(f"products must be 1 to {MOST_PRODUCTS}")
    body: dict[str, Any] = {"products": [arguments.product(product) for product in products]}
    if external_id is not None:
        body["externalId"] = arguments.text(
            "external_id", external_id, longest=arguments.LONGEST_EXTERNAL_ID
        )
    return body


class PackageCalls:
    _transport: Transport
    account_id: str

    def query_packages(
        self,
        *,
        filter: Mapping[str, Any] | None = None,
        sort: Sequence[Mapping[str, str]] | None = None,
        limit: int = 100,
        cursor: str | None = None,
        account_id: str | None = None,
    ) -> Page[Package]:
        """Packages of the whole tree of accounts, by default the newest first.

        Filter on `accountId` to see one account, and ask in its name, `account_id`: should the
        main account be shown its own packages alone, the customer is still shown theirs. A status
        filter selects packages with such an instance and still returns all their instances. With
        a cursor, filter and sort are those of the first page, and ValueError where either is given
        again. A WixRefused on a call with a cursor means: start again from page one.
        Reference: Resellers, Query Packages; Supported Filters.
        """
        answer = self._transport.send(
            Request(
                "POST",
                "/resellers/v1/packages/query",
                repeatable=True,
                account_id=(
                    arguments.guid("account_id", account_id) if account_id else self.account_id
                ),
                body=arguments.query(filter, sort, limit, cursor),
            )
        )
        return answer.read(
            lambda: read_page(answer.body, answer.call, "packages", read=read_package)
        )

    def get_package(self, *, account_id: str, package_id: str) -> PackageAnswer:
        """One package. `account_id` must be the one that owns it, or Wix refuses.

        Reference: Resellers, Get Package.
        """
        package_id = arguments.guid("package_id", package_id)
        answer = self._transport.send(
            Request(
                "GET",
                PACKAGE,
                repeatable=True,
                account_id=arguments.guid("account_id", account_id),
                path_values={"package_id": package_id},
            )
        )
        return _package_answer(answer, package_id=package_id)

    def create_package(
        self,
        *,
        account_id: str,
        products: Sequence[NewProduct],
        external_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> PackageAnswer:
        """Order products for an account. The instances come back `PENDING`; poll for delivery.

        After WixOutcomeUnknown look for `external_id` before sending again, so give a unique one.
        Reference: Resellers, Create Package V2.
        """
        body = order_body(products, external_id)
        answer = self._transport.send(
            Request(
                "POST",
                "/resellers/v2/packages",
                repeatable=False,
                account_id=arguments.guid("account_id", account_id),
                body=arguments.with_key(body, idempotency_key),
            )
        )
        return _package_answer(answer)

    def cancel_package(
        self, *, account_id: str, package_id: str, idempotency_key: str | None = None
    ) -> PackageAnswer:
        """End all instances of a package at once; what depends on them falls too.

        The answer may still show them `PENDING`: poll until they are `CANCELED`.
        Reference: Resellers, Cancel Package.
        """
        package_id = arguments.guid("package_id", package_id)
        answer = self._delete(PACKAGE, account_id, {"package_id": package_id}, idempotency_key)
        return _package_answer(answer, package_id=package_id)

    def cancel_product_instance(
        self, *, account_id: str, instance_id: str, idempotency_key: str | None = None
    ) -> PackageAnswer:
        """End one instance; the answer is its package, which may still show it `PENDING`.

        Reference: Resellers, Cancel Product Instance.
        """
        values = {"instance_id": arguments.guid("instance_id", instance_id)}
        return _package_answer(self._delete(INSTANCE, account_id, values, idempotency_key))

    def assign_product_instance(
        self, *, account_id: str, instance_id: str, site_id: str, idempotency_key: str | None = None
    ) -> PackageAnswer:
        """Put an instance on a site, moving it straight over if it is on another.

        Wix warns that a failed move may leave it floating: after an error, read the package.
        Reference: Resellers, Assign Product Instance To Site.
        """
        values = {
            "instance_id": arguments.guid("instance_id", instance_id),
            "site_id": arguments.guid("site_id", site_id),
        }
        return self._patch(INSTANCE + "/{site_id}", account_id, values, {}, idempotency_key)

    def unassign_product_instance(
        self, *, account_id: str, instance_id: str, idempotency_key: str | None = None
    ) -> PackageAnswer:
        """Take an instance off its site; it floats, and what depends on it falls.

        A WixRefused with `MISSING_SITE_ID` mostly means that it floats already.
        Reference: Resellers, Unassign Product Instance From Site.
        """
        values = {"instance_id": arguments.guid("instance_id", instance_id)}
        return self._patch(INSTANCE + "/unassign", account_id, values, {}, idempotency_key)

    def adjust_product_instance(
        self,
        *,
        account_id: str,
        instance_id: str,
        catalog_product_id: str | None = None,
        billing_info: BillingInfo | None = None,
        discount_code: str | None = None,
        idempotency_key: str | None = None,
    ) -> PackageAnswer:
        """Change an instance to another product of the same type, or to another billing cycle.

        At least one of `catalog_product_id` and `billing_info`, else ValueError. The id stays.
        Reference: Resellers, Adjust Product Instance Specifications.
        """
        if catalog_product_id is None and billing_info is None:
            raise ValueError("catalog_product_id or billing_info must be given")
        body: dict[str, Any] = {}
        if catalog_product_id is not None:
            body["catalogProductId"] = arguments.guid("catalog_product_id", catalog_product_id)
        if billing_info is not None:
            body["billingInfo"] = arguments.billing(billing_info)
        if discount_code is not None:
            body["discountCode"] = arguments.discount_code(discount_code)
        values = {"instance_id": arguments.guid("instance_id", instance_id)}
        return self._patch(INSTANCE, account_id, values, body, idempotency_key)

    def update_package_external_id(
        self, *, account_id: str, package_id: str, external_id: str
    ) -> PackageAnswer:
        """Give a package another external id: 1 to 100 letters, digits or `._~-`, else ValueError.

        It travels in the path, percent-encoded, and cannot be emptied; . and .. cannot be sent.
        Wix takes no idempotency key here.
        Reference: Resellers, Update Package External ID.
        """
        package_id = arguments.guid("package_id", package_id)
        answer = self._transport.send(
            Request(
                "PATCH",
                "/resellers/v1/packages/update/{package_id}/{external_id}",
                repeatable=False,
                account_id=arguments.guid("account_id", account_id),
                path_values={
                    "package_id": package_id,
                    "external_id": arguments.segment(
                        "external_id", external_id, longest=arguments.LONGEST_EXTERNAL_ID
                    ),
                },
            )
        )
        # The schema has the one name, the official sample the other.
        name = "updated_package" if "updated_package" in answer.body else "updatedPackage"
        return _package_answer(answer, name, package_id=package_id)

    def _patch(
        self,
        path: str,
        account_id: str,
        values: dict[str, str],
        body: dict[str, Any],
        idempotency_key: str | None,
    ) -> PackageAnswer:
        answer = self._transport.send(
            Request(
                "PATCH",
                path,
                repeatable=False,
                account_id=arguments.guid("account_id", account_id),
                path_values=values,
                body=arguments.with_key(body, idempotency_key),
            )
        )
        return _package_answer(answer)

    def _delete(
        self, path: str, account_id: str, values: dict[str, str], idempotency_key: str | None
    ) -> Answer:
        request = Request(
            "DELETE",
            path,
            repeatable=False,
            account_id=arguments.guid("account_id", account_id),
            path_values=values,
        )
        if idempotency_key is None:
            return self._transport.send(request)
        # Wix's field list has a body, its samples have none: the one write sent a second time,
        # as a request refused for its form was not carried out.
        keyed = replace(request, body=arguments.with_key({}, idempotency_key))
        return self._transport.send(keyed, instead=request, when=BODY_REFUSED)


def _package_answer(
    answer: Answer, name: str = "package", *, package_id: str | None = None
) -> PackageAnswer:
    def read() -> PackageAnswer:
        package = read_package(answer.body.get(name), name)
        if package_id not in (None, package.id):
            raise Unreadable(f"{name}.id", "is of another package")
        return PackageAnswer(answer.call, answer.body, package)

    return answer.read(read)
