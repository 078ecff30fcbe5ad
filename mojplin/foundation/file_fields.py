"""Form fields that take files, for every door; what the files are is judged by the operation, by their content."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from mojplin.foundation.uploads import LARGEST_BYTES, SentFile

View = Callable[..., HttpResponse]

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.heic,.heif,application/pdf,image/jpeg,image/png,image/heic"
PICTURES = ".jpg,.jpeg,.png,.heic,.heif,image/jpeg,image/png,image/heic"
"""Only hints for the file chooser of the browser."""


def takes_files(*, most: int) -> Callable[[View], View]:
    """Mark a view whose form carries files, at most so many of the size that `foundation/uploads.py` takes."""

    def marked(view: View) -> View:
        view.largest_body = most * LARGEST_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # type: ignore[attr-defined]
        return view

    return marked


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> "list[UploadedFile[Any]]":
        return files.getlist(name) if hasattr(files, "getlist") else []


class SeveralFilesField(forms.Field):
    """Cleans to a list of `SentFile`, at most one more than `most`, so that the operation can refuse it."""

    widget = SeveralFiles

    def __init__(self, *, most: int, help_text: Any) -> None:
        super().__init__(
            label=_("Photos or documents"), help_text=help_text, required=False,
            widget=SeveralFiles(attrs={"accept": ACCEPTED}),
        )  # fmt: skip
        self.most = most

    def clean(self, value: "list[UploadedFile[Any]]") -> list[SentFile]:
        return [SentFile(each.name or "", each) for each in value[: self.most + 1]]
