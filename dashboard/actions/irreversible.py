"""What ends a service for good: it wants a reason, the customer's name and the password again."""

from abc import abstractmethod
from functools import cached_property
from typing import Any, TypeVar

from django import forms

from resellers.folding import plain
from resellers.models import Account, Package, ProductInstance
from resellers.operations.kind import WishT
from resellers.operations.namesakes import attach_distinctions

from .wish_form import WishForm

EndingT = TypeVar("EndingT", bound=Package | ProductInstance)


class IrreversibleForm(WishForm[EndingT, WishT]):
    """A wish that Wix offers no way back from."""

    is_final = True

    account_name = forms.CharField(
        label="Type the account's name",
        max_length=500,
        error_messages={"required": "Type the account's name, to be sure it is this customer."},
    )
    password = forms.CharField(
        label="Your password",
        max_length=500,
        widget=forms.PasswordInput,
        error_messages={"required": "Give your password once more: this cannot be undone."},
    )

    field_order = ["account_name", "reason", "password"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_reauthenticated:
            del self.fields["password"]

    @classmethod
    def prefilled(cls, wish: WishT) -> dict[str, str]:
        return {}

    def wish(self) -> WishT:
        return self.rules.wish_class()

    @property
    def account(self) -> Account:
        return self.thing.account

    @property
    def to_type(self) -> str:
        """What has to be typed: the account's name, or the start of its id where it has none."""
        return self.account.name if self.is_named else self.account.short_id

    @property
    def is_named(self) -> bool:
        """Whether the account's name has anything that can be typed."""
        return bool(plain(self.account.name))

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

    def clean_account_name(self) -> str:
        typed: str = self.cleaned_data["account_name"]
        if plain(typed) != plain(self.to_type):
            raise forms.ValidationError(f"This is not it. Type “{self.to_type}”.", code="wrong")
        return typed

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if self.by is None or not self.by.check_password(password):
            raise forms.ValidationError("This is not your password.", code="wrong")
        return password

    @property
    def wrongly_typed(self) -> list[str]:
        """Of the name and the password: what was typed, and is not it."""
        return [name for name in ("account_name", "password") if self.has_error(name, "wrong")]

    @property
    def hidden_values(self) -> list[tuple[str, str]]:
        return [(name, text) for name, text in super().hidden_values if name != "password"]
