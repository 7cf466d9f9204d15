"""What ends a service for good: it wants a reason, the customer's name and the password again."""

from abc import abstractmethod
from functools import cached_property
from typing import Any, TypeVar

from resellers.models import Account, Package, ProductInstance
from resellers.operations.kind import WishT
from resellers.operations.namesakes import attach_distinctions

from .sure import PROOF, Sure, account_name_field, code_field, password_field
from .wish_form import WishForm

EndingT = TypeVar("EndingT", bound=Package | ProductInstance)


class IrreversibleForm(Sure, WishForm[EndingT, WishT]):
    """A wish that Wix offers no way back from."""

    is_final = True

    account_name = account_name_field()
    password = password_field()
    code = code_field()

    field_order = ["account_name", "reason", "password", "code"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.leave_out_proof_not_wanted()

    @classmethod
    def prefilled(cls, wish: WishT) -> dict[str, str]:
        return {}

    def wish(self) -> WishT:
        return self.rules.wish_class()

    @property
    def account(self) -> Account:  # type: ignore[override]
        return self.thing.account

    @property
    @abstractmethod
    def package(self) -> Package:
        """The package whose services are listed: what ends, what stays, what has ended."""

    @cached_property
    def services(self) -> list[ProductInstance]:
        """The package's services that Wix still shows, those that have ended among them."""
        services = list(self.package.instances.present().select_related("product", "site"))
        attach_distinctions(services, beside=("place",))
        return services

    @property
    def living(self) -> int:
        """How many of them have not ended: what has cannot end once more, so it does not count."""
        return sum(not service.is_ended for service in self.services)

    @property
    def hidden_values(self) -> list[tuple[str, str]]:
        return [(name, text) for name, text in super().hidden_values if name not in PROOF]
