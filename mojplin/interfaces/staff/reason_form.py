"""Why somebody of the office does what the audit log keeps."""

from django import forms
from django.utils.translation import gettext_lazy

from mojplin.foundation.operation_form import OperationForm


class ReasonForm(OperationForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It is kept in the audit log, with your name."),
        max_length=200,
        error_messages={"required": gettext_lazy("Write why, in a few words.")},
        widget=forms.Textarea({"rows": 2}),
    )
