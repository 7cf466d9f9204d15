"""A file to import."""

from django import forms
from django.core.files.uploadedfile import UploadedFile

from resellers.mirror.imports import MAX_BYTES


class UploadForm(forms.Form):
    """A CSV file to import."""

    file = forms.FileField(
        label="CSV file",
        max_length=None,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choose a CSV file.", "invalid": "Choose a CSV file."},
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                f"The file is larger than {MAX_BYTES // 2**20} MiB. Divide it into smaller ones."
            )
        return file
