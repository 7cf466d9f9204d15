"""Invented ids and records in the shapes Wix documents."""

from typing import Any

KEY = "IST.invented-key-of-nobody"
MAIN = "d4f5a6b7-1c2d-4e3f-8a9b-0c1d2e3f4a55"
CUSTOMER = "3c7a1f0e-58d4-4f3b-a1c9-2b8e7d6f5a44"
PACKAGE = "0f2a9d7c-2f43-4a8f-9b76-6e1f4c0a7d22"
INSTANCE = "9d0c3b7e-1f52-4c66-8a1d-7e5f4b3a2c11"
PRODUCT = "5b1f6a52-7c0e-4d0c-9a53-0f6a1c2d3e41"
SITE = "b7d1c6a0-9a1e-4a55-8f0b-3f1f6f2f9c10"
OTHER_SITE = "e21b7f34-6c0a-4b7d-a8f5-19d3c4b5a6e7"


def instance(**changes: Any) -> dict[str, Any]:
    return {
        "instanceId": INSTANCE,
        "catalogProductId": PRODUCT,
        "siteId": SITE,
        "status": "ENABLED",
        "billingInfo": {"type": "RECURRING", "cycleDuration": {"unit": "YEAR", "count": 1}},
        "countryCode": "DE",
        "createdDate": "2026-11-20T09:14:02.118Z",
        "updatedDate": "2026-11-20T09:16:39.874Z",
    } | changes


def package(**changes: Any) -> dict[str, Any]:
    return {
        "id": PACKAGE,
        "accountId": CUSTOMER,
        "externalId": "ord-2026-000417",
        "productInstances": [instance()],
        "createdDate": "2026-11-20T09:14:02.530Z",
        "updatedDate": "2026-11-20T09:16:40.002Z",
    } | changes


def site(**changes: Any) -> dict[str, Any]:
    return {
        "id": SITE,
        "name": "bakery-example",
        "displayName": "Bäckerei Beispiel",
        "createdDate": "2026-03-02T08:11:45.201Z",
        "updatedDate": "2026-11-18T17:40:03.900Z",
        "published": True,
        "premium": True,
        "viewUrl": "https://www.bakery.example",
        "editUrl": f"/editor/{SITE}",
        "ownerAccountId": CUSTOMER,
        "editorType": "STUDIO",
        "blocked": False,
        "namespace": "WIX",
        "domainConnected": True,
    } | changes


def refusal(code: str, words: str = "Wix says no.") -> dict[str, Any]:
    error = {"code": code, "description": words, "data": {}}
    return {"message": words, "details": {"applicationError": error}}
