"""Where a webhook goes, and what of."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from resellers.models import Webhook, WebhookEvent
from resellers.notify.webhooks import LONGEST_ADDRESS, checked_address


class WebhookForm(forms.Form):
    """A new webhook, or what is to become of one."""

    address = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=LONGEST_ADDRESS,
        help_text=gettext_lazy("What happens is sent there with a POST, as signed JSON."),
        error_messages={"required": gettext_lazy("Write the address to call.")},
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("What is sent"),
        choices=WebhookEvent,
        error_messages={
            "required": gettext_lazy("Choose one at least."),
            "invalid_choice": gettext_lazy("There is no such event."),
        },
    )
    active = forms.BooleanField(label=gettext_lazy("Calls are sent"), required=False)

    def __init__(self, *args: Any, hook: Webhook | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **({"auto_id": "%s"} | kwargs))
        self._hook = hook
        if hook is None:
            del self.fields["active"]

    def clean_address(self) -> str:
        """An address that may be called, and that no other webhook goes to."""
        try:
            address = checked_address(self.cleaned_data["address"])
        except ValueError as error:
            raise ValidationError(str(error)) from error
        others = Webhook.objects.existing().filter(address=address)
        if self._hook is not None:
            others = others.exclude(pk=self._hook.pk)
        if others.exists():
            raise ValidationError(gettext_lazy("There is a webhook to this address already."))
        return address

    @property
    def event_choices(self) -> list[tuple[str, str, bool]]:
        """Each event with its words, and whether it is chosen."""
        chosen = set(self["events"].value() or ())
        return [(str(value), str(words), value in chosen) for value, words in WebhookEvent.choices]
