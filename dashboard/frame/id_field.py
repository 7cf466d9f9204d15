"""A Wix id in a form: a pasted one, or the value of what was chosen."""

from typing import Any
from uuid import UUID

from django import forms

from resellers.wix_ids import as_wix_id


class WixIdField(forms.UUIDField):
    """Only what Wix writes is an id: Django's own field takes much else for one."""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values or isinstance(value, UUID):
            return value or None
        found = as_wix_id(str(value).strip())
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return found
