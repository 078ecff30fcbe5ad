"""Forms by which the office answers customers."""

from django import forms
from django.utils.translation import gettext_lazy

from mojplin.domain.accounts.office_answers import LONGEST_REASON, AnswerReasonMissing
from mojplin.foundation.operation_form import OperationForm


class RefuseForm(OperationForm):
    """Why not; the customer reads it word for word."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The customer reads it word for word."),
        max_length=LONGEST_REASON,
        error_messages={"required": AnswerReasonMissing.message},
        widget=forms.Textarea({"rows": 3}),
    )
