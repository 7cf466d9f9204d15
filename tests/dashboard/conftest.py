"""What the tests of the pages share: a change to ask for, whatever its kind."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

# Django is set up only after this file is read.
if TYPE_CHECKING:
    from resellers.models import ProductInstance


@dataclass
class Case:
    """A service, what is asked of it, and how to have the plan move under it."""

    instance: "ProductInstance"
    kind: str
    fields: dict[str, str]
    foreign: dict[str, str]  # a target this service may never have
    target: str = ""
    elsewhere: dict[str, object] = field(default_factory=dict)  # what the mirror learns meanwhile

    @property
    def address(self) -> str:
        return f"/instances/{self.instance.pk}/{self.kind}/"


@pytest.fixture(params=["reassign", "adjust"])
def case(request, db):
    from tests import worlds

    if request.param == "reassign":
        instance = worlds.instance()
        target = worlds.site(instance.account, "new-shop")
        return Case(
            instance,
            "reassign",
            {"target_site": str(target.pk)},
            {"target_site": str(worlds.site().pk)},
            "target_site",
            {"site": worlds.site(instance.account, "third-place")},
        )
    instance = worlds.instance()
    target = worlds.product("Bigger Plan")
    return Case(
        instance,
        "adjust",
        {"target_product": str(target.pk), "cycle": "1 YEAR"},
        {"target_product": str(worlds.product("Mailbox", service_type="BUSINESS_MAIL").pk)},
        "target_product",
        {"product": worlds.product("Smaller Plan")},
    )
