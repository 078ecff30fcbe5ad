"""Form fields that take files; what they are is judged by the operation, by their content."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from mojplin.domain.support.files import MOST_FILES, SentFile

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.heic,.heif,application/pdf,image/jpeg,image/png,image/heic"
PICTURES = ".jpg,.jpeg,.png,.heic,.heif,image/jpeg,image/png,image/heic"
"""Only hints for the file chooser of the browser."""


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        return files.getlist(name) if hasattr(files, "getlist") else []


class SeveralFilesField(forms.Field):
    """Cleans to a list of `SentFile`, as `foundation/uploads.py` is to judge them."""

    widget = SeveralFiles

    def __init__(self) -> None:
        super().__init__(
            label=_("Photos or documents"),
            help_text=_("PDF, JPEG, PNG or HEIC, at most three files of 10 MB. For example a photo of the meter."),
            required=False,
            widget=SeveralFiles(attrs={"accept": ACCEPTED}),
        )

    def clean(self, value: list[UploadedFile]) -> list[SentFile]:
        return [SentFile(each.name or "", each) for each in value[: MOST_FILES + 1]]
