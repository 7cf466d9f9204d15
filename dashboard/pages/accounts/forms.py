"""What the agency itself knows of a customer."""

from django import forms

from dashboard.pages.imports.forms import SheetForm
from resellers.mirror.imports import CUSTOMERS
from resellers.models import Account


class CustomerForm(SheetForm):
    """What the agency itself knows of a customer; Wix gives ids only."""

    sheet = CUSTOMERS

    name = forms.CharField(
        label="Name",
        max_length=500,
        error_messages={"required": "Write the customer's name, as staff shall read it."},
    )
    email = forms.CharField(
        label="E-mail",
        required=False,
        max_length=320,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
        error_messages={"no_email": "This is no e-mail address. Write it as name@host.example."},
    )
    group = forms.CharField(
        label="Group", required=False, max_length=100, help_text="To filter and export by."
    )
    reference = forms.CharField(
        label="Reference",
        required=False,
        max_length=100,
        help_text="The customer's number in your books.",
    )

    @classmethod
    def of(cls, account: Account) -> "CustomerForm":
        return cls(initial={name: getattr(account, name) for name in cls.base_fields})
