"""What an admin says of a colleague."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.components.people import person_name
from resellers.folding import is_one_line, tidy
from resellers.models import Role
from resellers.notify.people import staff


class InviteForm(forms.Form):
    """A new colleague."""

    username = forms.CharField(
        label=gettext_lazy("Username"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=gettext_lazy("They log in with it. It stays as it is."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("What colleagues read. They may change it."),
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False, max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role, initial=Role.VIEWER)
    by_mail = forms.BooleanField(
        label=gettext_lazy("Send the link by mail"),
        required=False,
        help_text=gettext_lazy("Otherwise it is shown to you, this once, to hand it over."),
    )

    def __init__(self, *args: Any, may_mail: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s"} | kwargs)
        if not may_mail:
            del self.fields["by_mail"]

    def clean_name(self) -> str:
        name: str = tidy(self.cleaned_data["name"])
        if name and not is_one_line(name):
            raise ValidationError(_("Write the name on one line, without tabs."))
        return name

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("by_mail") and not given.get("email") and "email" in given:
            self.add_error("email", _("Write where the mail shall go."))
        return given


class RoleForm(forms.Form):
    """What a colleague may do."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=Role)
    export = forms.BooleanField(
        label=gettext_lazy("May take lists away as CSV files"), required=False
    )


class LeaveForm(forms.Form):
    """Who goes on with what somebody held who leaves."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("Who goes on with it"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Choose a colleague"),
    )

    def __init__(self, *args: Any, person: User, is_needed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s"} | kwargs)
        able = [one.pk for one in staff() if one.pk != person.pk and _may_work(one)]
        field = self.fields["to"]
        field.queryset = User.objects.filter(pk__in=able).order_by("username")  # type: ignore[attr-defined]
        field.label_from_instance = person_name  # type: ignore[attr-defined]
        field.required = is_needed
        field.error_messages["required"] = _("Choose who goes on with what this person holds.")


def _may_work(person: User) -> bool:
    return person.has_perm("resellers.operate")
