"""What Wix wants to know of the person in whose name a domain is registered."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import countries
from resellers.folding import is_one_line, tidy
from resellers.models import RegistrantContact

LONGEST_HOST = 63
CODE = re.compile(r"[A-Z0-9]{2}")


def _text(label: Any, longest: int, help_text: Any = "") -> forms.CharField:
    # Told here and not cut short by the browser, which would drop the end of a pasted text.
    return forms.CharField(
        label=label,
        min_length=2,
        max_length=longest,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ContactForm(forms.Form):
    """A person, in the formats that Wix documents; whether it is true only the registry knows."""

    first_name = _text(gettext_lazy("First name"), 64)
    last_name = _text(gettext_lazy("Last name"), 64)
    email = _text(
        gettext_lazy("E-mail"),
        128,
        gettext_lazy("ICANN writes to it: who does not answer loses the domain."),
    )
    phone = _text(gettext_lazy("Telephone"), 20, gettext_lazy("As +4989123456."))
    address = _text(gettext_lazy("Street and number"), 64)
    postal_code = _text(gettext_lazy("Postal code"), 16)
    city = _text(gettext_lazy("City"), 64)
    country_code = forms.ChoiceField(label=gettext_lazy("Country"))
    subdivision_code = forms.CharField(
        label=gettext_lazy("State, province or region"), required=False
    )

    def __init__(self, data: Any = None, *, contact: RegistrantContact | None = None) -> None:
        held = {name: getattr(contact, name) for name in self.base_fields} if contact else {}
        super().__init__(data, initial=held, auto_id="%s")
        for name in self.base_fields:
            self.fields[name].widget.attrs.pop("maxlength", None)
        named = [(code, countries.country_words(code)) for code in countries.NAMES]
        self.fields["country_code"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a country")),
            *named,
        ]
        self._offer_parts(str(self["country_code"].value() or ""))

    def _offer_parts(self, country: str) -> None:
        """The parts of the chosen country; typed where Wix cannot take the codes of some."""
        field, parts = self.fields["subdivision_code"], countries.subdivisions(country)
        if country in countries.SUBDIVIDED:
            field.help_text = _("Wix registers nothing without it in this country.")
        if not country:
            field.help_text = _("Choose the country first, then show its regions.")
        elif not parts:
            field.help_text = field.help_text or _("This country has none that Wix takes.")
        elif countries.has_other_codes(country):
            field.help_text = _("A code of two letters or digits, since Wix takes no longer one.")
        else:
            names = [(code, f"{name} ({code})") for code, name in parts.items()]
            field.widget = forms.Select(choices=[("", _("None")), *names])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("first_name", "last_name", "phone", "address", "postal_code", "city"):
            if isinstance(cleaned.get(name), str):
                cleaned[name] = tidy(cleaned[name])
                if not is_one_line(cleaned[name]) or len(cleaned[name]) < 2:
                    self.add_error(name, _("Write two characters or more, in one line."))
        self._check_part(cleaned)
        return cleaned

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip()
        name, _at, host = email.partition("@")
        well_written = email.count("@") == 1 and re.fullmatch(r"\S{1,64}", name)
        if not well_written or not re.fullmatch(rf"\S{{1,{LONGEST_HOST}}}", host):
            raise ValidationError(
                _("Write it as name@host.example: at most 64 characters before the @, 63 behind.")
            )
        return email

    def _check_part(self, cleaned: dict[str, Any]) -> None:
        country = cleaned.get("country_code") or ""
        code = str(cleaned.get("subdivision_code") or "").strip().upper()
        cleaned["subdivision_code"] = code
        parts = countries.subdivisions(country)
        if not code:
            if country in countries.SUBDIVIDED:
                self.add_error(
                    "subdivision_code", _("Wix registers nothing without it in this country.")
                )
        elif not CODE.fullmatch(code):
            self.add_error("subdivision_code", _("Write a code of two letters or digits."))
        elif country and code not in parts and not countries.has_other_codes(country):
            self.add_error("subdivision_code", _("This country has no such part: choose one."))
