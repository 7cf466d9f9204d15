"""What the agency itself knows of a customer."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from dashboard.components.people import person_name
from dashboard.pages.imports.forms import SheetForm
from resellers.mirror.imports import CUSTOMERS
from resellers.models import Account


class StaffField(forms.ModelChoiceField):
    """One of those who may log in, or nobody."""

    def label_from_instance(self, person: Any) -> str:
        return person_name(person)


class CustomerForm(SheetForm):
    """What the agency itself knows of a customer; Wix gives ids only."""

    sheet = CUSTOMERS

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=500,
        error_messages={
            "required": gettext_lazy("Write the customer's name, as staff shall read it.")
        },
    )
    email = forms.CharField(
        label=gettext_lazy("E-mail"),
        required=False,
        max_length=320,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
        error_messages={
            "no_email": gettext_lazy("This is no e-mail address. Write it as name@host.example.")
        },
    )
    group = forms.CharField(
        label=gettext_lazy("Group"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("To filter and export by."),
    )
    reference = forms.CharField(
        label=gettext_lazy("Reference"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("The customer's number in your books."),
    )

    looked_after_by = StaffField(
        User.objects.none(),
        label=gettext_lazy("Looked after by"),
        required=False,
        empty_label=gettext_lazy("Nobody"),
        to_field_name="username",
        help_text=gettext_lazy("Lists and the daily digest know these customers as theirs."),
        error_messages={
            "invalid_choice": gettext_lazy("Choose somebody who may log in, or nobody.")
        },
    )

    def __init__(self, account: Account, data: QueryDict | None = None) -> None:
        """What is known of the account, or what was typed in its place."""
        super().__init__(data, initial={name: getattr(account, name) for name in self.base_fields})
        # Who looks after them already may be kept, also once they may log in no more.
        staff = User.objects.filter(Q(is_active=True) | Q(pk=account.looked_after_by_id))
        ordered = staff.order_by("first_name", "last_name", "username")
        self.fields["looked_after_by"].queryset = ordered  # type: ignore[attr-defined]
