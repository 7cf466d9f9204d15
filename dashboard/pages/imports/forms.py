"""A file to import, and what is typed into the same columns one record at a time."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.mirror.imports import MAX_BYTES, Sheet
from resellers.mirror.imports.problems import Wrong


class UploadForm(forms.Form):
    """A CSV file to import."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        max_length=None,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": gettext_lazy("Choose a CSV file."),
            "invalid": gettext_lazy("Choose a CSV file."),
        },
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(max_bytes)s MiB. Divide it into smaller ones.")
                % {"max_bytes": MAX_BYTES // 2**20}
            )
        return file


class SheetForm(forms.Form):
    """Fields that are columns of a file too: each is read as the import reads it, so that neither
    takes what the other refuses."""

    sheet: Sheet

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, read in self.sheet.columns.items():
            if not isinstance(cleaned.get(name), str):
                continue
            known = self.fields[name].error_messages
            try:
                cleaned[name] = read(cleaned[name])
            except Wrong as wrong:
                self.add_error(name, known.get(wrong.code, wrong.sentence))
            else:
                if self.fields[name].required and not cleaned[name]:
                    self.add_error(name, known["required"])
        return cleaned
