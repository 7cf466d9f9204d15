"""Pages of packages as Wix sends them, a hundred each: invented, and changed by the same rules."""

import copy
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

PAGE = 100
STATUSES = ("ENABLED",) * 93 + ("CANCELED",) * 3 + ("FAILED",) * 2 + ("PENDING", "AWAITING_ACTION")
SERVICES = (1, 2, 2, 2, 3, 3, 4)  # of a package, 2.4 in the mean
NEWEST = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
Raw = dict[str, Any]


class WixPages:
    """Invented pages, newest first, of customers, sites and products that become fewer new ones."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._products = [self._id() for _ in range(40)]
        self._made_at = NEWEST

    def page(self) -> list[Raw]:
        """A hundred packages that no page before had: four to a customer, who has two sites."""
        packages = []
        for _ in range(PAGE // 4):
            account, sites = self._id(), [self._id(), self._id()]
            packages += [self._package(account, sites) for _ in range(4)]
        return packages

    def changed(self, page: list[Raw], number: int) -> list[Raw]:
        """The same page with so many of its packages changed since: each has one service that is
        on no site any more, or on another one again."""
        answer = copy.deepcopy(page)
        for package in self._chance.sample(answer, number):
            moment = datetime.fromisoformat(package["updatedDate"]) + timedelta(minutes=5)
            package["updatedDate"] = _text(moment)
            service = package["productInstances"][0]
            service["updatedDate"] = package["updatedDate"]
            spare = service.pop("siteId", None)
            if spare is None:
                service["siteId"] = package["productInstances"][-1].get("siteId") or self._id()
        return answer

    def _package(self, account: str, sites: list[str]) -> Raw:
        self._made_at -= timedelta(minutes=7)
        at = _text(self._made_at)
        number = self._chance.randrange(10**7)
        return {
            "id": self._id(),
            "accountId": account,
            "externalId": f"order-{number:07}",
            "createdDate": at,
            "updatedDate": at,
            "productInstances": [
                self._service(sites, at) for _ in range(self._chance.choice(SERVICES))
            ],
        }

    def _service(self, sites: list[str], at: str) -> Raw:
        chance, status = self._chance, self._chance.choice(STATUSES)
        service: Raw = {
            "instanceId": self._id(),
            "catalogProductId": chance.choice(self._products),
            "status": status,
            "billingInfo": {
                "type": "RECURRING",
                "cycleDuration": {"unit": "YEAR", "count": 1},
            },
            "countryCode": "DE",
            "expirationDate": _text(self._made_at + timedelta(days=365)),
            "createdDate": at,
            "updatedDate": at,
        }
        if chance.random() >= 0.1:
            service["siteId"] = chance.choice(sites)
        if status == "FAILED":
            service["failure"] = {"code": "PROVIDER_ERROR", "message": "Not delivered"}
        return service

    def _id(self) -> str:
        return str(UUID(int=self._chance.getrandbits(128), version=4))


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
