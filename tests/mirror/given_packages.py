"""Packages as Wix gives them, of one service, for readings that are brought in one by one."""

from datetime import UTC, datetime, timedelta
from typing import Any

from resellers.wix import Package as WixPackage
from resellers.wix.parsing import read_package
from tests import worlds

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def as_wix_gives_it(
    *, package: str = "", account: str = "", minutes: int = 0, **instance: Any
) -> WixPackage:
    """A package of one enabled service on no site, updated so many minutes after START."""
    updated = (START + timedelta(minutes=minutes)).isoformat()
    return read_package(
        {
            "id": package or PACKAGE,
            "accountId": account or ACCOUNT,
            "externalId": "order-1",
            "createdDate": START.isoformat(),
            "updatedDate": updated,
            "productInstances": [
                {
                    "instanceId": INSTANCE,
                    "catalogProductId": PRODUCT,
                    "status": "ENABLED",
                    "updatedDate": updated,
                }
                | instance
            ],
        },
        "package",
    )


PACKAGE, ACCOUNT, INSTANCE, PRODUCT, SITE = (str(worlds.new_id()) for _ in range(5))


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)
