"""Being sure: the customer's name and who one is, again, before what cannot be taken back."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.frame.reauthentication import Proof
from resellers.folding import plain
from resellers.models import Account

PROOF = ("password", "code")  # the fields that show who it is
FIELDS = ("account_name", *PROOF)


def account_name_field() -> forms.CharField:
    """What the customer's name is typed into."""
    return forms.CharField(
        label=gettext_lazy("Type the customer's name"),
        max_length=500,
        error_messages={
            "required": gettext_lazy("Type the customer's name, to be sure it is this one.")
        },
    )


def password_field() -> forms.CharField:
    """What one's own password is typed into once more."""
    return forms.CharField(
        label=gettext_lazy("Your password"),
        max_length=500,
        widget=forms.PasswordInput,
        error_messages={
            "required": gettext_lazy("Give your password once more: this cannot be undone.")
        },
    )


def code_field() -> forms.CharField:
    """What a code of the second factor is typed into."""
    return forms.CharField(
        label=gettext_lazy("Code of your second factor"),
        max_length=40,
        error_messages={
            "required": gettext_lazy("Give a code of your app, or one of your recovery codes.")
        },
    )


class Sure(forms.Form):
    """A form with these fields: it holds what was typed against what is so.

    `proof` is what the person has to give to show who they are; None for who gave it lately.
    """

    account: Account
    proof: Proof | None = None

    def leave_out_proof_not_wanted(self) -> None:
        """Take away the fields that this person need not fill in."""
        if not (self.proof and self.proof.wants_password):
            self.fields.pop("password", None)
        if not (self.proof and self.proof.wants_code):
            self.fields.pop("code", None)

    @property
    def to_type(self) -> str:
        """What has to be typed: the account's name, or the start of its id where it has none."""
        return self.account.name if self.is_named else self.account.short_id

    @property
    def is_named(self) -> bool:
        """Whether the account's name has anything that can be typed."""
        return bool(plain(self.account.name))

    def clean_account_name(self) -> str:
        typed: str = self.cleaned_data["account_name"]
        if plain(typed) != plain(self.to_type):
            raise forms.ValidationError(
                _("This is not it. Type “%(to_type)s”.") % {"to_type": self.to_type}, code="wrong"
            )
        return typed

    def clean(self) -> dict[str, Any]:
        """Looks at password and code together, once both are there."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        wanted = [name for name in PROOF if name in self.fields]
        if self.proof and not self.proof.is_possible:
            raise forms.ValidationError(_("Confirm first that it is you, on the page for that."))
        if self.proof and all(name in given for name in wanted):
            texts = (given.get(name, "") for name in PROOF)
            for name, words in self.proof.problems(*texts).items():
                self.add_error(name, forms.ValidationError(words, code="wrong"))
        return given

    @property
    def wrongly_typed(self) -> list[str]:
        """Of the name, the password and the code: what was typed, and is not it."""
        return [name for name in FIELDS if self.has_error(name, "wrong")]
